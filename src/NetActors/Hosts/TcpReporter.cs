using NetActors.Headers;
using NetActors.Observe;
using NetActors.Tcp;
using NetActors.Time;

namespace NetActors.Hosts;

/// <summary>Takes the figures of a host's TCP as immutable records (kernel: net/ipv4/tcp_diag.c, <c>tcp4_seq_show</c>).</summary>
internal static class TcpReporter
{

    /// <summary>What the tables lead to, in their order.</summary>
    public static IReadOnlyList<TcpSocketSnapshot> Sockets(Host host)
    {
        var (tcp, now) = (host.Stack.Tcp, Latest(host));
        var sockets = new List<TcpSocketSnapshot>();
        foreach (var entry in tcp.Tables.Walk())
        {
            switch (entry)
            {
                case TimeWaitSock timeWait: sockets.Add(Of(timeWait, now)); break;
                case RequestSock request: sockets.Add(Of(request, now)); break;
                case TcpEndpoint { Owner: TcpSocket { Listener: { } listener } socket }: sockets.Add(Of(socket, listener, tcp)); break;
                case TcpEndpoint { Owner: TcpSocket { Block: { } block } socket }: sockets.Add(Of(socket, block, tcp, now)); break;
                default: break; // a bound socket that is on its way to be one of them
            }
        }

        return sockets;
    }

    /// <summary>How many sockets there are.</summary>
    public static SockstatSnapshot Sockstat(Host host, IReadOnlyList<TcpSocketSnapshot> sockets)
    {
        var (stack, tcp) = (host.Stack, host.Stack.Tcp);
        var datagrams = host.DatagramSockets.Where(s => !s.IsClosed).ToList(); // of a copy: in real time programs open more meanwhile
        return new SockstatSnapshot
        {
            Used = tcp.Allocated + datagrams.Count,
            TcpInuse = sockets.Count(s => s.Info is not null),
            TcpOrphan = tcp.Context.Orphans,
            TcpTw = sockets.Count(s => s.Timer == TcpTimer.Timewait),
            TcpAlloc = tcp.Allocated,
            TcpMem = tcp.Context.Memory.AllocatedPages,
            UdpInuse = datagrams.Count(s => s is Udp.UdpSocket { Endpoint.IsBound: true }),
            UdpMem = stack.UdpMemory.AllocatedPages,
            FragInuse = stack.Fragments.InUse,
            FragMemory = stack.Fragments.Memory,
        };
    }

    /// <summary>The state in ss's words.</summary>
    public static string Word(TcpState state) => state switch
    {
        TcpState.Established => "ESTAB",
        TcpState.SynSent => "SYN-SENT",
        TcpState.SynRecv or TcpState.NewSynRecv => "SYN-RECV",
        TcpState.FinWait1 => "FIN-WAIT-1",
        TcpState.FinWait2 => "FIN-WAIT-2",
        TcpState.TimeWait => "TIME-WAIT",
        TcpState.CloseWait => "CLOSE-WAIT",
        TcpState.LastAck => "LAST-ACK",
        TcpState.Listen => "LISTEN",
        TcpState.Closing => "CLOSING",
        _ => "UNCONN",
    };

    /// <summary>An address and port as people write them.</summary>
    public static string End(uint address, ushort port) => $"{Ipv4Address.Format(address)}:{port}";

    private static TcpSocketSnapshot Of(TimeWaitSock entry, KernelTime now) => new()
    {
        State = Word(((TcpTimeWait)entry.State).Substate),
        Local = End(entry.LocalAddress, entry.LocalPort),
        Remote = End(entry.RemoteAddress, entry.RemotePort),
        Timer = TcpTimer.Timewait,
        TimerNs = Until(entry.Deadline, now),
    };

    private static TcpSocketSnapshot Of(RequestSock request, KernelTime now) => new()
    {
        State = Word(TcpState.SynRecv),
        Local = End(request.LocalAddress, request.LocalPort),
        Remote = End(request.RemoteAddress, request.RemotePort),
        Timer = TcpTimer.On,
        TimerNs = Until(request.Deadline, now),
        Retransmits = request.Timeouts,
    };

    private static TcpSocketSnapshot Of(TcpSocket socket, TcpListenerCore listener, TcpHost tcp) => new()
    {
        State = Word(TcpState.Listen),
        Local = End(socket.Endpoint.LocalAddress, socket.Endpoint.LocalPort),
        Inode = socket.Inode,
        RecvQ = listener.AcceptQueueLength,
        SendQ = listener.Backlog,
        FastOpenQueue = listener.FastOpen.MaxLength,
        Memory = new TcpMemorySnapshot(
            0,
            socket.Options.RcvBuf > 0 ? socket.Options.RcvBuf : tcp.Sysctls.TcpRmem.Default,
            socket.Options.SndBuf > 0 ? socket.Options.SndBuf : tcp.Sysctls.TcpWmem.Default,
            0,
            socket.BacklogDrops),
        Info = new TcpInfoSnapshot // of a listener, two fields tell of its queue (tcp_get_info)
        {
            Congestion = socket.Options.Congestion ?? tcp.Sysctls.TcpCongestionControl,
            Unacked = listener.AcceptQueueLength,
            Sacked = listener.Backlog,
            SndCwnd = tcp.Sender.InitialCwnd,
            Reordering = tcp.Sender.Reordering,
        },
    };

    private static TcpSocketSnapshot Of(TcpSocket socket, TcpControlBlock block, TcpHost tcp, KernelTime now)
    {
        var end = socket.Endpoint;
        var timer = block.PendingTimer(out var due);
        return new TcpSocketSnapshot
        {
            State = Word(block.State),
            Local = End(end.LocalAddress, end.LocalPort),
            Remote = End(end.RemoteAddress, end.RemotePort),
            Inode = socket.Descriptors > 0 && !socket.IsClosed ? socket.Inode : 0,
            RecvQ = block.RcvNxt - block.CopiedSeq,
            SendQ = block.WriteSeq - block.SndUna,
            Timer = timer,
            TimerNs = timer == TcpTimer.Off ? 0 : Until(due, now),
            Retransmits = block.Sender.Retransmits,
            Probes = block.ProbesOut,
            Quick = block.QuickAcks,
            Pingpong = block.IsPingpong,
            Memory = block.Memory(socket.BacklogDrops),
            Info = Of(block.GetInfo(now), block.Sender),
        };
    }

    private static TcpInfoSnapshot Of(in TcpInfo info, TcpSender sender)
    {
        return new TcpInfoSnapshot
        {
            Congestion = sender.CongestionControl.Name,
            CongestionDetail = Detail(sender),
            Timestamps = (info.Options & TcpInfoOptions.Timestamps) != 0,
            Sack = (info.Options & TcpInfoOptions.Sack) != 0,
            Wscale = (info.Options & TcpInfoOptions.Wscale) != 0,
            Ecn = (info.Options & TcpInfoOptions.Ecn) != 0,
            EcnSeen = (info.Options & TcpInfoOptions.EcnSeen) != 0,
            SynData = (info.Options & TcpInfoOptions.SynData) != 0,
            CaState = info.CaState,
            Retransmits = info.Retransmits,
            Probes = info.Probes,
            Backoff = info.Backoff,
            SndWscale = info.SndWscale,
            RcvWscale = info.RcvWscale,
            DeliveryRateAppLimited = info.DeliveryRateAppLimited,
            FastopenClientFail = info.FastopenClientFail,
            Rto = info.Rto,
            Ato = info.Ato,
            SndMss = info.SndMss,
            RcvMss = info.RcvMss,
            Unacked = info.Unacked,
            Sacked = info.Sacked,
            Lost = info.Lost,
            Retrans = info.Retrans,
            Fackets = info.Fackets,
            LastDataSent = info.LastDataSent,
            LastAckSent = info.LastAckSent,
            LastDataRecv = info.LastDataRecv,
            LastAckRecv = info.LastAckRecv,
            Pmtu = info.Pmtu,
            RcvSsthresh = info.RcvSsthresh,
            Rtt = info.Rtt,
            Rttvar = info.Rttvar,
            SndSsthresh = info.SndSsthresh,
            SndCwnd = info.SndCwnd,
            Advmss = info.Advmss,
            Reordering = info.Reordering,
            RcvRtt = info.RcvRtt,
            RcvSpace = info.RcvSpace,
            TotalRetrans = info.TotalRetrans,
            PacingRate = info.PacingRate,
            MaxPacingRate = info.MaxPacingRate,
            BytesAcked = info.BytesAcked,
            BytesReceived = info.BytesReceived,
            SegsOut = info.SegsOut,
            SegsIn = info.SegsIn,
            NotsentBytes = info.NotsentBytes,
            MinRtt = info.MinRtt,
            DataSegsIn = info.DataSegsIn,
            DataSegsOut = info.DataSegsOut,
            DeliveryRate = info.DeliveryRate,
            BusyTime = info.BusyTime,
            RwndLimited = info.RwndLimited,
            SndbufLimited = info.SndbufLimited,
            Delivered = info.Delivered,
            DeliveredCe = info.DeliveredCe,
            BytesSent = info.BytesSent,
            BytesRetrans = info.BytesRetrans,
            DsackDups = info.DsackDups,
            ReordSeen = info.ReordSeen,
            RcvOoopack = info.RcvOoopack,
            SndWnd = info.SndWnd,
            RcvWnd = info.RcvWnd,
            Rehash = info.Rehash,
            TotalRto = info.TotalRto,
            TotalRtoRecoveries = info.TotalRtoRecoveries,
            TotalRtoTime = info.TotalRtoTime,
        };
    }

    private static string Detail(TcpSender sender)
    {
        if (sender.CongestionControl is not Bbr bbr) return "";
        FormattableString text =
            $"bbr:(bw:{bbr.Bandwidth(sender.Congestion) * 8}bps,mrtt:{bbr.MinRttUs / 1000.0:g6},pacing_gain:{bbr.PacingGain / (double)Bbr.Unit:g6},cwnd_gain:{bbr.CwndGain / (double)Bbr.Unit:g6})";
        return FormattableString.Invariant(text);
    }

    /// <summary>A CPU's clock may be ahead of the simulation's: what it did must not lie in the future.</summary>
    private static KernelTime Latest(Host host)
    {
        var now = KernelTime.FromNanoseconds(host.Cpus[0].Cpu.Layer.GlobalNow);
        foreach (var cpu in host.Cpus) now = KernelTime.Max(now, cpu.Cpu.Now);
        return now;
    }

    private static long Until(KernelTime due, KernelTime now) => due.IsNever || due <= now ? 0 : (due - now).Nanoseconds;
}
