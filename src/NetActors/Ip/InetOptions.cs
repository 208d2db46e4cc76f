using System.Buffers.Binary;
using NetActors.Sockets;

namespace NetActors.Ip;

/// <summary>Options of level SOL_IP of a socket (kernel: <c>struct inet_sock</c>, <c>do_ip_setsockopt</c>, <c>do_ip_getsockopt</c>).</summary>
/// <param name="isRaw">A raw socket, which may write headers itself.</param>
internal sealed class InetOptions(bool isRaw = false)
{
    private const int MaxDiscovery = 5; // IP_PMTUDISC_OMIT
    private static readonly byte[] PriorityOfTos = [0, 0, 0, 0, 2, 2, 2, 2, 6, 6, 6, 6, 4, 4, 4, 4]; // ip_tos2prio

    /// <summary>IP_TOS.</summary>
    public byte Tos { get; private set; }

    /// <summary>IP_TTL; -1 for the namespace's.</summary>
    public int Ttl { get; private set; } = -1;

    /// <summary>IP_MULTICAST_TTL.</summary>
    public byte MulticastTtl { get; private set; } = 1;

    /// <summary>IP_MULTICAST_LOOP.</summary>
    public bool MulticastLoop { get; private set; } = true;

    /// <summary>IP_MTU_DISCOVER, as given.</summary>
    public byte Discover { get; private set; } = (byte)PathMtuDiscovery.Want;

    /// <summary>IP_RECVERR: ICMP errors wait in the error queue.</summary>
    public bool RecvErr { get; private set; }

    /// <summary>IP_HDRINCL: the program writes the header.</summary>
    public bool HeaderIncluded { get; set; }

    /// <summary>IP_FREEBIND: any address may be bound.</summary>
    public bool Freebind { get; private set; }

    /// <summary>IP_MINTTL.</summary>
    public byte MinTtl { get; private set; }

    /// <summary>IP_NODEFRAG.</summary>
    public bool NoDefrag { get; private set; }

    /// <summary>What is told with each message.</summary>
    public InetMessages Wanted { get; private set; }

    /// <summary>What it means for packets: INTERFACE is a probe that may be cut, OMIT the same and cuts what comes.</summary>
    public PathMtuDiscovery Discovery => Discover switch
    {
        <= (byte)PathMtuDiscovery.Probe => (PathMtuDiscovery)Discover,
        _ => PathMtuDiscovery.Dont,
    };

    /// <summary>Packets above the device's MTU are EMSGSIZE (kernel: <c>ip_sk_ignore_df</c>): for DO, PROBE and INTERFACE.</summary>
    public bool KeepsToMtu => Discover is >= (byte)PathMtuDiscovery.Do and < MaxDiscovery;

    /// <summary>Time to live of a packet of this socket; 0 for the default.</summary>
    public byte TtlFor(bool isMulticast) => isMulticast ? MulticastTtl : Ttl < 0 ? (byte)0 : (byte)Ttl;

    /// <summary>The priority that goes with a type of service (kernel: <c>rt_tos2priority</c>).</summary>
    public static uint PriorityOf(byte tos) => PriorityOfTos[(tos & 0x1E) >> 1];

    /// <summary>Takes an option over: four bytes, or one.</summary>
    /// <returns>None; EINVAL for a bad value; ENOPROTOOPT for an unknown option.</returns>
    public Errno Set(int option, ReadOnlySpan<byte> value, SockOptions sock)
    {
        var number = value.Length >= 4 ? BinaryPrimitives.ReadInt32LittleEndian(value) : value.Length >= 1 ? value[0] : 0;
        switch (option)
        {
            case SocketOptions.IpTos:
                Tos = (byte)number;
                sock.Priority = PriorityOf(Tos);
                break;
            case SocketOptions.IpTtl when value.IsEmpty || (number != -1 && number is < 1 or > 255): return Errno.EINVAL;
            case SocketOptions.IpTtl: Ttl = number; break;
            case SocketOptions.IpMulticastTtl when value.IsEmpty || number is < -1 or > 255: return Errno.EINVAL;
            case SocketOptions.IpMulticastTtl: MulticastTtl = number == -1 ? (byte)1 : (byte)number; break;
            case SocketOptions.IpMulticastLoop when value.IsEmpty: return Errno.EINVAL;
            case SocketOptions.IpMulticastLoop: MulticastLoop = number != 0; break;
            case SocketOptions.IpMtuDiscover when number is < 0 or > MaxDiscovery: return Errno.EINVAL;
            case SocketOptions.IpMtuDiscover: Discover = (byte)number; break;
            case SocketOptions.IpRecvErr: RecvErr = number != 0; break;
            case SocketOptions.IpFreebind when value.IsEmpty: return Errno.EINVAL;
            case SocketOptions.IpFreebind: Freebind = number != 0; break;
            case SocketOptions.IpMinTtl when value.IsEmpty || number is < 0 or > 255: return Errno.EINVAL;
            case SocketOptions.IpMinTtl: MinTtl = (byte)number; break;
            case SocketOptions.IpHdrIncl or SocketOptions.IpNodefrag when !isRaw: return Errno.ENOPROTOOPT;
            case SocketOptions.IpHdrIncl: HeaderIncluded = number != 0; break;
            case SocketOptions.IpNodefrag: NoDefrag = number != 0; break;
            case SocketOptions.IpBindAddressNoPort: break; // there is no port to keep
            case SocketOptions.IpPktInfo: Want(InetMessages.PktInfo, number); break;
            case SocketOptions.IpRecvTtl: Want(InetMessages.Ttl, number); break;
            case SocketOptions.IpRecvTos: Want(InetMessages.Tos, number); break;
            case SocketOptions.IpRecvOrigDstAddr: Want(InetMessages.OriginalDestination, number); break;
            default: return Errno.ENOPROTOOPT;
        }

        return Errno.None;
    }

    /// <summary>The value of an option; null for an unknown one.</summary>
    public int? Get(int option) => option switch
    {
        SocketOptions.IpTos => Tos,
        SocketOptions.IpTtl => Ttl < 0 ? IpOutput.DefaultTtl : Ttl,
        SocketOptions.IpMulticastTtl => MulticastTtl,
        SocketOptions.IpMulticastLoop => MulticastLoop ? 1 : 0,
        SocketOptions.IpMtuDiscover => Discover,
        SocketOptions.IpRecvErr => RecvErr ? 1 : 0,
        SocketOptions.IpHdrIncl => HeaderIncluded ? 1 : 0,
        SocketOptions.IpFreebind => Freebind ? 1 : 0,
        SocketOptions.IpMinTtl => MinTtl,
        SocketOptions.IpNodefrag => NoDefrag ? 1 : 0,
        SocketOptions.IpBindAddressNoPort => 0,
        SocketOptions.IpPktInfo => Has(InetMessages.PktInfo),
        SocketOptions.IpRecvTtl => Has(InetMessages.Ttl),
        SocketOptions.IpRecvTos => Has(InetMessages.Tos),
        SocketOptions.IpRecvOrigDstAddr => Has(InetMessages.OriginalDestination),
        _ => null,
    };

    private void Want(InetMessages message, int number) => Wanted = number != 0 ? Wanted | message : Wanted & ~message;

    private int Has(InetMessages message) => (Wanted & message) != 0 ? 1 : 0;
}

/// <summary>Control messages of IP that a socket wants (kernel: <c>IP_CMSG_*</c>).</summary>
[Flags]
internal enum InetMessages : byte
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>Device and addresses (IP_PKTINFO).</summary>
    PktInfo = 1,

    /// <summary>Time to live (IP_RECVTTL).</summary>
    Ttl = 2,

    /// <summary>Type of service (IP_RECVTOS).</summary>
    Tos = 4,

    /// <summary>Where it was sent (IP_RECVORIGDSTADDR).</summary>
    OriginalDestination = 64,
}
