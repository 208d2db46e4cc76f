namespace NetActors.Buffers;

/// <summary>
/// Why a packet was freed (kernel: <c>enum skb_drop_reason</c>, include/net/dropreason-core.h; numbers of 6.18 where the kernel has
/// the reason, from 0x1000 where only the emulator has it). Linux's letters, since people search for them.
/// </summary>
public enum SkbDropReason : ushort
{
#pragma warning disable CA1707, CS1591 // the kernel's own names, listed in the specification's section 10
    NOT_DROPPED_YET = 0,
    CONSUMED = 1,
    NOT_SPECIFIED = 2,
    NO_SOCKET = 3,
    SOCKET_FILTER = 5,
    SOCKET_RCVBUFF = 6,
    PKT_TOO_SMALL = 9,
    TCP_CSUM = 10,
    UDP_CSUM = 11,
    NETFILTER_DROP = 12,
    OTHERHOST = 13,
    IP_CSUM = 14,
    IP_INHDR = 15,
    IP_RPFILTER = 16,
    UNICAST_IN_L2_MULTICAST = 17,
    XFRM_POLICY = 18,
    IP_NOPROTO = 19,
    PROTO_MEM = 20,
    SOCKET_BACKLOG = 29,
    TCP_FLAGS = 30,
    TCP_OVERWINDOW = 34,
    TCP_RFC7323_PAWS = 36,
    TCP_RFC7323_TSECR = 39,
    TCP_LISTEN_OVERFLOW = 40,
    TCP_INVALID_ACK_SEQUENCE = 44,
    TCP_RESET = 45,
    TCP_INVALID_SYN = 46,
    TCP_FASTOPEN = 48,
    TC_EGRESS = 62,
    QDISC_DROP = 64,
    QDISC_OVERLIMIT = 65,
    QDISC_CONGESTED = 66,
    FQ_BAND_LIMIT = 68,
    FQ_HORIZON_LIMIT = 69,
    FQ_FLOW_LIMIT = 70,
    CPU_BACKLOG = 71,
    XDP = 72,
    TC_INGRESS = 73,
    UNHANDLED_PROTO = 74,
    SKB_GSO_SEG = 76,
    DEV_HDR = 78,
    DEV_READY = 79,
    FULL_RING = 80,
    NOMEM = 81,
    HDR_TRUNC = 82,
    IP_INADDRERRORS = 87,
    IP_INNOROUTES = 88,
    IP_LOCAL_SOURCE = 89,
    IP_INVALID_SOURCE = 90,
    IP_LOCALNET = 91,
    IP_INVALID_DEST = 92,
    PKT_TOO_BIG = 93,
    DUP_FRAG = 94,
    FRAG_REASM_TIMEOUT = 95,
    IPV6DISABLED = 56,
    NEIGH_CREATEFAIL = 57,
    NEIGH_FAILED = 58,
    NEIGH_QUEUEFULL = 59,
    NEIGH_DEAD = 60,
    IP_INVALID_TTL = 84,
    ICMP_CSUM = 85,
    INVALID_PROTO = 86,
    QUEUE_PURGE = 104,

    /// <summary>The emulated hardware had no descriptor posted: no skb existed on Linux (<c>rx_no_dma_resources</c>).</summary>
    HW_NO_DESCRIPTOR = 0x1000,

    /// <summary>The NIC's packet buffer was full (<c>rx_missed_errors</c>).</summary>
    HW_FIFO_FULL = 0x1001,

    /// <summary>The NIC's MAC filter did not want the frame.</summary>
    HW_MAC_FILTER = 0x1002,

    /// <summary>A flow rule with action -1 dropped the frame (<c>ethtool -N ... action -1</c>).</summary>
    HW_FLOW_RULE = 0x1003,

    /// <summary>The frame was broken on the wire: the NIC's check sequence test failed (<c>rx_crc_errors</c>).</summary>
    HW_CRC = 0x1004,

    /// <summary>The frame was longer or shorter than Ethernet allows (<c>rx_length_errors</c>).</summary>
    HW_LENGTH = 0x1005,

    /// <summary>The wire lost the frame, as the scenario asked.</summary>
    WIRE_LOSS = 0x1006,

    /// <summary>The wire's sender had no room to wait (<c>pause</c> frames or a rate below the load).</summary>
    WIRE_QUEUE_FULL = 0x1007,

    /// <summary>The actor that held the packet failed and its supervisor closed or restarted it.</summary>
    ACTOR_FAILED = 0x1008,

    /// <summary>The host was shut down with the packet still inside.</summary>
    HOST_SHUTDOWN = 0x1009,

    /// <summary>The device was down or the cable pulled.</summary>
    HW_LINK_DOWN = 0x100A,
#pragma warning restore CA1707, CS1591
}
