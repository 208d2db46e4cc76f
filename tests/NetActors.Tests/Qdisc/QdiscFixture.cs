using System.Buffers.Binary;
using NetActors.Buffers;
using NetActors.Qdisc;
using NetActors.Time;

namespace NetActors.Tests.Qdisc;

/// <summary>A device without anything below: packets, a clock moved by hand, and what was dropped.</summary>
internal sealed class QdiscFixture : IQdiscSink
{
    private readonly SkbPool _pool = new(2048, 50_000);
    private long _id;

    public QdiscFixture(int txQueueLength = 1000, KernelVersion kernel = KernelVersion.V6, ulong seed = 1) =>
        Context = new QdiscContext(this, new KernelRandom(seed), 1500, txQueueLength, kernel);

    public QdiscContext Context { get; }

    public List<(SkbDropReason Reason, uint Flow, long Id)> Drops { get; } = [];

    public List<(string Device, bool Ingress)> Redirected { get; } = [];

    public long Outstanding => _pool.Outstanding;

    public KernelTime Now { get; set; } = KernelTime.FromSeconds(1);

    /// <summary>A configured qdisc by its words, such as "fq quantum 3000".</summary>
    public T Make<T>(string words)
        where T : QdiscBase
    {
        var kind = words.Split(' ')[0];
        var qdisc = QdiscKinds.Create(kind, Context)!;
        qdisc.SetHandle(0x10000);
        var rest = new TcWords(words[kind.Length..]);
        qdisc.Configure(rest, Now);
        Assert.Null(rest.Fault);
        return (T)qdisc;
    }

    /// <summary>An IPv4 packet of so many bytes on the link.</summary>
    public SkBuff Packet(int bytes = 1514, uint flow = 1, uint priority = 0, byte ecn = 0, ushort port = 5000)
    {
        var skb = _pool.Rent()!;
        skb.Reserve(32);
        var frame = skb.Put(bytes);
        frame.Clear();
        skb.NetworkHeader = skb.DataOffset + 14;
        if (bytes >= 42)
        {
            var ip = frame[14..];
            (ip[0], ip[1], ip[8], ip[9]) = (0x45, ecn, 64, 17);
            BinaryPrimitives.WriteUInt16BigEndian(ip[2..], (ushort)(bytes - 14));
            BinaryPrimitives.WriteUInt32BigEndian(ip[12..], 0x0A000001);
            BinaryPrimitives.WriteUInt32BigEndian(ip[16..], 0x0A000002);
            BinaryPrimitives.WriteUInt16BigEndian(ip[20..], (ushort)(1024 + flow));
            BinaryPrimitives.WriteUInt16BigEndian(ip[22..], port);
            BinaryPrimitives.WriteUInt16BigEndian(ip[24..], (ushort)(bytes - 34));
        }

        (skb.Protocol, skb.Priority, skb.Hash, skb.Id, skb.Cb.PacketLength) = (0x0800, priority, flow, ++_id, bytes);
        return skb;
    }

    public NetXmit Enqueue(QdiscBase qdisc, int bytes = 1514, uint flow = 1, uint priority = 0) =>
        qdisc.Enqueue(Packet(bytes, flow, priority), Now);

    /// <summary>Takes a packet and frees it. Its id; 0 for none.</summary>
    public long Take(QdiscBase qdisc) => Take(qdisc, out _);

    public long Take(QdiscBase qdisc, out SkBuff? skb)
    {
        skb = qdisc.Dequeue(Now);
        if (skb is null) return 0;
        var id = skb.Id;
        skb.Free(SkbDropReason.CONSUMED);
        return id;
    }

    /// <summary>Lets the qdisc send on a line that is free until <paramref name="until"/>, going from watchdog to watchdog.</summary>
    public List<(KernelTime At, long Id, int Bytes, uint Flow)> Drain(QdiscBase qdisc, KernelTime until)
    {
        var sent = new List<(KernelTime, long, int, uint)>();
        while (true)
        {
            Context.ClearWatchdog();
            while (qdisc.Dequeue(Now) is { } skb)
            {
                sent.Add((Now, skb.Id, skb.Cb.PacketLength, skb.Hash));
                skb.Free(SkbDropReason.CONSUMED);
            }

            if (Context.Watchdog.IsNever || Context.Watchdog > until) return sent;
            Now = KernelTime.Max(Now + new KernelTime(1), Context.Watchdog);
        }
    }

    public void Drop(SkBuff skb, SkbDropReason reason)
    {
        Drops.Add((reason, skb.Hash, skb.Id));
        skb.Free(reason);
    }

    public bool Redirect(SkBuff skb, string device, bool ingress)
    {
        if (device == "nowhere") return false;
        Redirected.Add((device, ingress));
        skb.Free(SkbDropReason.CONSUMED);
        return true;
    }

    public uint Hash(SkBuff skb) => skb.Hash * 0x9E3779B1;

    public SkBuff? Clone(SkBuff skb) => skb.Clone(_pool);

    /// <summary>Frames of a kilobyte.</summary>
    public SkBuff? Segment(SkBuff skb)
    {
        SkBuff? first = null;
        for (var left = skb.Cb.PacketLength; left > 0; left -= 1000)
        {
            var segment = Packet(Math.Min(1000, left), skb.Hash);
            (segment.Next, first) = (first, segment);
        }

        skb.Free(SkbDropReason.CONSUMED);
        return first;
    }

    public bool Unshare(ref SkBuff skb)
    {
        var copy = _pool.Rent()!;
        copy.Reserve(skb.DataOffset);
        skb.Data.CopyTo(copy.Put(skb.HeadLength));
        (copy.NetworkHeader, copy.Protocol, copy.Hash, copy.Id, copy.Cb) = (skb.NetworkHeader, skb.Protocol, skb.Hash, skb.Id, skb.Cb);
        skb.Free(SkbDropReason.CONSUMED);
        skb = copy;
        return true;
    }

    /// <summary>Some byte of the packet is not what <see cref="Packet"/> wrote.</summary>
    public bool IsTouched(SkBuff skb)
    {
        var same = Packet(skb.HeadLength, skb.Hash, skb.Priority);
        var touched = !same.Data.SequenceEqual(skb.Data);
        same.Free(SkbDropReason.CONSUMED);
        return touched;
    }

    /// <summary>What <c>tc -s qdisc</c> shows of it.</summary>
    public static string Options(QdiscBase qdisc)
    {
        var text = new System.Text.StringBuilder();
        qdisc.DumpOptions(text);
        return text.ToString();
    }
}
