using System.Buffers.Binary;
using NetActors.Headers;
using NetActors.Links;
using NetActors.Tests.Nic;
using NetActors.Time;

namespace NetActors.Tests.Hosts;

/// <summary>A segment that somebody made up: addresses and ports of others, any number and flags.</summary>
internal readonly record struct Forgery(uint Source, ushort SourcePort, ushort DestinationPort, uint Sequence, uint Acknowledgment, TcpFlags Flags, int Payload = 0);

/// <summary>An attacker who sees nothing: segments at even gaps to 02:00:00:00:00:01, each made when it is due.</summary>
internal sealed class ForgedSegments(string destination, long firstUs, double perSecond, long count, Func<long, Forgery> forge) : IFrameSource
{
    private long _sent;

    public KernelTime NextArrival => _sent == count ? KernelTime.Never : KernelTime.FromNanoseconds((firstUs * 1000) + (long)(_sent * (1e9 / perSecond)));

    public bool TryTake(KernelTime until, out WireFrame frame)
    {
        frame = default;
        var at = NextArrival;
        if (at.IsNever || at > until) return false;
        frame = Frame(forge(_sent++)) with { Arrival = at };
        return true;
    }

    private WireFrame Frame(in Forgery segment)
    {
        var bytes = Frames.Tcp("1.1.1.1", segment.SourcePort, destination, segment.DestinationPort, segment.Payload);
        var ip = bytes.AsSpan(14);
        var tcp = bytes.AsSpan(34);
        BinaryPrimitives.WriteUInt32BigEndian(ip[12..], segment.Source);
        BinaryPrimitives.WriteUInt16BigEndian(ip[10..], 0);
        BinaryPrimitives.WriteUInt16BigEndian(ip[10..], Frames.Checksum(ip[..20]));
        BinaryPrimitives.WriteUInt32BigEndian(tcp[4..], segment.Sequence);
        BinaryPrimitives.WriteUInt32BigEndian(tcp[8..], segment.Acknowledgment);
        tcp[13] = (byte)segment.Flags;
        BinaryPrimitives.WriteUInt16BigEndian(tcp[14..], 0x4000);
        BinaryPrimitives.WriteUInt16BigEndian(tcp[16..], 0);
        var pseudo = (uint)(6 + tcp.Length) + (uint)(ushort)~Frames.Checksum(ip[12..20]);
        BinaryPrimitives.WriteUInt16BigEndian(tcp[16..], Frames.Checksum(tcp, pseudo));
        return new WireFrame(bytes, 0, bytes.Length, KernelTime.Zero);
    }
}
