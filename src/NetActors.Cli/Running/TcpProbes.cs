using NetActors.Observe;

namespace NetActors.Cli.Running;

/// <summary>Tells several what connections are like over time.</summary>
internal sealed class TcpProbes(IReadOnlyList<ITcpProbeSink> sinks) : ITcpProbeSink
{
    /// <summary>One for those that are there; null for none.</summary>
    public static ITcpProbeSink? Of(params ITcpProbeSink?[] sinks)
    {
        ITcpProbeSink[] there = [.. sinks.OfType<ITcpProbeSink>()];
        return there.Length > 1 ? new TcpProbes(there) : there.FirstOrDefault();
    }

    /// <inheritdoc />
    public void Take(in TcpProbeEvent e)
    {
        foreach (var sink in sinks) sink.Take(e);
    }
}
