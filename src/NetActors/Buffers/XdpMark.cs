namespace NetActors.Buffers;

/// <summary>What XDP has done with a packet.</summary>
internal enum XdpMark : byte
{
    /// <summary>Nothing, or let it pass.</summary>
    None,

    /// <summary>Redirected or sent before it was an sk_buff (kernel: <c>struct xdp_frame</c>).</summary>
    Frame,

    /// <summary>Redirected as an sk_buff: no program sees it again (kernel: <c>skb_is_redirected</c>).</summary>
    Redirected,
}
