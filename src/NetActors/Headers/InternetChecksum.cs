using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace NetActors.Headers;

/// <summary>
/// The Internet checksum (RFC 1071). A sum is an unfinished one's complement sum of big-endian 16-bit words that can go on
/// (kernel: <c>__wsum</c>); a checksum is the number in the header, in host order (kernel: <c>__sum16</c>).
/// </summary>
public static class InternetChecksum
{
    /// <summary>Adds the bytes, an odd last one padded with zero, to <paramref name="sum"/> (kernel: <c>csum_partial</c>).</summary>
    public static uint Partial(ReadOnlySpan<byte> data, uint sum = 0)
    {
        // RFC 1071 section 2 (B): the sum of byte-swapped words is the byte-swapped sum, so words are added as the machine reads them.
        var native = BitConverter.IsLittleEndian ? SumVectors(ref data) : 0;
        while (data.Length >= 8)
        {
            var word = BinaryPrimitives.ReadUInt64LittleEndian(data);
            native += (word & 0xFFFF_FFFF) + (word >> 32);
            data = data[8..];
        }

        if (data.Length >= 4)
        {
            native += BinaryPrimitives.ReadUInt32LittleEndian(data);
            data = data[4..];
        }

        if (data.Length >= 2)
        {
            native += BinaryPrimitives.ReadUInt16LittleEndian(data);
            data = data[2..];
        }

        if (data.Length == 1) native += data[0];
        return Add(sum, BinaryPrimitives.ReverseEndianness(Fold16(native)));
    }

    /// <summary>Joins two sums (kernel: <c>csum_add</c>).</summary>
    public static uint Add(uint left, uint right)
    {
        var sum = (ulong)left + right;
        return (uint)sum + (uint)(sum >> 32);
    }

    /// <summary>Takes a sum out of another (kernel: <c>csum_sub</c>).</summary>
    public static uint Subtract(uint sum, uint part) => Add(sum, ~part);

    /// <summary>
    /// Joins the sum of a block that begins <paramref name="offset"/> bytes into the data (kernel: <c>csum_block_add</c>).
    /// </summary>
    public static uint AddBlock(uint sum, uint block, int offset) =>
        Add(sum, (offset & 1) == 0 ? block : BinaryPrimitives.ReverseEndianness(Fold16(block)));

    /// <summary>Finishes a sum: folded into 16 bits and complemented (kernel: <c>csum_fold</c>).</summary>
    public static ushort Fold(uint sum) => (ushort)~Fold16(sum);

    /// <summary>The checksum of <paramref name="data"/>, 0xffff for none (kernel: <c>ip_compute_csum</c>).</summary>
    public static ushort Compute(ReadOnlySpan<byte> data) => Fold(Partial(data));

    /// <summary>True when data that contains its checksum sums up right, <paramref name="sum"/> (a pseudo-header) included.</summary>
    public static bool IsValid(ReadOnlySpan<byte> data, uint sum = 0) => Fold(Partial(data, sum)) == 0;

    /// <summary>The checksum after one 16-bit word changed (RFC 1624 equation 3; kernel: <c>csum_replace2</c>).</summary>
    public static ushort Replace(ushort checksum, ushort oldWord, ushort newWord) =>
        Fold((uint)(ushort)~checksum + (ushort)~oldWord + newWord);

    /// <summary>The checksum after two adjacent, aligned words changed (kernel: <c>csum_replace4</c>).</summary>
    public static ushort Replace(ushort checksum, uint oldWords, uint newWords) =>
        Fold(Add(Add((ushort)~checksum, ~oldWords), newWords));

    /// <summary>Sum of the IPv4 pseudo-header (RFC 9293 section 3.1; kernel: <c>csum_tcpudp_nofold</c>).</summary>
    /// <param name="source">Source address in host order.</param>
    /// <param name="destination">Destination address in host order.</param>
    /// <param name="protocol">Protocol above IP.</param>
    /// <param name="lengthBytes">Transport header and payload in bytes.</param>
    public static uint PseudoHeader(uint source, uint destination, byte protocol, int lengthBytes) =>
        Add(Add(source, destination), (uint)lengthBytes + protocol);

    /// <summary>Sum of the IPv6 pseudo-header (RFC 8200 section 8.1; kernel: <c>csum_ipv6_magic</c>, unfolded).</summary>
    /// <param name="source">Source address in host order.</param>
    /// <param name="destination">Destination address in host order.</param>
    /// <param name="protocol">Protocol above IP.</param>
    /// <param name="lengthBytes">Transport header and payload in bytes.</param>
    public static uint PseudoHeader(UInt128 source, UInt128 destination, byte protocol, int lengthBytes) =>
        Add(Add(SumWords(source), SumWords(destination)), (uint)lengthBytes + protocol);

    private static uint SumWords(UInt128 value) =>
        Add(Add((uint)(value >> 96), (uint)(value >> 64)), Add((uint)(value >> 32), (uint)value));

    private static ushort Fold16(ulong sum)
    {
        sum = (sum & 0xFFFF_FFFF) + (sum >> 32);
        sum = (sum & 0xFFFF) + (sum >> 16 & 0xFFFF) + (sum >> 32);
        sum = (sum & 0xFFFF) + (sum >> 16);
        return (ushort)((sum & 0xFFFF) + (sum >> 16));
    }

    /// <summary>
    /// Sums whole vectors as 32-bit words in 64-bit lanes, which no span can overflow, and moves <paramref name="data"/> behind them.
    /// </summary>
    private static ulong SumVectors(ref ReadOnlySpan<byte> data)
    {
        var total = 0UL;
        if (Vector256.IsHardwareAccelerated && data.Length >= 2 * Vector256<byte>.Count)
        {
            var low = Vector256.Create(0xFFFF_FFFFUL);
            var (even, odd) = (Vector256<ulong>.Zero, Vector256<ulong>.Zero);
            var vectors = MemoryMarshal.Cast<byte, Vector256<ulong>>(data);
            foreach (ref readonly var vector in vectors)
            {
                even += vector & low;
                odd += vector >>> 32;
            }

            total = Vector256.Sum(even) + Vector256.Sum(odd);
            data = data[(vectors.Length * Vector256<byte>.Count)..];
        }
        else if (Vector128.IsHardwareAccelerated && data.Length >= 2 * Vector128<byte>.Count)
        {
            var low = Vector128.Create(0xFFFF_FFFFUL);
            var (even, odd) = (Vector128<ulong>.Zero, Vector128<ulong>.Zero);
            var vectors = MemoryMarshal.Cast<byte, Vector128<ulong>>(data);
            foreach (ref readonly var vector in vectors)
            {
                even += vector & low;
                odd += vector >>> 32;
            }

            total = Vector128.Sum(even) + Vector128.Sum(odd);
            data = data[(vectors.Length * Vector128<byte>.Count)..];
        }

        return total;
    }
}
