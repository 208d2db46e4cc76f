using NetActors.Observe;

namespace NetActors.Cli.Running;

/// <summary>Lets several threads write one file: in real time every emulated CPU has its own.</summary>
internal sealed class SharedTcpProbe(ITcpProbeSink sink) : ITcpProbeSink
{
    private readonly Lock _one = new();

    /// <inheritdoc />
    public void Take(in TcpProbeEvent e)
    {
        lock (_one) sink.Take(e);
    }
}
