using System.Buffers.Binary;
using NetActors.Buffers;

namespace NetActors.Filters;

/// <summary>A packet as a filter sees it: bytes from where its socket's layer begins, and what is known of it.</summary>
/// <param name="skb">The packet; its data begins where offset 0 is.</param>
/// <param name="cpu">CPU that runs the filter.</param>
/// <param name="random">Random bits for the filters that ask for them.</param>
internal readonly ref struct BpfPacket(SkBuff skb, int cpu, uint random = 0)
{
    /// <summary>Bytes.</summary>
    public uint Length => (uint)skb.Length;

    /// <summary>Loads a number in network order. False when it lies outside (kernel: <c>bpf_skb_load_helper_*</c>).</summary>
    public bool TryLoad(int offset, int size, out uint value)
    {
        value = 0;
        if (offset < 0) return TryLoadBefore(offset, size, out value);
        if (offset > skb.Length - size) return false;
        Span<byte> bytes = stackalloc byte[4];
        if (offset + size <= skb.HeadLength) skb.Data.Slice(offset, size).CopyTo(bytes);
        else CopyBits(offset, bytes[..size]);
        value = Number(bytes, size);
        return true;
    }

    /// <summary>What is known of the packet (kernel: <c>convert_bpf_extensions</c>).</summary>
    public uint Ancillary(BpfAncillary what, uint a, uint x) => what switch
    {
        BpfAncillary.Protocol => skb.Protocol,
        BpfAncillary.PacketType => (uint)skb.PacketType,
        BpfAncillary.IfIndex => (uint)skb.IfIndex,
        BpfAncillary.Mark => skb.Mark,
        BpfAncillary.Queue => skb.QueueMapping,
        BpfAncillary.HardwareType => 1, // ARPHRD_ETHER
        BpfAncillary.RxHash => skb.Hash,
        BpfAncillary.Cpu => (uint)cpu,
        BpfAncillary.AluXorX => a ^ x,
        BpfAncillary.VlanTag => skb.VlanTci ?? 0u,
        BpfAncillary.VlanTagPresent => skb.VlanTci is null ? 0u : 1u,
        BpfAncillary.PayloadOffset => skb.Cb.PayloadLength > 0 ? (uint)Math.Max(skb.Length - skb.Cb.PayloadLength, 0) : Length,
        BpfAncillary.Random => random,
        BpfAncillary.VlanTpid => skb.VlanTci is null ? 0u : 0x8100u,
        _ => 0, // attributes of netlink messages: there are none here
    };

    private static uint Number(ReadOnlySpan<byte> bytes, int size) => size switch
    {
        1 => bytes[0],
        2 => BinaryPrimitives.ReadUInt16BigEndian(bytes),
        _ => BinaryPrimitives.ReadUInt32BigEndian(bytes),
    };

    /// <summary>From a header, wherever data begins (kernel: <c>bpf_internal_load_pointer_neg_helper</c>); in the linear part only.</summary>
    private bool TryLoadBefore(int offset, int size, out uint value)
    {
        value = 0;
        int at;
        if (offset >= BpfCodes.NetworkOffset) at = skb.NetworkHeader + offset - BpfCodes.NetworkOffset;
        else if (offset >= BpfCodes.LinkOffset) at = skb.MacHeader + offset - BpfCodes.LinkOffset;
        else return false;
        var bytes = skb.HeadFrom(at);
        if (bytes.Length < size) return false;
        value = Number(bytes, size);
        return true;
    }

    private void CopyBits(int offset, Span<byte> bytes)
    {
        for (var i = 0; i < bytes.Length; i++) bytes[i] = ByteAt(offset + i);
    }

    private byte ByteAt(int offset)
    {
        if (offset < skb.HeadLength) return skb.Data[offset];
        offset -= skb.HeadLength;
        foreach (ref readonly var frag in skb.Shared.Frags)
        {
            if (offset < frag.Length) return frag.Span[offset];
            offset -= frag.Length;
        }

        return 0;
    }
}
