using System.Buffers.Binary;
using NetActors.Buffers;
using NetActors.Time;

namespace NetActors.Sockets;

/// <summary>Control messages of level SOL_SOCKET about a packet (kernel: <c>sock_recv_timestamp</c>, <c>sock_recv_drops</c>).</summary>
internal static class SocketControl
{
    /// <summary>Tells a program what it wants to know. The time is that of the host's clock.</summary>
    public static void Receive(ControlWriter writer, SkBuff skb, SockOptions options)
    {
        var time = skb.Tstamp == KernelTime.Zero ? skb.VisibleFrom : skb.Tstamp;
        if (options.Timestamp != 0) Timestamp(writer, options.Timestamp, time);
        if (options.WantsReceiveTimestamp) Timestamping(writer, options.TimestampingOption, time);
        if (options.RxqOvfl && skb.Cb.DropCount != 0) writer.Put(SocketOptions.SolSocket, SocketOptions.RxqOvfl, (int)skb.Cb.DropCount);
    }

    /// <summary>SCM_TIMESTAMPING: the software's time, none of the card's.</summary>
    public static void Timestamping(ControlWriter writer, int option, KernelTime time)
    {
        Span<byte> data = stackalloc byte[48];
        data.Clear();
        Timespec(data, time);
        writer.Put(SocketOptions.SolSocket, option, data);
    }

    private static void Timestamp(ControlWriter writer, int option, KernelTime time)
    {
        Span<byte> data = stackalloc byte[16];
        Timespec(data, time);
        if (option is SocketOptions.Timestamp or SocketOptions.TimestampNew)
            BinaryPrimitives.WriteInt64LittleEndian(data[8..], time.Nanoseconds % 1_000_000_000 / 1000); // a timeval
        writer.Put(SocketOptions.SolSocket, option, data);
    }

    private static void Timespec(Span<byte> data, KernelTime time)
    {
        BinaryPrimitives.WriteInt64LittleEndian(data, time.Nanoseconds / 1_000_000_000);
        BinaryPrimitives.WriteInt64LittleEndian(data[8..], time.Nanoseconds % 1_000_000_000);
    }
}
