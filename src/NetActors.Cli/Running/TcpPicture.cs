using System.Text;
using NetActors.Lab.Connections;
using NetActors.Lab.Pages;

namespace NetActors.Cli.Running;

/// <summary>The picture of one connection that <c>--tcp-plot</c> asks for.</summary>
/// <param name="path">Its file.</param>
/// <param name="wanted">What <c>--tcp-plot-of</c> says; null for the connection that sends most.</param>
/// <param name="hosts">The hosts' names by index.</param>
/// <param name="taken">Files of the same command, with what they are.</param>
internal sealed class TcpPicture(string path, string? wanted, IReadOnlyList<string> hosts, IEnumerable<(string Path, string Use)> taken) : IDisposable
{
    private readonly FileStream _file = OutputFile.Open("--tcp-plot", path, taken);

    /// <summary>What is drawn.</summary>
    public ConnectionTraces Traces { get; } = new(hosts, wanted);

    /// <summary>Draws it. What is wrong; null when nothing is.</summary>
    public string? Write()
    {
        if (Traces.Busiest is not { } trace)
            return $"--tcp-plot: {(wanted is null ? "no segment came for any connection" : $"no connection's name has `{wanted}` in it")}: `{path}` is empty";
        try
        {
            _file.Write(Encoding.UTF8.GetBytes(ConnectionPlot.Of(trace).Svg(isFile: true)));
            _file.Flush();
            return null;
        }
        catch (IOException e)
        {
            return $"--tcp-plot: `{path}` is not whole: {e.Message}";
        }
    }

    /// <inheritdoc />
    public void Dispose() => _file.Dispose();
}
