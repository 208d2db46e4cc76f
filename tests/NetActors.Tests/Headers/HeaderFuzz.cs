using NetActors.Headers;

namespace NetActors.Tests.Headers;

/// <summary>Feeds any bytes to everything that reads packets. Throws only when a reader is wrong; a fuzz harness calls it too.</summary>
public static class HeaderFuzz
{
    private static readonly ushort[] Protocols = [0x0800, 0x86DD, 0x8100, 0x8864, 0x8847, 0x0806];
    private static readonly byte[] NextHeaders = [0, 43, 44, 51, 60, 6];
    private static readonly SoftwareFlowHash Hash6 = new(KernelVersion.V6, 1);
    private static readonly SoftwareFlowHash Hash310 = new(KernelVersion.V310, 1);

    /// <summary>Reads <paramref name="input"/> as each header; the answer only keeps the reads alive.</summary>
    public static ulong Run(ReadOnlySpan<byte> input)
    {
        Span<byte> copy = stackalloc byte[2048];
        copy = copy[..Math.Min(input.Length, copy.Length)];
        input[..copy.Length].CopyTo(copy);
        var seen = ReadFrame(copy);
        seen ^= ReadIpv4(copy) ^ ReadIpv6(copy) ^ ReadTransport(copy);
        foreach (var protocol in Protocols)
        {
            seen ^= Hash6.Compute(copy, protocol, null, out _);
            seen ^= Hash6.Compute(copy, protocol, 0x2001, out _);
            seen ^= Hash310.Compute(copy, protocol, null, out _);
        }

        return seen;
    }

    private static ulong ReadFrame(Span<byte> bytes)
    {
        var seen = 0UL;
        if (EthernetHeader.TryParse(bytes, out var ethernet))
        {
            seen ^= ethernet.Destination.Value ^ ethernet.Source.Value ^ ethernet.EtherType ^ (ulong)ethernet.Payload.Length;
            if (ArpPacket.TryParse(ethernet.Payload, out var inner)) seen ^= inner.TargetAddress;
            if (Ipv4Header.TryParse(ethernet.Payload, out var ip)) seen ^= ReadTransport(ip.Payload);
            if (Ipv6Header.TryParse(ethernet.Payload, out var ip6)) seen ^= ReadTransport(ip6.Payload);
        }

        if (VlanTag.TryParse(bytes, out var tag)) seen ^= (ulong)tag.Id ^ tag.Priority ^ tag.EtherType ^ (ulong)tag.Payload.Length;
        if (ArpPacket.TryParse(bytes, out var arp)) seen ^= arp.SenderMac.Value ^ arp.TargetMac.Value ^ arp.Operation ^ arp.SenderAddress;
        return seen;
    }

    private static ulong ReadIpv4(Span<byte> bytes)
    {
        if (!Ipv4Header.TryOverlay(bytes, out var header)) return Ipv4Header.TryParse(bytes, out _) ? throw Wrong() : 0UL;
        var seen = header.SourceAddress ^ header.DestinationAddress ^ (ulong)header.FragmentOffset ^ header.ComputeChecksum();
        var valid = header.IsChecksumValid;
        if (valid && (ushort)(header.ComputeChecksum() ^ header.Checksum) is not (0 or 0xFFFF)) throw Wrong();
        var options = new Ipv4Options(header.Options);
        var walked = 0;
        foreach (var option in options) walked += option.Length + (option.Data.Length > option.Length ? throw Wrong() : 0);
        if (walked > header.Options.Length) throw Wrong();
        if (!options.TryValidate(out var pointer) && pointer is < 20 or > 60) throw Wrong();
        if (Ipv4Header.TryParse(bytes, out var whole) && whole.Payload.Length != whole.TotalLength - whole.HeaderLength) throw Wrong();
        return seen ^ (ulong)header.Payload.Length;
    }

    private static ulong ReadIpv6(Span<byte> bytes)
    {
        var seen = 0UL;
        foreach (var next in NextHeaders)
        {
            if (Ipv6Extensions.TryWalk(bytes, next, out var end) && end.Offset > bytes.Length) throw Wrong();
            seen ^= end.Protocol ^ (ulong)end.FragmentOffset;
        }

        if (!Ipv6Header.TryOverlay(bytes, out var header)) return seen;
        if (Ipv6Header.TryParse(bytes, out var whole) && whole.Payload.Length != whole.PayloadLength) throw Wrong();
        return seen ^ (ulong)header.SourceAddress ^ header.FlowLabel ^ header.TrafficClass ^ (ulong)header.Payload.Length;
    }

    private static ulong ReadTransport(Span<byte> bytes)
    {
        var seen = 0UL;
        if (IcmpHeader.TryParse(bytes, out var icmp)) seen ^= icmp.RestOfHeader ^ (icmp.IsChecksumValid ? 1UL : 0);
        if (Icmpv6Header.TryParse(bytes, out var icmp6)) seen ^= icmp6.Identifier ^ (icmp6.IsChecksumValid(1, 2) ? 1UL : 0);
        if (UdpHeader.TryOverlay(bytes, out var udp)) seen ^= (ulong)udp.Payload.Length ^ (udp.IsChecksumValid(1u, 2u) ? 1UL : 0);
        if (UdpHeader.TryParse(bytes, out var whole) && whole.Payload.Length != whole.Length - 8) throw Wrong();
        if (TcpHeader.TryOverlay(bytes, out var tcp)) seen ^= tcp.Sequence ^ (ulong)tcp.Options.Length ^ (ulong)tcp.Payload.Length;
        if (TcpHeader.TryParse(bytes, out var good)) seen ^= ReadOptions(good.Options);
        return seen ^ ReadOptions(bytes[..Math.Min(bytes.Length, 40)]);
    }

    private static ulong ReadOptions(ReadOnlySpan<byte> bytes)
    {
        var options = TcpOptions.Parse(bytes, syn: true);
        if (options.SackCount > SackBlocks.Count || options.WindowScale > TcpOptions.MaxWindowScale) throw Wrong();
        Span<byte> room = stackalloc byte[TcpOptions.MaxBytes];
        var written = TcpOptionsWriter.Write(options, room);
        if (written >= 0 && (written & 3) != 0) throw Wrong();
        return (ulong)options.Present ^ options.Mss ^ options.TimestampValue;
    }

    private static InvalidOperationException Wrong() => new("A reader broke its promise.");
}
