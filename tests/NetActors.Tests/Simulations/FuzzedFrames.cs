using System.Buffers.Binary;
using NetActors.Headers;
using NetActors.Links;
using NetActors.Time;

namespace NetActors.Tests.Simulations;

/// <summary>
/// A stream of frames that were cut short, damaged, spliced or made of noise, most of them for one host and many with checksums made
/// good again, so that the damage reaches the layers behind. The same seed gives the same frames.
/// </summary>
/// <param name="corpus">Good frames to start from.</param>
/// <param name="to">The host's addresses.</param>
/// <param name="seed">Of all choices.</param>
/// <param name="count">Frames to give.</param>
/// <param name="gap">Between two frames.</param>
internal sealed class FuzzedFrames(IReadOnlyList<byte[]> corpus, FrameEnds to, ulong seed, long count, KernelTime gap) : ITrafficSource
{
    private const int LargestFrame = 1600; // somewhat more than the card takes
    private static ReadOnlySpan<ushort> Edges => [0, 1, 5, 7, 8, 19, 20, 28, 59, 60, 0x00FF, 0x1FFF, 0x2000, 0x3FFF, 0x4000, 0x4500, 0x7FFF, 0x8000, 0xFFFE, 0xFFFF];

    private readonly KernelRandom _random = KernelRandom.For(seed, "fuzz");
    private readonly byte[] _scratch = new byte[2 * LargestFrame];

    /// <summary>Frames given so far.</summary>
    public long Sent { get; private set; }

    /// <summary>Their bytes.</summary>
    public long SentBytes { get; private set; }

    /// <inheritdoc />
    public KernelTime NextArrival => Sent >= count ? KernelTime.Never : gap * (Sent + 1);

    /// <inheritdoc />
    public bool TryTake(KernelTime until, out WireFrame frame)
    {
        frame = default;
        var arrival = NextArrival;
        if (arrival > until || arrival.IsNever) return false;
        Sent++;
        var length = Next();
        SentBytes += length;
        var bytes = _scratch.AsSpan(0, length).ToArray(); // the card looks ahead: each frame has its own
        frame = new WireFrame(bytes, 0, length, arrival, null, _random.Chance(0.002), Sent);
        if (length > 0 && _random.Chance(0.01)) frame = frame with { FlippedBit = 1 + (int)_random.NextBelow((uint)length * 8) };
        return true;
    }

    private int Next()
    {
        if (_random.Chance(0.02)) return Noise();
        var origin = corpus[Below(corpus.Count)];
        var length = Math.Min(origin.Length, LargestFrame);
        origin.AsSpan(0, length).CopyTo(_scratch);
        if (_random.Chance(0.85)) Address(length);
        for (var i = Below(4); i > 0; i--) length = Mutate(length);
        if (_random.Chance(0.75)) Repair(_scratch.AsSpan(0, length));
        return length;
    }

    private int Noise()
    {
        var length = Below(LargestFrame + 1);
        _random.Fill(_scratch.AsSpan(0, length));
        if (length >= EthernetHeader.Size && _random.Chance(0.9))
        {
            Address(length);
            ushort[] types = [EtherTypes.Ipv4, EtherTypes.Arp, EtherTypes.Ipv6, 0x8100];
            BinaryPrimitives.WriteUInt16BigEndian(_scratch.AsSpan(12), types[Below(types.Length)]);
            if (length > 14 && _random.Chance(0.8)) _scratch[14] = 0x45;
        }

        return length;
    }

    /// <summary>Puts the host's addresses where a frame has those of its destination.</summary>
    private void Address(int length)
    {
        var frame = _scratch.AsSpan(0, length);
        if (!EthernetHeader.TryParse(frame, out var ethernet)) return;
        if (_random.Chance(0.95)) ethernet.Destination = _random.Chance(0.9) ? to.DestinationMac : MacAddress.Broadcast;
        if (ethernet.EtherType == EtherTypes.Ipv4 && length >= 34)
            BinaryPrimitives.WriteUInt32BigEndian(frame[30..], _random.Chance(0.95) ? to.Destination : 0xE000_0001);
        else if (ethernet.EtherType == EtherTypes.Arp && length >= 42)
            BinaryPrimitives.WriteUInt32BigEndian(frame[38..], to.Destination);
    }

    private int Mutate(int length)
    {
        if (length == 0) return 0;
        var at = Below(length);
        switch (Below(8))
        {
            case 0: // cut short at any byte
                return at;
            case 1: // one bit
                _scratch[at] ^= (byte)(1 << Below(8));
                return length;
            case 2: // one byte
                _scratch[at] = (byte)_random.NextUInt32();
                return length;
            case 3: // a stretch of noise
                _random.Fill(_scratch.AsSpan(at, Below(length - at) + 1));
                return length;
            case 4: // a 16-bit field of the headers at one of its edges
                var field = Math.Min(at, 60) & ~1;
                if (field + 2 <= length) BinaryPrimitives.WriteUInt16BigEndian(_scratch.AsSpan(field), Edges[Below(Edges.Length)]);
                return length;
            case 5: // the end of another frame
                var other = corpus[Below(corpus.Count)];
                var from = Math.Min(at, other.Length);
                var taken = Math.Min(other.Length - from, LargestFrame - at);
                other.AsSpan(from, taken).CopyTo(_scratch.AsSpan(at));
                return at + taken;
            case 6: // longer than its headers say
                var more = Below(LargestFrame - Math.Min(length, LargestFrame) + 1);
                _random.Fill(_scratch.AsSpan(length, more));
                return length + more;
            default: // options in front of the transport header
                if (length > 15 && _scratch[12] == 8 && _scratch[13] == 0) _scratch[14] = (byte)(0x40 | Below(16));
                return length;
        }
    }

    /// <summary>Makes length and checksum of the IP header fit, and mostly those of the transport, so that only what is behind is wrong.</summary>
    private void Repair(Span<byte> frame)
    {
        if (!EthernetHeader.TryParse(frame, out var ethernet) || ethernet.EtherType != EtherTypes.Ipv4) return;
        var packet = frame[EthernetHeader.Size..];
        if (packet.Length < Ipv4Header.Size) return;
        var header = (packet[0] & 15) * 4;
        if (header < Ipv4Header.Size || header > packet.Length) return;
        int total = BinaryPrimitives.ReadUInt16BigEndian(packet[2..]);
        if (total > packet.Length || _random.Chance(0.1)) BinaryPrimitives.WriteUInt16BigEndian(packet[2..], (ushort)(total = packet.Length));
        Sum(packet[..header], 10, 0);
        if (total < header || _random.Chance(0.3)) return;
        var transport = packet[header..Math.Max(header, total)];
        var pseudo = InternetChecksum.PseudoHeader(
            BinaryPrimitives.ReadUInt32BigEndian(packet[12..]), BinaryPrimitives.ReadUInt32BigEndian(packet[16..]), packet[9], transport.Length);
        if (packet[9] == IpProtocols.Icmp) Sum(transport, 2, 0);
        else if (packet[9] == IpProtocols.Udp) Sum(transport, 6, pseudo);
        else if (packet[9] == IpProtocols.Tcp) Sum(transport, 16, pseudo);
    }

    private static void Sum(Span<byte> bytes, int at, uint pseudo)
    {
        if (bytes.Length < at + 2) return;
        bytes.Slice(at, 2).Clear();
        var sum = (ulong)pseudo;
        for (var i = 0; i < bytes.Length; i += 2) sum += (uint)((bytes[i] << 8) | (i + 1 < bytes.Length ? bytes[i + 1] : 0));
        while (sum >> 16 != 0) sum = (sum & 0xFFFF) + (sum >> 16);
        BinaryPrimitives.WriteUInt16BigEndian(bytes[at..], (ushort)~sum);
    }

    private int Below(int bound) => (int)_random.NextBelow((uint)bound);
}
