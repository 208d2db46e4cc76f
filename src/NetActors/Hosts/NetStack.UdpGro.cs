using NetActors.Buffers;
using NetActors.Gro;
using NetActors.Gso;
using NetActors.Headers;
using NetActors.Udp;

namespace NetActors.Hosts;

/// <content>Datagrams that come as one (kernel: <c>udp_queue_rcv_skb</c>, <c>udp_rcv_segment</c>).</content>
internal sealed partial class NetStack
{
    /// <summary>Who wants datagrams of a device merged, which has <c>rx-udp-gro-forwarding</c> on while <paramref name="isForForwarding"/> says so.</summary>
    public IGroSockets GroSockets(Func<bool> isForForwarding) => new UdpGroSockets(this, isForForwarding);

    /// <summary>
    /// Makes of a packet that stands for many datagrams what the socket takes: in one piece for one with UDP_GRO, else the datagrams.
    /// </summary>
    /// <returns>True when it is done with, the datagrams queued or dropped; false: <paramref name="skb"/> is to be queued.</returns>
    private bool UnmergeFor(HostCpu cpu, UdpSocket socket, ref SkBuff skb)
    {
        if (socket.IsGro)
        {
            if (skb.Shared.FragList is null && skb.Shared.NrFrags == 0) return false;
            var trueSize = skb.TrueSize;
            if (MakePrivate(cpu, skb) is not { } whole) return true;
            whole.TrueSize = trueSize; // Linux reads it where it lies
            skb = whole;
            return false;
        }

        var link = skb.NetworkHeader - EthernetHeader.Size; // where cutters begin
        skb.Push(skb.DataOffset - Math.Max(link, 0));
        if (link < 0 || !GsoSegmenter.CanSegment(skb))
        {
            cpu.Drop(skb, SkbDropReason.SKB_GSO_SEG);
            return true;
        }

        var hand = cpu.Hand;
        var count = GsoSegmenter.Count(skb);
        for (var i = 0; i < count; i++)
        {
            if (cpu.PoolFor(GsoSegmenter.HeaderLength(skb) + skb.Shared.GsoSize).Rent() is not { } segment)
            {
                socket.Buffer.CountDrop();
                continue;
            }

            cpu.CountOriginated();
            cpu.Hand = segment;
            GsoSegmenter.Write(skb, i, segment);
            segment.MarkAs(skb, isFirst: i == 0);
            Arrange(segment, skb);
            QueueToSocket(cpu, socket, segment);
        }

        cpu.Hand = hand;
        cpu.Consume(skb);
        return true;
    }

    /// <summary>A datagram cut out of a received packet stands at its transport header, as that did.</summary>
    private static void Arrange(SkBuff segment, SkBuff large)
    {
        const int Headers = EthernetHeader.Size + Ipv4Header.Size;
        (segment.MacHeader, segment.NetworkHeader, segment.TransportHeader) = (segment.DataOffset, segment.DataOffset + EthernetHeader.Size, segment.DataOffset + Headers);
        segment.Pull(Headers); // receive offload merges none with options
        (segment.PacketType, segment.NapiId, segment.IpSummed) = (large.PacketType, large.NapiId, ChecksumState.Unnecessary);
        segment.Cb.PayloadLength = segment.Length - UdpHeader.Size;
    }
}
