namespace NetActors.Observe;

/// <summary>Takes what connections are like when segments come. Who has no use for it holds none, so that it costs one test.</summary>
public interface ITcpProbeSink
{
    /// <summary>Takes one event.</summary>
    void Take(in TcpProbeEvent e);
}
