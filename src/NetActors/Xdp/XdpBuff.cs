using NetActors.Buffers;

namespace NetActors.Xdp;

/// <summary>A frame in the hands of an XDP program (kernel: <c>struct xdp_buff</c>, <c>struct xdp_md</c>).</summary>
public readonly ref struct XdpBuff
{
    private readonly SkBuff _skb;
    private readonly ref XdpTarget _target;

    internal XdpBuff(SkBuff skb, int queue, int ifIndex, ref XdpTarget target)
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
        _target = new XdpTarget { IfIndex = ifIndex };
        return XdpAction.Redirect;
    }

    /// <summary>Chooses the CPU that goes on with it (<c>bpf_redirect_map</c> on a CPUMAP).</summary>
    /// <param name="map">The map.</param>
    /// <param name="cpu">Number of the CPU on the host.</param>
    /// <param name="otherwise">What to do when the map has no such entry.</param>
    public XdpAction RedirectTo(CpuMap map, int cpu, XdpAction otherwise = XdpAction.Aborted)
    {
        ArgumentNullException.ThrowIfNull(map);
        _target = new XdpTarget { Cpu = map.Find(cpu) };
        return _target.Cpu is null ? otherwise : XdpAction.Redirect;
    }

    /// <summary>Chooses the AF_XDP socket of a queue (<c>bpf_redirect_map</c> on an XSKMAP).</summary>
    /// <param name="map">The map.</param>
    /// <param name="queue">The queue, which must be the one that the frame came by.</param>
    /// <param name="otherwise">What to do when the map has no such entry.</param>
    public XdpAction RedirectTo(XskMap map, int queue, XdpAction otherwise = XdpAction.Aborted)
    {
        ArgumentNullException.ThrowIfNull(map);
        _target = new XdpTarget { Socket = map[queue] };
        return _target.Socket is null ? otherwise : XdpAction.Redirect;
    }
}
