using NetActors.Buffers;
using NetActors.Links;
using NetActors.Time;

namespace NetActors.Nic;

/// <summary>From the chip into memory: the packet and what its descriptor says about it (kernel:
/// <c>ixgbe_process_skb_fields</c>).</summary>
public sealed partial class NicReceive
{
    /// <summary>
    /// Writes a frame to its ring at <paramref name="at"/>. False when no descriptor is posted. The packet is rented only now, though a
    /// driver allocates when it posts: a spent pool therefore shows as a descriptor that was not posted after all.
    /// </summary>
    private bool TryDma(in WireFrame frame, in RxVerdict verdict, KernelTime at)
    {
        var queue = _queues[verdict.Queue];
        var descriptors = queue.DescriptorsFor(frame.Length);
        if (queue.Ring.Posted < descriptors) return false;
        var skb = queue.Pool.Rent();
        if (skb is null)
        {
            queue.Ring.OnAllocationFailed();
            Statistics.AllocRxBuffFailed++;
            return false;
        }

        var bytes = _classifier.BytesOf(frame);
        skb.Reserve(HeadroomBytes);
        skb.MacHeader = skb.DataOffset;
        CopyBytes(bytes, verdict, skb);
        Describe(bytes, verdict, skb);
        skb.TrueSize = (descriptors * Model.RxBufferBytes) + SkBuff.StructBytes; // build_skb: 2304 for a frame in one buffer
        (skb.Arrival, skb.VisibleFrom, skb.Id) = (frame.Arrival, at, frame.Id);
        Statistics.RxPacketsNic++;
        Statistics.RxBytesNic += frame.Length;
        if (verdict.Type != PacketType.Host) CountGroup(verdict.Type);
        queue.Write(skb, descriptors);
        frame.Owner?.Free(SkbDropReason.CONSUMED);
        return true;
    }

    private void CopyBytes(ReadOnlySpan<byte> bytes, in RxVerdict verdict, SkBuff skb)
    {
        if (verdict.Layout.VlanTci < 0 || (Features & NicFeatures.RxVlan) == 0)
        {
            bytes.CopyTo(skb.Put(bytes.Length));
            return;
        }

        var stripped = skb.Put(bytes.Length - 4);
        bytes[..12].CopyTo(stripped);
        bytes[16..].CopyTo(stripped[12..]);
        skb.VlanTci = (ushort)verdict.Layout.VlanTci;
    }

    private void Describe(ReadOnlySpan<byte> bytes, in RxVerdict verdict, SkBuff skb)
    {
        skb.QueueMapping = (ushort)(verdict.Queue + 1);
        skb.PacketType = verdict.Type;
        if ((Features & NicFeatures.RxHash) != 0 && verdict.Hash.Type != RssHashType.None)
            (skb.Hash, skb.L4Hash) = (verdict.Hash.Value, verdict.Hash.Type == RssHashType.L4);
        if ((Features & NicFeatures.RxChecksum) == 0 || verdict.Layout.FlowType == FlowType.Ether) return;
        var result = RxChecksum.Test(bytes, verdict.Layout);
        if (result == RxChecksumResult.Good) skb.IpSummed = ChecksumState.Unnecessary;
        else if (result == RxChecksumResult.Bad) Statistics.RxCsumOffloadErrors++;
    }

    private void CountGroup(PacketType type)
    {
        if (type == PacketType.Broadcast) Statistics.Broadcast++;
        else if (type == PacketType.Multicast) Statistics.Multicast++;
    }
}
