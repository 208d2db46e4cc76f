using NetActors.Buffers;

namespace NetActors.Xdp;

/// <summary>A frame in the hands of an XDP program (kernel: <c>struct xdp_buff</c>, <c>struct xdp_md</c>).</summary>
public readonly ref struct XdpBuff
{
    private readonly SkBuff _skb;
    private readonly ref int _target;

    internal XdpBuff(SkBuff skb, int queue, int ifIndex, ref int target)
    {
        (_skb, RxQueueIndex, IngressIfIndex) = (skb, queue, ifIndex);
        _target = ref target;
    }

    /// <summary>The bytes, to be read and changed.</summary>
    public Span<byte> Data => _skb.Data;

    /// <summary>The queue it came by.</summary>
    public int RxQueueIndex { get; }

    /// <summary>The device it came by.</summary>
    public int IngressIfIndex { get; }

    internal SkBuff Skb => _skb;

    /// <summary>Takes bytes off the front (positive) or opens room there (negative). False when there are not so many (<c>bpf_xdp_adjust_head</c>).</summary>
    public bool AdjustHead(int bytes)
    {
        if (bytes >= 0) return bytes < _skb.HeadLength && _skb.Pull(bytes);
        if (-bytes > _skb.Headroom) return false;
        _skb.Push(-bytes);
        return true;
    }

    /// <summary>Cuts (negative) or lengthens (positive, with zeros) the end. False when that cannot be (<c>bpf_xdp_adjust_tail</c>).</summary>
    public bool AdjustTail(int bytes)
    {
        if (bytes > _skb.Tailroom || -bytes >= _skb.HeadLength) return false;
        if (bytes > 0) _skb.Put(bytes).Clear();
        else _skb.Trim(_skb.HeadLength + bytes);
        return true;
    }

    /// <summary>Chooses the device that sends it, and answers <see cref="XdpAction.Redirect"/> (<c>bpf_redirect</c>).</summary>
    /// <param name="ifIndex">Its number on the host.</param>
    public XdpAction RedirectTo(int ifIndex)
    {
        _target = ifIndex;
        return XdpAction.Redirect;
    }
}
