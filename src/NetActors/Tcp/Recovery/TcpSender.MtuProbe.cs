using NetActors.Observe;
using NetActors.Time;

namespace NetActors.Tcp;

/// <summary>What acknowledgements say of probes of the path MTU (kernel: <c>tcp_mtup_probe_success</c>, <c>tcp_mtup_probe_failed</c>).</summary>
public sealed partial class TcpSender
{
    /// <summary>The search for the path MTU; null while there is none.</summary>
    internal TcpMtuProbe? MtuProbe { get; set; }

    /// <summary>Bytes of the IP and TCP headers of a segment.</summary>
    internal int HeaderBytes { get; set; }

    /// <summary>A probe left, which is as good as two packets (kernel: <c>tcp_mtu_probe</c>).</summary>
    internal void OnMtuProbeSent() => _state.Cwnd--;

    /// <summary>The window keeps its bytes in the larger segments.</summary>
    private void CheckMtuProbe()
    {
        if (MtuProbe is not { Size: > 0 } probe || TcpSeq.After(probe.End, SndUna)) return;
        _priorSsthresh = _state.CurrentSsthresh;
        _state.Cwnd = (int)Math.Max(1, (long)_state.Cwnd * (Mss + HeaderBytes) / probe.Size);
        _state.CwndCount = 0;
        _cwndStamp = _state.NowJiffies;
        _state.Ssthresh = _state.CurrentSsthresh;
        probe.Succeed();
        Count(LinuxMib.TCPMTUPSuccess);
    }

    /// <summary>Is the probe what is lost? Then the path is no more congested than before: it goes again in segments that fit.</summary>
    private bool IsMtuProbeLost()
    {
        if (MtuProbe is not { Size: > 0 } probe || CaState >= TcpCaState.CWR || SndUna != probe.Start) return false;
        probe.Fail();
        Count(LinuxMib.TCPMTUPFail);
        _state.Cwnd++; // what OnMtuProbeSent took
        OnMtuReduced(Mss, KernelTime.FromNanoseconds(_state.NowNs));
        return true;
    }
}
