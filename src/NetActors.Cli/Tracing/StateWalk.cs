using NetActors.Observe;
using NetActors.Tcp;

namespace NetActors.Cli.Tracing;

/// <summary>
/// Follows both ends of one connection through the states: the one whose active end has a given port, or the first that is opened. Known
/// by its two ports, of which the active one is an ephemeral one.
/// </summary>
internal sealed class StateWalk(int port) : ITraceSink
{
    private readonly List<StateStep> _steps = [];
    private readonly HashSet<int> _open = [];

    /// <summary>What was seen, in the order of time.</summary>
    public IReadOnlyList<StateStep> Steps => [.. _steps.OrderBy(step => step.Time)];

    /// <summary>The active end was seen to open.</summary>
    public bool IsFound => _steps.Count > 0;

    /// <summary>Both ends have closed.</summary>
    public bool IsOver => _steps.Count > 1 && _open.Count == 0;

    /// <inheritdoc />
    public void Emit(in TraceEvent e)
    {
        if (e.Point != TracePoint.inet_sock_set_state) return;
        var step = new StateStep(
            e.Time, e.Host, (int)(e.Arg1 >> 16), (int)(e.Arg1 & 0xFFFF), (TcpState)((e.Arg2 >> 8) & 0xFF), (TcpState)(e.Arg2 & 0xFF));
        if (!IsFound)
        {
            if (step is not { Old: TcpState.Close, New: TcpState.SynSent } || (port != 0 && step.Port != port)) return;
        }
        else
        {
            var first = _steps[0];
            var isActive = (step.Host, step.Port, step.PeerPort) == (first.Host, first.Port, first.PeerPort);
            if (!isActive && (step.Port, step.PeerPort) != (first.PeerPort, first.Port)) return;
            if (step.Old == TcpState.Close && _open.Count == 0) return; // the ports are used again
        }

        _steps.Add(step);
        if (step.New == TcpState.Close) _open.Remove(step.Port);
        else _open.Add(step.Port);
    }
}
