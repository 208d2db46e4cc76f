using NetActors.Buffers;
using NetActors.DataLink;
using NetActors.Gro;
using NetActors.Headers;
using NetActors.Ip;
using NetActors.Tests.Nic;
using NetActors.Time;

namespace NetActors.Tests.Gro;

/// <summary>Gives frames to receive offload as one poll does and collects what goes up.</summary>
internal sealed class GroBench(KernelVersion kernel = KernelVersion.V6, int hz = 0) : IGroSockets
{
    public SkbPool Pool { get; } = new(2048, 4096);

    public GroEngine Engine { get; } = new(kernel, Jiffies.OfHz(hz));

    public KernelTime Now { get; set; }

    public bool IsOn { get; set; } = true;

    public uint Hash { get; set; }

    public bool IsLossy { get; set; }

    public bool AnyWantsGro { get; set; }

    public GroResult Receive(GroFrame frame) => Receive(frame.ToBytes());

    public GroResult Receive(byte[] frame, int ifIndex = 1)
    {
        var skb = Pool.Rent()!;
        frame.CopyTo(skb.Put(frame.Length));
        skb.IfIndex = ifIndex;
        (skb.Hash, Engine.Sockets) = (Hash, this);
        Assert.Equal(SkbDropReason.NOT_DROPPED_YET, EthernetInput.TypeTrans(skb, new MacAddress(Frames.Device)));
        return Engine.Receive(skb, IsOn, Now, IsLossy);
    }

    /// <summary>The packets that have gone up, from their link header on.</summary>
    public List<GroUp> TakeUp()
    {
        var up = new List<GroUp>();
        while (Engine.TryTakeUp(out var skb))
        {
            var bytes = new byte[skb.Length + EthernetHeader.Size];
            skb.From(skb.MacHeader)[..EthernetHeader.Size].CopyTo(bytes);
            SkbChecksum.CopyBits(skb, 0, bytes.AsSpan(EthernetHeader.Size));
            up.Add(new GroUp(bytes, skb.Shared.GsoSize, skb.Shared.GsoSegs, skb.TrueSize, skb.IpSummed));
            skb.Free(SkbDropReason.CONSUMED);
        }

        return up;
    }

    /// <summary>The poll ends, and what was held goes up too.</summary>
    public List<GroUp> End()
    {
        Engine.Flush(false, Now);
        return TakeUp();
    }

    public bool WantsGro(SkBuff skb, uint source, ushort sourcePort, uint destination, ushort destinationPort) => destinationPort == 9000;
}

/// <summary>A packet that went up.</summary>
internal sealed record GroUp(byte[] Frame, int GsoSize, int GsoSegs, int TrueSize, ChecksumState Summed);
