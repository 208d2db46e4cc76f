using NetActors.Time;

namespace NetActors.Tcp;

/// <summary>Numbers that the kernel fixes at compile time (include/net/tcp.h).</summary>
internal static class TcpConstants
{
    /// <summary>MSS of a peer that names none (<c>TCP_MSS_DEFAULT</c>, RFC 9293 section 3.7.1).</summary>
    internal const int MssDefault = 536;

    /// <summary>Least MSS that a peer may name (<c>TCP_MIN_MSS</c>).</summary>
    internal const int MinMss = 88;

    /// <summary>Segments of the first window (<c>TCP_INIT_CWND</c>, RFC 6928).</summary>
    internal const int InitCwnd = 10;

    /// <summary>Quick ACKs at the begin of a connection (<c>TCP_MAX_QUICKACKS</c>).</summary>
    internal const int MaxQuickAcks = 16;

    /// <summary>Largest window without scaling for peers that take it as signed (<c>MAX_TCP_WINDOW</c>).</summary>
    internal const int MaxSignedWindow = 32_767;

    /// <summary>Bytes of a header with time stamps (<c>TCPOLEN_TSTAMP_ALIGNED</c> on top of 20).</summary>
    internal const int TimestampsLength = 12;

    /// <summary>SACK blocks kept (<c>TCP_NUM_SACKS</c>).</summary>
    internal const int NumSacks = 4;

    /// <summary>Room for headers of a sent packet (<c>MAX_TCP_HEADER</c> on x86-64 distributions).</summary>
    internal const int MaxHeader = 320;

    /// <summary><c>sizeof(struct sk_buff)</c>, aligned.</summary>
    internal const int SkbStruct = 256;

    /// <summary><c>sizeof(struct skb_shared_info)</c>, aligned.</summary>
    internal const int SkbSharedInfo = 320;

    /// <summary>Truesize of an sk_buff in the send queue without its payload (<c>SKB_TRUESIZE(MAX_TCP_HEADER)</c>, rounded).</summary>
    internal const int SendSkbOverhead = 1280;

    /// <summary>Truesize of an sk_buff with one byte (<c>SKB_TRUESIZE(1)</c>).</summary>
    internal const int SkbTrueSizeOfOne = SkbStruct + SkbSharedInfo + 1;

    /// <summary>Fragments of one sk_buff (<c>MAX_SKB_FRAGS</c>).</summary>
    internal const int MaxSkbFrags = 17;

    /// <summary>Least SO_RCVBUF (<c>SOCK_MIN_RCVBUF</c>).</summary>
    internal const int MinRcvBuf = 2304;

    /// <summary>Least SO_SNDBUF (<c>SOCK_MIN_SNDBUF</c>).</summary>
    internal const int MinSndBuf = 4608;

    /// <summary>Shift between truesize and window (<c>TCP_RMEM_TO_WIN_SCALE</c>).</summary>
    internal const int RmemToWinScale = 8;

    /// <summary>Half of a buffer is window until segments show better (<c>TCP_DEFAULT_SCALING_RATIO</c>).</summary>
    internal const byte DefaultScalingRatio = 1 << (RmemToWinScale - 1);

    /// <summary>Least time of a delayed ACK (<c>TCP_ATO_MIN</c>, <c>TCP_DELACK_MIN</c>).</summary>
    internal static readonly KernelTime AtoMin = KernelTime.FromMilliseconds(40);

    /// <summary>Longest time of a delayed ACK (<c>TCP_DELACK_MAX</c>).</summary>
    internal static readonly KernelTime DelackMax = KernelTime.FromMilliseconds(200);

    /// <summary>Length of TIME_WAIT (<c>TCP_TIMEWAIT_LEN</c>).</summary>
    internal static readonly KernelTime TimeWaitLength = KernelTime.FromSeconds(60);

    /// <summary>Timeout before the first round trip is measured (<c>TCP_TIMEOUT_INIT</c>, RFC 6298).</summary>
    internal static readonly KernelTime TimeoutInit = KernelTime.FromSeconds(1);

    /// <summary>After this long a timestamp says nothing about age (<c>TCP_PAWS_WRAP</c>).</summary>
    internal static readonly KernelTime PawsWrap = KernelTime.FromSeconds(24 * 24 * 3600);

    /// <summary>How long TIME_WAIT entries keep a peer's timestamp apart (<c>TCP_PAWS_MSL</c>).</summary>
    internal static readonly KernelTime PawsMsl = KernelTime.FromSeconds(60);
}
