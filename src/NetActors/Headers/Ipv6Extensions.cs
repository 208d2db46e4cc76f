using System.Buffers.Binary;

namespace NetActors.Headers;

/// <summary>Where the extension headers of an IPv6 packet lead (RFC 8200 section 4; kernel: <c>ipv6_skip_exthdr</c>).</summary>
/// <param name="Protocol">The first header that is no extension; <see cref="IpProtocols.NoNext"/> when nothing follows.</param>
/// <param name="Offset">Where it begins, in bytes from the end of the IPv6 header.</param>
/// <param name="IsFragment">A fragment header was passed.</param>
/// <param name="FragmentOffset">Where the fragment belongs, in bytes.</param>
/// <param name="MoreFragments">Further fragments follow.</param>
/// <param name="FragmentId">Identification, the same in all fragments of a packet.</param>
public readonly record struct Ipv6Extensions(
    byte Protocol, int Offset, bool IsFragment, int FragmentOffset, bool MoreFragments, uint FragmentId)
{
    /// <summary>Extension headers that a walk follows; no sender has a use for more, and the walk must end.</summary>
    public const int MaxHeaders = 8;

    /// <summary>
    /// Walks from <paramref name="nextHeader"/> to the transport header. A fragment other than the first ends the walk, since no header
    /// follows in it. False when a header is cut off or there are more than <see cref="MaxHeaders"/>.
    /// </summary>
    public static bool TryWalk(ReadOnlySpan<byte> payload, byte nextHeader, out Ipv6Extensions result)
    {
        result = new Ipv6Extensions(nextHeader, 0, false, 0, false, 0);
        for (var seen = 0; IsExtension(result.Protocol); seen++)
        {
            var left = payload[result.Offset..];
            if (seen == MaxHeaders || left.Length < 8) return false;
            var length = result.Protocol switch
            {
                IpProtocols.Fragment => 8,
                IpProtocols.Ah => (left[1] + 2) * 4,
                _ => (left[1] + 1) * 8,
            };
            if (length > left.Length) return false;
            if (result.Protocol == IpProtocols.Fragment)
            {
                var offset = BinaryPrimitives.ReadUInt16BigEndian(left[2..]);
                result = result with
                {
                    IsFragment = true,
                    FragmentOffset = offset & 0xFFF8,
                    MoreFragments = (offset & 1) != 0,
                    FragmentId = BinaryPrimitives.ReadUInt32BigEndian(left[4..]),
                };
            }

            result = result with { Protocol = left[0], Offset = result.Offset + length };
            if (result.FragmentOffset > 0) break;
        }

        return true;
    }

    /// <summary>True for the headers that a walk passes (kernel: <c>ipv6_ext_hdr</c>, without <c>NEXTHDR_NONE</c>).</summary>
    public static bool IsExtension(byte header) => header is IpProtocols.HopByHop or IpProtocols.Routing
        or IpProtocols.Fragment or IpProtocols.Ah or IpProtocols.DestinationOptions;
}
