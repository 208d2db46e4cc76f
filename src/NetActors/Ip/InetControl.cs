using System.Buffers.Binary;
using NetActors.Buffers;
using NetActors.Headers;
using NetActors.Sockets;

namespace NetActors.Ip;

/// <summary>Control messages of IP, both ways (kernel: <c>ip_cmsg_recv_offset</c>, <c>ip_cmsg_send</c>, <c>ip_recv_error</c>).</summary>
internal static class InetControl
{
    private const int AfInet = 2;
    private const int SockaddrSize = 16;
    private const int PktInfoSize = 12;

    /// <summary>Tells a program about a packet that it received. Its network header is still in place.</summary>
    /// <param name="writer">Takes the messages.</param>
    /// <param name="skb">The packet.</param>
    /// <param name="wanted">What the socket wants to be told.</param>
    /// <param name="local">Our address that the packet was for; of the device when it was for a group.</param>
    public static void Receive(ControlWriter writer, SkBuff skb, InetMessages wanted, uint local)
    {
        if ((wanted & InetMessages.PktInfo) != 0) PktInfo(writer, skb.IfIndex, local, skb.Cb.DestinationAddress);
        if (wanted == InetMessages.None || !Ipv4Header.TryOverlay(skb.From(skb.NetworkHeader), out var ip)) return;
        if ((wanted & InetMessages.Ttl) != 0) writer.Put(SocketOptions.SolIp, SocketOptions.IpTtl, ip.Ttl);
        if ((wanted & InetMessages.Tos) != 0) writer.Put(SocketOptions.SolIp, SocketOptions.IpTos, [ip.Tos]);
        if ((wanted & InetMessages.OriginalDestination) == 0) return;
        Span<byte> name = stackalloc byte[SockaddrSize];
        Sockaddr(name, skb.Cb.DestinationAddress, skb.Cb.DestinationPort);
        writer.Put(SocketOptions.SolIp, SocketOptions.IpRecvOrigDstAddr, name);
    }

    /// <summary>Tells a program what went wrong with what it sent (kernel: <c>struct sock_extended_err</c> and the offender behind it).</summary>
    public static void Error(ControlWriter writer, QueuedError error)
    {
        Span<byte> data = stackalloc byte[ExtendedError.Size + SockaddrSize];
        data.Clear();
        var what = error.Error;
        BinaryPrimitives.WriteInt32LittleEndian(data, (int)what.Errno);
        (data[4], data[5], data[6]) = ((byte)what.Origin, what.Type, what.Code);
        BinaryPrimitives.WriteUInt32LittleEndian(data[8..], what.Info);
        BinaryPrimitives.WriteUInt32LittleEndian(data[12..], what.Data);
        if (what.IsIcmp) Sockaddr(data[ExtendedError.Size..], error.Offender, 0);
        writer.Put(SocketOptions.SolIp, SocketOptions.IpRecvErr, data);
    }

    /// <summary>Reads what a program wants for one message.</summary>
    /// <returns>None, or EINVAL for a message that is broken, unknown or out of range.</returns>
    public static Errno Send(ReadOnlySpan<byte> control, ref IpCookie cookie)
    {
        var reader = new ControlReader(control);
        while (reader.Next())
        {
            if (reader.Level == SocketOptions.SolUdp)
            {
                if (reader is not { Type: SocketOptions.UdpSegment, Data.Length: 2 }) return Errno.EINVAL;
                cookie.GsoSize = BinaryPrimitives.ReadUInt16LittleEndian(reader.Data);
                continue;
            }

            if (reader.Level == SocketOptions.SolSocket)
            {
                if (reader.Type is not (SocketOptions.Mark or SocketOptions.Priority) || !reader.TryInt(out var number)) return Errno.EINVAL;
                if (reader.Type == SocketOptions.Mark) cookie.Mark = (uint)number;
                else cookie.Priority = (uint)number;
                continue;
            }

            if (reader.Level != SocketOptions.SolIp) continue;
            switch (reader.Type)
            {
                case SocketOptions.IpPktInfo when reader.Data.Length == PktInfoSize:
                    cookie.IfIndex = BinaryPrimitives.ReadInt32LittleEndian(reader.Data);
                    cookie.Source = BinaryPrimitives.ReadUInt32BigEndian(reader.Data[4..]);
                    break;
                case SocketOptions.IpTtl when reader.TryInt(out var ttl) && ttl is >= 1 and <= 255:
                    cookie.Ttl = (byte)ttl;
                    break;
                case SocketOptions.IpTos when reader.TryInt(out var tos) && tos is >= 0 and <= 255:
                    (cookie.Tos, cookie.HasTos) = ((byte)tos, true);
                    break;
                case SocketOptions.IpTos when reader.Data.Length == 1:
                    (cookie.Tos, cookie.HasTos) = (reader.Data[0], true);
                    break;
                default:
                    return Errno.EINVAL;
            }
        }

        return reader.IsBroken ? Errno.EINVAL : Errno.None;
    }

    private static void PktInfo(ControlWriter writer, int ifIndex, uint local, uint destination)
    {
        Span<byte> data = stackalloc byte[PktInfoSize];
        BinaryPrimitives.WriteInt32LittleEndian(data, ifIndex);
        BinaryPrimitives.WriteUInt32BigEndian(data[4..], local);
        BinaryPrimitives.WriteUInt32BigEndian(data[8..], destination);
        writer.Put(SocketOptions.SolIp, SocketOptions.IpPktInfo, data);
    }

    private static void Sockaddr(Span<byte> bytes, uint address, ushort port)
    {
        bytes.Clear();
        BinaryPrimitives.WriteUInt16LittleEndian(bytes, AfInet);
        BinaryPrimitives.WriteUInt16BigEndian(bytes[2..], port);
        BinaryPrimitives.WriteUInt32BigEndian(bytes[4..], address);
    }
}
