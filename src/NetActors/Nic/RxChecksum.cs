using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;

namespace NetActors.Nic;

/// <summary>What the NIC's checksum test found.</summary>
internal enum RxChecksumResult : byte
{
    /// <summary>Nothing it can test.</summary>
    NotTested,

    /// <summary>All right.</summary>
    Good,

    /// <summary>The IPv4 header or the transport does not sum up.</summary>
    Bad,
}

/// <summary>Tests the checksums of IPv4, TCP and UDP as receive hardware does (kernel: <c>ixgbe_rx_checksum</c> reads the
/// outcome).</summary>
internal static class RxChecksum
{
    /// <summary>Tests a frame whose headers are where <paramref name="layout"/> says.</summary>
    public static RxChecksumResult Test(ReadOnlySpan<byte> frame, in FrameLayout layout)
    {
        int network = layout.NetworkOffset, transport = layout.TransportOffset;
        var isIPv4 = layout.FlowType.IsIPv4();
        if (isIPv4 && Fold(Sum(frame.Slice(network, (frame[network] & 15) * 4))) != 0xFFFF) return RxChecksumResult.Bad;
        var isUdp = layout.FlowType is FlowType.Udp4 or FlowType.Udp6;
        if (!isUdp && layout.FlowType is not (FlowType.Tcp4 or FlowType.Tcp6)) return RxChecksumResult.NotTested;
        var length = layout.End - transport;
        if (isUdp)
        {
            int claimed = BinaryPrimitives.ReadUInt16BigEndian(frame[(transport + 4)..]);
            if (BinaryPrimitives.ReadUInt16BigEndian(frame[(transport + 6)..]) == 0) return RxChecksumResult.NotTested;
            if (claimed < 8 || claimed > length) return RxChecksumResult.Bad;
            length = claimed;
        }

        var addresses = isIPv4 ? frame.Slice(network + 12, 8) : frame.Slice(network + 8, 32);
        var pseudo = Sum(addresses) + InNetworkOrder(length) + InNetworkOrder(layout.Protocol);
        return Fold(pseudo + Sum(frame.Slice(transport, length))) == 0xFFFF ? RxChecksumResult.Good : RxChecksumResult.Bad;
    }

    private static uint InNetworkOrder(int value) =>
        BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness((ushort)value) : (uint)value;

    /// <summary>Sums 16-bit words in the machine's order: one's complement sums do not depend on it (RFC 1071 section 2).</summary>
    private static ulong Sum(ReadOnlySpan<byte> bytes)
    {
        ulong sum = 0;
        if (bytes.Length >= 64)
        {
            var words = Vector<uint>.Zero; // 64 KB of 16-bit words do not overflow a lane
            var vectors = MemoryMarshal.Cast<byte, Vector<ushort>>(bytes);
            foreach (ref readonly var vector in vectors)
            {
                Vector.Widen(vector, out var low, out var high);
                words += low + high;
            }

            sum = Vector.Sum(words);
            bytes = bytes[(vectors.Length * Vector<byte>.Count)..];
        }

        for (; bytes.Length >= 4; bytes = bytes[4..]) sum += MemoryMarshal.Read<uint>(bytes);
        if (bytes.Length >= 2)
        {
            sum += MemoryMarshal.Read<ushort>(bytes);
            bytes = bytes[2..];
        }

        if (bytes.Length > 0) sum += BitConverter.IsLittleEndian ? bytes[0] : (uint)bytes[0] << 8;
        return sum;
    }

    private static uint Fold(ulong sum)
    {
        sum = (sum & 0xFFFFFFFF) + (sum >> 32);
        sum = (sum & 0xFFFF) + (sum >> 16);
        sum = (sum & 0xFFFF) + (sum >> 16);
        return (uint)((sum & 0xFFFF) + (sum >> 16));
    }
}
