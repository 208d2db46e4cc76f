using NetActors.Links;
using NetActors.Observe;

namespace NetActors.Cli.Running;

/// <summary>How a scenario is run.</summary>
internal sealed record RunRequest
{
    /// <summary>Which clock.</summary>
    public ClockKind Clock { get; init; } = ClockKind.Virtual;

    /// <summary>Takes the frames; null for none.</summary>
    public ICaptureSink? Capture { get; init; }

    /// <summary>Takes trace events; null for none.</summary>
    public ITraceSink? Trace { get; init; }

    /// <summary>Takes what TCP's connections are like when segments come; null for none.</summary>
    public ITcpProbeSink? TcpProbe { get; init; }

    /// <summary>The run has seen enough; null to run to its end.</summary>
    public Func<bool>? Enough { get; init; }

    /// <summary>Goes on after the end, for some seconds at most, until no packet is under way.</summary>
    public bool Settles { get; init; }
}
