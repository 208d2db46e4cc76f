using BenchmarkDotNet.Attributes;
using NetActors.Buffers;
using NetActors.Qdisc;
using NetActors.Time;

namespace NetActors.Benchmarks;

/// <summary>A packet into a qdisc and one out of it, with 64 of eight flows waiting.</summary>
[MemoryDiagnoser]
public class QdiscBenchmarks : IQdiscSink
{
    private const int Waiting = 64;
    private readonly SkBuff[] _packets = new SkBuff[Waiting * 2];
    private QdiscBase _qdisc = null!;
    private KernelTime _now = KernelTime.FromSeconds(1);
    private int _next;

    /// <summary>Its words.</summary>
    [Params("pfifo", "pfifo_fast", "prio", "tbf rate 100gbit burst 10mb limit 10mb", "fq", "codel", "fq_codel",
        "red limit 4000000 min 1000000 max 3000000 avpkt 1000", "htb default 1", "netem delay 1us")]
    public string Words { get; set; } = "";

    [GlobalSetup]
    public void Fill()
    {
        var pool = new SkbPool(2048, _packets.Length);
        var kind = Words.Split(' ')[0];
        _qdisc = QdiscKinds.Create(kind, new QdiscContext(this, new KernelRandom(1)))!;
        _qdisc.SetHandle(0x10000);
        _qdisc.Configure(new TcWords(Words[kind.Length..]), _now);
        if (_qdisc is Htb) _qdisc.AddClass(0x10001, 0x10000, false, new TcWords("rate 100gbit burst 10mb cburst 10mb"), _now);
        for (var i = 0; i < _packets.Length; i++)
        {
            var skb = _packets[i] = pool.Rent()!;
            skb.Put(1514);
            (skb.Hash, skb.Cb.PacketLength) = ((uint)(i % 8) * 0x20000001, 1514);
        }

        for (var i = 0; i < Waiting; i++) _qdisc.Enqueue(_packets[_next++], _now);
    }

    /// <summary>One in, one out.</summary>
    [Benchmark]
    public SkBuff? EnqueueAndDequeue()
    {
        _now += new KernelTime(1000);
        _qdisc.Enqueue(_packets[_next], _now);
        var skb = _qdisc.Dequeue(_now);
        if (skb is not null) _packets[_next] = skb;
        return skb;
    }

    /// <inheritdoc />
    public void Drop(SkBuff skb, SkbDropReason reason) => throw new InvalidOperationException($"{Words} dropped: {reason}");

    /// <inheritdoc />
    public bool Redirect(SkBuff skb, string device, bool ingress) => false;

    /// <inheritdoc />
    public uint Hash(SkBuff skb) => skb.Hash;

    /// <inheritdoc />
    public SkBuff? Clone(SkBuff skb) => null;

    /// <inheritdoc />
    public SkBuff? Segment(SkBuff skb) => null;

    /// <inheritdoc />
    public bool Unshare(ref SkBuff skb) => false;
}
