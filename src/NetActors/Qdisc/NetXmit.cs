namespace NetActors.Qdisc;

/// <summary>What became of a packet that was given to a qdisc or a device (kernel: <c>NET_XMIT_*</c>, include/linux/netdevice.h).</summary>
[Flags]
public enum NetXmit
{
    /// <summary>Taken (<c>NET_XMIT_SUCCESS</c>).</summary>
    Success = 0,

    /// <summary>Dropped (<c>NET_XMIT_DROP</c>).</summary>
    Drop = 1,

    /// <summary>Congestion: another packet of the flow was dropped for it, or this one early (<c>NET_XMIT_CN</c>).</summary>
    CongestionNotified = 2,

    /// <summary>Success as far as the sender knows, but somebody else took the packet (<c>__NET_XMIT_STOLEN</c>).</summary>
    Stolen = 0x10000,

    /// <summary>Success as far as the sender knows, but the packet was dropped in between (<c>__NET_XMIT_BYPASS</c>).</summary>
    Bypass = 0x20000,
}

/// <summary>How to read a <see cref="NetXmit"/>.</summary>
public static class NetXmitResults
{
    /// <summary>What callers above the qdiscs see (kernel: <c>NET_XMIT_MASK</c>).</summary>
    public const NetXmit Mask = (NetXmit)0xFFFF;

    /// <summary>The parent has to count a drop (kernel: <c>net_xmit_drop_count</c>).</summary>
    public static bool CountsAsDrop(this NetXmit result) => (result & NetXmit.Stolen) == 0;

    /// <summary>An error for the sender: a packet was dropped, and not only congestion told (kernel: <c>net_xmit_errno</c>).</summary>
    public static bool IsError(this NetXmit result) => (result & Mask) == NetXmit.Drop;
}
