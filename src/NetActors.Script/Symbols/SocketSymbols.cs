namespace NetActors.Script.Symbols;

/// <summary>
/// Families, socket types, protocols, levels, message flags and requests (include/linux/socket.h, include/uapi/linux/in.h).
/// </summary>
internal static class SocketSymbols
{
    public static readonly (string Name, long Value)[] All =
    [
        ("AF_UNSPEC", 0), ("AF_UNIX", 1), ("AF_INET", 2), ("AF_INET6", 10), ("AF_NETLINK", 16), ("AF_PACKET", 17),
        ("PF_UNSPEC", 0), ("PF_UNIX", 1), ("PF_INET", 2), ("PF_INET6", 10), ("PF_PACKET", 17),
        ("SOCK_STREAM", 1), ("SOCK_DGRAM", 2), ("SOCK_RAW", 3), ("SOCK_RDM", 4), ("SOCK_SEQPACKET", 5), ("SOCK_PACKET", 10),
        ("SOCK_NONBLOCK", 0x800), ("SOCK_CLOEXEC", 0x80000),
        ("IPPROTO_IP", 0), ("IPPROTO_ICMP", 1), ("IPPROTO_IGMP", 2), ("IPPROTO_IPIP", 4), ("IPPROTO_TCP", 6), ("IPPROTO_UDP", 17),
        ("IPPROTO_DCCP", 33), ("IPPROTO_IPV6", 41), ("IPPROTO_GRE", 47), ("IPPROTO_ESP", 50), ("IPPROTO_ICMPV6", 58), ("IPPROTO_SCTP", 132),
        ("IPPROTO_UDPLITE", 136), ("IPPROTO_RAW", 255), ("IPPROTO_MPTCP", 262),
        ("SOL_SOCKET", 1), ("SOL_IP", 0), ("SOL_TCP", 6), ("SOL_UDP", 17), ("SOL_IPV6", 41), ("SOL_ICMPV6", 58), ("SOL_RAW", 255),
        ("SHUT_RD", 0), ("SHUT_WR", 1), ("SHUT_RDWR", 2), ("SOMAXCONN", 4096),
        ("MSG_OOB", 0x1), ("MSG_PEEK", 0x2), ("MSG_DONTROUTE", 0x4), ("MSG_CTRUNC", 0x8), ("MSG_PROXY", 0x10), ("MSG_TRUNC", 0x20),
        ("MSG_DONTWAIT", 0x40), ("MSG_EOR", 0x80), ("MSG_WAITALL", 0x100), ("MSG_FIN", 0x200), ("MSG_SYN", 0x400), ("MSG_CONFIRM", 0x800),
        ("MSG_RST", 0x1000), ("MSG_ERRQUEUE", 0x2000), ("MSG_NOSIGNAL", 0x4000), ("MSG_MORE", 0x8000), ("MSG_WAITFORONE", 0x10000),
        ("MSG_SOCK_DEVMEM", 0x2000000), ("MSG_ZEROCOPY", 0x4000000), ("MSG_FASTOPEN", 0x20000000), ("MSG_CMSG_CLOEXEC", 0x40000000),
        ("SIOCINQ", 0x541B), ("FIONREAD", 0x541B), ("SIOCOUTQ", 0x5411), ("TIOCOUTQ", 0x5411), ("SIOCOUTQNSD", 0x894B), ("FIONBIO", 0x5421),
        ("SIOCATMARK", 0x8905),
        ("INADDR_ANY", 0), ("INADDR_LOOPBACK", 0x7F000001),
    ];
}
