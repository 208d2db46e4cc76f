using NetActors.Headers;

namespace NetActors.Tcp;

/// <summary>Probes for a larger path MTU (RFC 4821; kernel: <c>tcp_mtu_probe</c>, <c>tcp_mtu_probing</c>).</summary>
public sealed partial class TcpControlBlock
{
    private const int LeastProbingCwnd = 11; // enough to see by duplicates that a probe is lost

    private enum ProbeVerdict
    {
        No, // send as ever
        Wait, // a probe will go soon: nothing is sent before
        Sent,
    }

    private void InitMtuProbing() => _sender.MtuProbe = Sysctls.TcpMtuProbing > 1 ? BeginMtuSearch() : null;

    private TcpMtuProbe BeginMtuSearch() => new()
    {
        SearchLow = MssToMtu(Sysctls.TcpBaseMss),
        SearchHigh = LargestMtu,
        Since = _now,
    };

    /// <summary>What the peer's MSS allows.</summary>
    private int LargestMtu => _mssClamp + TcpHeader.Size + Path.NetworkHeaderLength;

    /// <summary>
    /// Timeouts in a row may mean that large packets vanish unseen: falls back to small ones (RFC 4821 section 7.7; kernel:
    /// <c>tcp_mtu_probing</c>).
    /// </summary>
    private void ProbeBlackHole()
    {
        if (Sysctls.TcpMtuProbing == 0) return;
        if (_sender.MtuProbe is { } probe)
        {
            var mss = Math.Min(Sysctls.TcpBaseMss, MtuToMss(probe.SearchLow) >> 1);
            probe.SearchLow = MssToMtu(Math.Max(mss, Math.Max(Sysctls.TcpMtuProbeFloor, Sysctls.TcpMinSndMss)));
        }
        else
        {
            _sender.MtuProbe = BeginMtuSearch();
        }

        SyncMss(_pmtuCookie);
    }

    /// <summary>Sends a packet of a size in the middle of what is known to arrive and what is not, when that can be told from loss.</summary>
    private ProbeVerdict ProbeMtu()
    {
        if (_sender.MtuProbe is not { Size: 0 } probe || _sender.CaState != TcpCaState.Open || _sender.Cwnd < LeastProbingCwnd ||
            _receiver.Sacks is { Count: > 0 } or { HasDuplicate: true }) return ProbeVerdict.No;
        var size = MtuToMss(probe.Middle);
        if (size > MtuToMss(probe.SearchHigh) || probe.SearchHigh - probe.SearchLow < Math.Max(1, Sysctls.TcpProbeThreshold))
        {
            Reprobe(probe);
            return ProbeVerdict.No;
        }

        var needed = size + ((_sender.Reordering + 1) * _sender.Mss);
        if ((int)(WriteSeq - SndNxt) < needed || _sender.SndWnd < needed) return ProbeVerdict.No;
        if (TcpSeq.After(SndNxt + (uint)needed, _sender.WindowEnd)) return ProbeVerdict.Wait;
        if (_sender.InFlight + 2 > _sender.Cwnd) return _sender.InFlight == 0 ? ProbeVerdict.No : ProbeVerdict.Wait;
        if (_sendBuffer.HasRecordEnd(SndNxt, SndNxt + (uint)size) || _sender.SendQuota(_now) == 0) return ProbeVerdict.No;
        SendMtuProbe(probe, size);
        return ProbeVerdict.Sent;
    }

    private void SendMtuProbe(TcpMtuProbe probe, int size)
    {
        var seq = SndNxt;
        Transmit(seq, size, TcpFlags.Ack, 0, isRetransmission: false);
        _sender.OnMtuProbeSent();
        _sender.OnSent(seq, seq + (uint)size, TcpFlags.Ack, _now, segmentSize: size);
        (probe.Size, probe.Start, probe.End) = (MssToMtu(size), seq, SndNxt);
    }

    /// <summary>The path may have changed since the search ended (kernel: <c>tcp_mtu_check_reprobe</c>).</summary>
    private void Reprobe(TcpMtuProbe probe)
    {
        if (_now - probe.Since < Sysctls.TcpProbeInterval) return;
        (probe.SearchHigh, probe.SearchLow, probe.Since) = (LargestMtu, MssToMtu(CurrentMss()), _now);
    }
}
