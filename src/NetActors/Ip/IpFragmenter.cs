using NetActors.Buffers;
using NetActors.Headers;
using NetActors.Observe;
using NetActors.Sockets;

namespace NetActors.Ip;

/// <summary>
/// Cuts a packet into fragments, one at a time, into packets of a pool (RFC 791 section 3.2; kernel: <c>ip_do_fragment</c>, its slow
/// path). Begin, then <see cref="TryNext"/> until it answers false, then look at <see cref="Error"/>.
/// </summary>
public ref struct IpFragmenter
{
    private readonly SkBuff _skb;
    private readonly SkbPool _pool;
    private readonly MibSet _mib;
    private readonly int _headroom;
    private readonly int _headerLength;
    private readonly int _room; // of a fragment for payload
    private int _offset;

    /// <summary>Begins to cut a packet whose data starts at its IP header.</summary>
    /// <param name="skb">The packet; stays the caller's, who frees it at the end: as consumed, or by <see cref="Error"/>.</param>
    /// <param name="mtu">Largest fragment in bytes.</param>
    /// <param name="headroom">Free bytes in front of each fragment for the link header.</param>
    /// <param name="pool">Where fragments come from.</param>
    /// <param name="mib">Counters.</param>
    public IpFragmenter(SkBuff skb, int mtu, int headroom, SkbPool pool, MibSet mib)
    {
        (_skb, _pool, _mib, _headroom) = (skb, pool, mib, headroom);
        Ipv4Header.TryOverlay(skb.Data, out var ip);
        _headerLength = ip.HeaderLength;
        _room = mtu - _headerLength;
        if (ip.DontFragment || _room < 8) Fail(Errno.EMSGSIZE);
    }

    /// <summary>
    /// None; EMSGSIZE when the packet may not be cut; ENOMEM when the pool was spent. Fragments already given out stay out.
    /// </summary>
    public Errno Error { get; private set; }

    /// <summary>The next fragment, the caller's from now on. False at the end and after an error.</summary>
    public bool TryNext([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out SkBuff? fragment)
    {
        fragment = null;
        var left = _skb.Length - _headerLength - _offset;
        if (Error != Errno.None || left <= 0) return false;
        var length = left <= _room ? left : _room & ~7; // only the last may end anywhere
        fragment = _pool.Rent(_headroom + _headerLength + length);
        if (fragment is null)
        {
            Fail(Errno.ENOMEM);
            return false;
        }

        fragment.Reserve(_headroom);
        SkbChecksum.CopyBits(_skb, 0, fragment.Put(_headerLength));
        SkbChecksum.CopyBits(_skb, _headerLength + _offset, fragment.Put(length));
        CopyMarks(_skb, fragment);
        WriteHeader(fragment, length, more: left > length);
        _offset += length;
        _mib.Add(IpMib.FragCreates);
        if (left == length) _mib.Add(IpMib.FragOKs);
        return true;
    }

    private readonly void WriteHeader(SkBuff fragment, int length, bool more)
    {
        Ipv4Header.TryOverlay(fragment.Data, out var ip);
        var (offset, last) = (ip.FragmentOffset, !ip.MoreFragments); // a fragment may be cut again
        ip.FragmentOffset = offset + _offset;
        ip.MoreFragments = more || !last;
        ip.TotalLength = (ushort)(_headerLength + length);
        if (_offset > 0 && offset == 0) DropUncopiedOptions(ip.Options); // of a later fragment they are as they should be
        ip.FillChecksum();
        fragment.NetworkHeader = fragment.DataOffset;
        fragment.TransportHeader = fragment.DataOffset + _headerLength;
    }

    /// <summary>Options that only the first fragment carries become fillers (kernel: <c>ip_options_fragment</c>).</summary>
    private static void DropUncopiedOptions(Span<byte> options)
    {
        foreach (var option in new Ipv4Options(options))
        {
            if (!option.IsCopied) options.Slice(option.Offset, option.Length).Fill(Ipv4Option.NoOperation);
        }
    }

    /// <summary>Kernel: <c>ip_copy_metadata</c>.</summary>
    private static void CopyMarks(SkBuff from, SkBuff to)
    {
        (to.PacketType, to.Priority, to.Protocol, to.IfIndex) = (from.PacketType, from.Priority, from.Protocol, from.IfIndex);
        (to.Mark, to.Hash, to.L4Hash, to.SwHash, to.Tstamp) = (from.Mark, from.Hash, from.L4Hash, from.SwHash, from.Tstamp);
        to.Cb = from.Cb;
    }

    private void Fail(Errno error)
    {
        Error = error;
        _mib.Add(IpMib.FragFails);
    }
}
