using System.Buffers.Binary;
using NetActors.Time;

namespace NetActors.Sockets;

/// <summary>
/// Options of level SOL_SOCKET that sockets of packets have in common (kernel: fields of <c>struct sock</c>, <c>sk_setsockopt</c>,
/// <c>sk_getsockopt</c>). Those that act on something else, such as buffers, are the socket's own.
/// </summary>
internal sealed class SockOptions
{
    private const int TimevalSize = 16;
    private KernelTime _receiveTimeout = KernelTime.Never;
    private KernelTime _sendTimeout = KernelTime.Never;

    /// <summary>SO_RCVTIMEO; Never for none.</summary>
    public KernelTime ReceiveTimeout => _receiveTimeout;

    /// <summary>SO_SNDTIMEO; Never for none.</summary>
    public KernelTime SendTimeout => _sendTimeout;

    /// <summary>SO_BROADCAST.</summary>
    public bool Broadcast { get; set; }

    /// <summary>SO_PRIORITY.</summary>
    public uint Priority { get; set; }

    /// <summary>SO_MARK.</summary>
    public uint Mark { get; private set; }

    /// <summary>SO_RCVLOWAT; streams only look at it.</summary>
    public int RcvLowat { get; private set; } = 1;

    /// <summary>SO_NO_CHECK: datagrams leave without a checksum.</summary>
    public bool NoCheck { get; private set; }

    /// <summary>SO_RXQ_OVFL: each message says how many were lost before it.</summary>
    public bool RxqOvfl { get; private set; }

    /// <summary>SO_SELECT_ERR_QUEUE: poll says POLLPRI for the error queue.</summary>
    public bool SelectErrQueue { get; private set; }

    /// <summary>SO_ZEROCOPY: MSG_ZEROCOPY is heeded.</summary>
    public bool ZeroCopy { get; set; }

    /// <summary>SO_DONTROUTE.</summary>
    public bool DontRoute { get; private set; }

    /// <summary>Which of SO_TIMESTAMP, SO_TIMESTAMPNS and their new numbers is on; 0 for none.</summary>
    public int Timestamp { get; private set; }

    /// <summary>SO_TIMESTAMPING's flags.</summary>
    public int TimestampingFlags { get; private set; }

    /// <summary>The number by which SO_TIMESTAMPING was set.</summary>
    public int TimestampingOption { get; private set; } = SocketOptions.Timestamping;

    /// <summary>SOF_TIMESTAMPING_RX_SOFTWARE is made and SOF_TIMESTAMPING_SOFTWARE told.</summary>
    public bool WantsReceiveTimestamp => (TimestampingFlags & Sockets.TimestampingFlags.Software) != 0 && (TimestampingFlags & Sockets.TimestampingFlags.RxSoftware) != 0;

    /// <summary>SO_BUSY_POLL, in microseconds.</summary>
    public int BusyPoll { get; private set; }

    /// <summary>SO_PREFER_BUSY_POLL.</summary>
    public bool PreferBusyPoll { get; private set; }

    /// <summary>SO_BUSY_POLL_BUDGET, in packets.</summary>
    public int BusyPollBudget { get; private set; } = 8;

    /// <summary>A new socket, or one that a listener makes, begins so (kernel: <c>sysctl_net_busy_read</c>, <c>sk_clone</c>).</summary>
    public void SetBusyPoll(int usecs, bool prefer = false, int budget = 8) => (BusyPoll, PreferBusyPoll, BusyPollBudget) = (usecs, prefer, budget);

    /// <summary>Takes an option over. Null when it is none of these.</summary>
    /// <returns>None; EINVAL for a short or bad value, EDOM for microseconds that are none.</returns>
    public Errno? TrySet(int option, ReadOnlySpan<byte> value)
    {
        if (option == SocketOptions.RcvTimeo) return SetTime(value, ref _receiveTimeout);
        if (option == SocketOptions.SndTimeo) return SetTime(value, ref _sendTimeout);
        if (!SocketOptions.TryReadInt(value, out var number)) return Errno.EINVAL;
        switch (option)
        {
            case SocketOptions.BroadcastOption: Broadcast = number != 0; break;
            case SocketOptions.Priority: Priority = (uint)number; break;
            case SocketOptions.Mark: Mark = (uint)number; break;
            case SocketOptions.RcvLowat: RcvLowat = number < 0 ? int.MaxValue : Math.Max(number, 1); break;
            case SocketOptions.NoCheck: NoCheck = number != 0; break;
            case SocketOptions.RxqOvfl: RxqOvfl = number != 0; break;
            case SocketOptions.SelectErrQueue: SelectErrQueue = number != 0; break;
            case SocketOptions.DontRoute: DontRoute = number != 0; break;
            case SocketOptions.Timestamp or SocketOptions.TimestampNs or SocketOptions.TimestampNew or SocketOptions.TimestampNsNew:
                Timestamp = number != 0 ? option : 0;
                break;
            case SocketOptions.Timestamping or SocketOptions.TimestampingNew when (number & ~Sockets.TimestampingFlags.All) != 0: return Errno.EINVAL;
            case SocketOptions.Timestamping or SocketOptions.TimestampingNew: (TimestampingFlags, TimestampingOption) = (number, option); break;
            case SocketOptions.ZeroCopy when number is < 0 or > 1: return Errno.EINVAL;
            case SocketOptions.ZeroCopy: ZeroCopy = number != 0; break;
            case SocketOptions.BusyPoll when number < 0: return Errno.EINVAL;
            case SocketOptions.BusyPoll: BusyPoll = number; break;
            case SocketOptions.PreferBusyPoll: PreferBusyPoll = number != 0; break;
            case SocketOptions.BusyPollBudget when number is < 0 or > ushort.MaxValue: return Errno.EINVAL;
            case SocketOptions.BusyPollBudget: BusyPollBudget = number; break;
            case SocketOptions.KeepAlive or SocketOptions.OobInline or SocketOptions.Linger: break; // taken; only streams act on them
            default: return null;
        }

        return Errno.None;
    }

    /// <summary>The value of an option; null when it is none of these.</summary>
    public byte[]? TryGet(int option) => option switch
    {
        SocketOptions.RcvTimeo => Timeval(_receiveTimeout),
        SocketOptions.SndTimeo => Timeval(_sendTimeout),
        SocketOptions.BroadcastOption => Flag(Broadcast),
        SocketOptions.Priority => SocketOptions.Int((int)Priority),
        SocketOptions.Mark => SocketOptions.Int((int)Mark),
        SocketOptions.RcvLowat => SocketOptions.Int(RcvLowat),
        SocketOptions.NoCheck => Flag(NoCheck),
        SocketOptions.RxqOvfl => Flag(RxqOvfl),
        SocketOptions.SelectErrQueue => Flag(SelectErrQueue),
        SocketOptions.DontRoute => Flag(DontRoute),
        SocketOptions.ZeroCopy => Flag(ZeroCopy),
        SocketOptions.BusyPoll => SocketOptions.Int(BusyPoll),
        SocketOptions.PreferBusyPoll => Flag(PreferBusyPoll),
        SocketOptions.BusyPollBudget => SocketOptions.Int(BusyPollBudget),
        SocketOptions.Timestamp or SocketOptions.TimestampNs or SocketOptions.TimestampNew or SocketOptions.TimestampNsNew => Flag(Timestamp == option),
        SocketOptions.Timestamping or SocketOptions.TimestampingNew => SocketOptions.Int(TimestampingOption == option ? TimestampingFlags : 0),
        SocketOptions.Linger => new byte[8],
        SocketOptions.AcceptConn or SocketOptions.KeepAlive or SocketOptions.OobInline => SocketOptions.Int(0),
        _ => null,
    };

    /// <summary>Reads <c>struct timeval</c>; no time is for ever, a negative one none (kernel: <c>sock_set_timeout</c>).</summary>
    public static Errno SetTime(ReadOnlySpan<byte> value, ref KernelTime timeout)
    {
        if (value.Length < TimevalSize) return Errno.EINVAL;
        var (seconds, micros) = (BinaryPrimitives.ReadInt64LittleEndian(value), BinaryPrimitives.ReadInt64LittleEndian(value[8..]));
        if (micros is < 0 or >= 1_000_000) return Errno.EDOM;
        if (seconds < 0) timeout = KernelTime.Zero;
        else if ((seconds == 0 && micros == 0) || seconds > int.MaxValue) timeout = KernelTime.Never;
        else timeout = KernelTime.FromMicroseconds((seconds * 1_000_000) + micros);
        return Errno.None;
    }

    /// <summary>A timeout as <c>struct timeval</c>.</summary>
    public static byte[] Timeval(KernelTime time)
    {
        var value = new byte[TimevalSize];
        var micros = time.IsNever ? 0 : time.Microseconds;
        BinaryPrimitives.WriteInt64LittleEndian(value, micros / 1_000_000);
        BinaryPrimitives.WriteInt64LittleEndian(value.AsSpan(8), micros % 1_000_000);
        return value;
    }

    private static byte[] Flag(bool on) => SocketOptions.Int(on ? 1 : 0);
}
