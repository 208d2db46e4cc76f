using NetActors.Buffers;
using NetActors.Hosts;
using NetActors.Observe;

namespace NetActors.Tcp;

/// <summary>TCP's trace points: what a segment finds, and how a connection walks through its states.</summary>
internal static class TcpTrace
{
    /// <summary>A segment has come and was not looked at yet (kernel: <c>tcp_probe</c> in <c>tcp_rcv_established</c>, here in every state).</summary>
    public static void Probe(HostCpu cpu, TcpSocket socket, TcpControlBlock block, SkBuff skb)
    {
        var (sender, ssthresh) = (block.Sender, block.Sender.Congestion.CurrentSsthresh);
        var srtt = sender.Rtt.Srtt.Microseconds;
        if (cpu.Trace is not null)
            cpu.Emit(TracePoint.tcp_probe, skb, Halves(ssthresh, sender.Cwnd), Halves(socket.Inode, srtt));
        if (cpu.TcpProbe is null) return;
        var end = socket.Endpoint;
        cpu.TcpProbe.Take(new TcpProbeEvent
        {
            Time = cpu.Cpu.Now,
            Host = cpu.HostIndex,
            LocalAddress = end.LocalAddress,
            LocalPort = end.LocalPort,
            RemoteAddress = end.RemoteAddress,
            RemotePort = end.RemotePort,
            State = (int)block.State,
            SndNxt = block.SndNxt,
            SndUna = block.SndUna,
            Cwnd = sender.Cwnd,
            Ssthresh = ssthresh,
            SndWnd = sender.SndWnd,
            SrttUs = srtt,
            RcvWnd = block.ReceiveWindow,
            RtoUs = sender.Rtt.Rto.Microseconds,
            InFlight = sender.InFlight,
        });
    }

    /// <summary>The states that a connection went through since it was last asked.</summary>
    public static void Walk(HostCpu cpu, TcpSocket socket, TcpControlBlock block)
    {
        var walk = block.TakeWalk();
        if (walk == 0) return;
        var shift = 60 - (System.Numerics.BitOperations.LeadingZeroCount(walk) & ~3); // of the first
        for (; shift >= 4; shift -= 4)
            SetState(cpu, socket, (TcpState)((walk >> shift) & 0xF), (TcpState)((walk >> (shift - 4)) & 0xF));
    }

    /// <summary>A socket goes from one state to another (kernel: <c>inet_sock_set_state</c>).</summary>
    public static void SetState(HostCpu cpu, TcpSocket socket, TcpState old, TcpState next)
    {
        var end = socket.Endpoint;
        cpu.Emit(
            TracePoint.inet_sock_set_state, null, ((long)end.LocalPort << 16) | end.RemotePort, (socket.Inode << 16) | ((long)old << 8) | (long)next);
    }

    private static long Halves(long high, long low) => (high << 32) | (uint)low;
}
