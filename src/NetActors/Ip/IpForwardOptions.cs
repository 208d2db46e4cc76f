using System.Buffers.Binary;
using NetActors.Headers;
using NetActors.Time;

namespace NetActors.Ip;

/// <summary>
/// What a router writes into the options of a packet that it forwards: its address in a record route, the time in a time stamp option
/// (kernel: <c>__ip_options_compile</c>, <c>ip_forward_options</c>; RFC 791 section 3.1).
/// </summary>
internal static class IpForwardOptions
{
    private const int AddressOnly = 4, StampOnly = 4, Both = 8;

    /// <summary>Writes them and, if there was anything to write, the header's checksum.</summary>
    /// <param name="header">The IP header, options included, whose options are valid.</param>
    /// <param name="address">Of the device that it leaves by, in host order.</param>
    /// <param name="net">Knows which addresses are ours.</param>
    /// <param name="now">Time since midnight UT, where the simulation begins.</param>
    public static void Write(Span<byte> header, uint address, Ipv4Snapshot net, KernelTime now)
    {
        var options = header[Ipv4Header.Size..];
        var changed = ClearBehindEnd(options);
        foreach (var option in new Ipv4Options(options))
        {
            var bytes = options.Slice(option.Offset, option.Length);
            if (option.Type == Ipv4Option.RecordRoute) changed |= Record(bytes, address);
            else if (option.Type == Ipv4Option.Timestamp) changed |= Stamp(bytes, address, net, now);
        }

        if (changed && Ipv4Header.TryOverlay(header, out var ip)) ip.FillChecksum();
    }

    /// <summary>What follows the end of the list is made zero.</summary>
    private static bool ClearBehindEnd(Span<byte> options)
    {
        var walk = new Ipv4Options(options).GetEnumerator();
        while (walk.MoveNext())
        {
        }

        var rest = options[Math.Min(walk.Position, options.Length)..];
        if (!rest.ContainsAnyExcept((byte)Ipv4Option.End)) return false;
        rest.Clear();
        return true;
    }

    private static bool Record(Span<byte> option, uint address)
    {
        var pointer = option[2];
        if (pointer > option.Length) return false; // full
        BinaryPrimitives.WriteUInt32BigEndian(option[(pointer - 1)..], address);
        option[2] += AddressOnly;
        return true;
    }

    private static bool Stamp(Span<byte> option, uint address, Ipv4Snapshot net, KernelTime now)
    {
        const int OnlyStamps = 0, WithAddresses = 1, Prespecified = 3;
        var (pointer, flag) = (option[2], option[3] & 0xF);
        if (pointer > option.Length)
        {
            if (flag == Prespecified) return false;
            option[3] += 0x10; // one more that found no room
            return true;
        }

        var milliseconds = (uint)(now.Nanoseconds / 1_000_000 % 86_400_000);
        var at = pointer - 1;
        switch (flag)
        {
            case OnlyStamps:
                BinaryPrimitives.WriteUInt32BigEndian(option[at..], milliseconds);
                option[2] += StampOnly;
                return true;
            case WithAddresses:
                BinaryPrimitives.WriteUInt32BigEndian(option[at..], address);
                BinaryPrimitives.WriteUInt32BigEndian(option[(at + 4)..], milliseconds);
                option[2] += Both;
                return true;
            case Prespecified when net.Fib.AddressType(BinaryPrimitives.ReadUInt32BigEndian(option[at..])) != RouteType.Unicast:
                BinaryPrimitives.WriteUInt32BigEndian(option[(at + 4)..], milliseconds);
                option[2] += Both;
                return true;
            default:
                return false;
        }
    }
}
