using NetActors.Buffers;
using NetActors.Headers;

namespace NetActors.Ip;

/// <summary>Checksums over all bytes of a packet, fragments included (kernel: <c>skb_checksum</c>, <c>pskb_trim_rcsum</c>).</summary>
public static class SkbChecksum
{
    /// <summary>Sum of the bytes from <paramref name="offset"/> behind <see cref="SkBuff.Data"/>'s begin to the packet's end.</summary>
    public static uint Sum(SkBuff skb, int offset = 0, uint sum = 0)
    {
        var done = 0;
        if (offset < skb.HeadLength)
        {
            sum = InternetChecksum.Partial(skb.Data[offset..], sum);
            done = skb.HeadLength - offset;
        }

        var skip = Math.Max(0, offset - skb.HeadLength);
        foreach (ref readonly var frag in skb.Shared.Frags)
        {
            var bytes = frag.Span[Math.Min(skip, frag.Length)..];
            skip = Math.Max(0, skip - frag.Length);
            sum = InternetChecksum.AddBlock(sum, InternetChecksum.Partial(bytes), done);
            done += bytes.Length;
        }

        for (var next = skb.Shared.FragList; next is not null; next = next.Next)
        {
            var length = next.Length;
            if (skip < length) sum = InternetChecksum.AddBlock(sum, Sum(next, skip), done);
            done += Math.Max(0, length - skip);
            skip = Math.Max(0, skip - length);
        }

        return sum;
    }

    /// <summary>
    /// Whether the transport's checksum is right, as cheaply as the packet allows: the device may have verified or summed it. What
    /// software verified is remembered as <see cref="ChecksumState.Unnecessary"/> (kernel: <c>__skb_checksum_complete</c>).
    /// </summary>
    /// <param name="skb">A packet whose data starts at the transport header and ends with the transport's last byte.</param>
    /// <param name="pseudoSum">Sum of the pseudo-header; 0 for ICMP.</param>
    public static bool Complete(SkBuff skb, uint pseudoSum)
    {
        if (skb.IpSummed is ChecksumState.Unnecessary or ChecksumState.Partial) return true; // Partial: ours, never on a wire
        var good = CompleteByDevice(skb, pseudoSum) || InternetChecksum.Fold(Sum(skb, 0, pseudoSum)) == 0;
        if (good) skb.IpSummed = ChecksumState.Unnecessary;
        return good;
    }

    /// <summary>
    /// Whether the device's sum over the whole IP packet already proves the checksum right. The IP header sums to nothing.
    /// </summary>
    public static bool CompleteByDevice(SkBuff skb, uint pseudoSum)
    {
        if (skb.IpSummed != ChecksumState.Complete) return false;
        var good = InternetChecksum.Fold(InternetChecksum.Add(skb.Csum, pseudoSum)) == 0;
        if (good) skb.IpSummed = ChecksumState.Unnecessary;
        return good;
    }

    /// <summary>Cuts the packet to <paramref name="length"/> bytes and takes what is cut out of the device's sum.</summary>
    public static void TrimRcsum(SkBuff skb, int length)
    {
        if (length >= skb.HeadLength || skb.Length > skb.HeadLength) return; // padding lies in the linear part only
        if (skb.IpSummed == ChecksumState.Complete)
        {
            var cut = InternetChecksum.AddBlock(0, InternetChecksum.Partial(skb.Data[length..]), length);
            skb.Csum = (ushort)~InternetChecksum.Fold(InternetChecksum.Subtract(skb.Csum, cut));
        }

        skb.Trim(length);
    }

    /// <summary>Copies bytes of the packet, fragments included (kernel: <c>skb_copy_bits</c>). The caller keeps to the length.</summary>
    public static void CopyBits(SkBuff skb, int offset, Span<byte> destination)
    {
        if (offset < skb.HeadLength)
        {
            var linear = skb.Data[offset..];
            if (linear.Length > destination.Length) linear = linear[..destination.Length];
            linear.CopyTo(destination);
            destination = destination[linear.Length..];
            offset += linear.Length;
        }

        var skip = offset - skb.HeadLength;
        foreach (ref readonly var frag in skb.Shared.Frags)
        {
            if (destination.IsEmpty) return;
            if (skip >= frag.Length)
            {
                skip -= frag.Length;
                continue;
            }

            var bytes = frag.Span[skip..];
            if (bytes.Length > destination.Length) bytes = bytes[..destination.Length];
            bytes.CopyTo(destination);
            destination = destination[bytes.Length..];
            skip = 0;
        }

        for (var next = skb.Shared.FragList; next is not null && !destination.IsEmpty; next = next.Next)
        {
            var here = Math.Clamp(next.Length - skip, 0, destination.Length);
            if (here > 0) CopyBits(next, skip, destination[..here]);
            destination = destination[here..];
            skip = Math.Max(0, skip - next.Length);
        }
    }
}
