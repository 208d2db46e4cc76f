using NetActors.Time;

namespace NetActors.Tcp;

/// <summary>What getsockopt(TCP_INFO) and ss tell (kernel: <c>tcp_get_info</c>).</summary>
public sealed partial class TcpControlBlock
{
    /// <summary>All numbers of the connection.</summary>
    public TcpInfo GetInfo(KernelTime now)
    {
        var info = default(TcpInfo);
        _sender.FillInfo(ref info, now);
        info.State = (byte)State;
        info.Probes = (byte)Math.Min(_probesOut, byte.MaxValue);
        if (_probeBackoff > 0) info.Backoff = (byte)_probeBackoff;
        info.Options = NegotiatedOptions;
        (info.SndWscale, info.RcvWscale) = ((byte)_sndWscale, (byte)_receiver.RcvWscale);
        info.Ato = (uint)_acks.Ato.Microseconds;
        info.RcvMss = (uint)_acks.RcvMss;
        info.LastDataSent = Since(_lastDataSent, now);
        info.LastDataRecv = Since(_acks.LastReceived, now);
        info.LastAckRecv = Since(_rcvTstamp, now);
        info.Pmtu = (uint)_pmtuCookie;
        (info.RcvSsthresh, info.RcvWnd) = (_receiver.RcvSsthresh, _receiver.ReceiveWindow);
        info.Advmss = (uint)_receiver.AdvMss;
        (info.RcvRtt, info.RcvSpace) = (_receiver.RttUs8 >> 3, _receiver.SpacePerRtt);
        info.BytesAcked = (ulong)_bytesAcked;
        info.BytesReceived = (ulong)_receiver.BytesReceived;
        (info.BytesSent, info.BytesRetrans) = ((ulong)BytesSent, (ulong)BytesRetransmitted);
        (info.SegsOut, info.SegsIn) = (SegmentsOut, SegmentsIn);
        (info.DataSegsOut, info.DataSegsIn) = (DataSegmentsOut, DataSegmentsIn);
        info.FastopenClientFail = (byte)_fastOpenFailure;
        info.RcvOoopack = (uint)_receiver.OutOfOrderSegments;
        _chrono.Fill(ref info, now);
        if (Accurate is { } accurate) FillAccurateEcn(ref info, accurate);
        return info;
    }

    private static void FillAccurateEcn(ref TcpInfo info, TcpAccurateEcn accurate)
    {
        info.ReceivedCe = accurate.ReceivedCe;
        (info.DeliveredE1Bytes, info.ReceivedE1Bytes) = (accurate.BytesDelivered(EcnCodepoint.Ect1), accurate.BytesReceived(EcnCodepoint.Ect1));
        (info.DeliveredE0Bytes, info.ReceivedE0Bytes) = (accurate.BytesDelivered(EcnCodepoint.Ect0), accurate.BytesReceived(EcnCodepoint.Ect0));
        (info.DeliveredCeBytes, info.ReceivedCeBytes) = (accurate.BytesDelivered(EcnCodepoint.Ce), accurate.BytesReceived(EcnCodepoint.Ce));
        (info.AccurateEcnFailMode, info.AccurateEcnOptionSeen) = ((ushort)accurate.Faults, (ushort)accurate.Seen);
    }

    private TcpInfoOptions NegotiatedOptions =>
        (_timestampsOk ? TcpInfoOptions.Timestamps : 0) | (_sender.SackEnabled ? TcpInfoOptions.Sack : 0) |
        (_windowScaling ? TcpInfoOptions.Wscale : 0) | (_sender.EcnEnabled || Accurate is { IsOn: true } ? TcpInfoOptions.Ecn : 0) |
        (_ecnSeen || Accurate is { HasSeenMark: true } ? TcpInfoOptions.EcnSeen : 0) | (_isSynDataAcked ? TcpInfoOptions.SynData : 0) |
        (_isOfFastOpen ? TcpInfoOptions.FastOpenChild : 0);

    private static uint Since(KernelTime then, KernelTime now) => (uint)((now - then).Nanoseconds / 1_000_000);
}
