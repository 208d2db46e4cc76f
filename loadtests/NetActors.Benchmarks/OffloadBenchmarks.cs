using BenchmarkDotNet.Attributes;
using NetActors.Buffers;
using NetActors.DataLink;
using NetActors.Gro;
using NetActors.Gso;
using NetActors.Headers;
using NetActors.Time;

namespace NetActors.Benchmarks;

/// <summary>A train of full segments merged by receive offload, and cut again; per segment.</summary>
[MemoryDiagnoser]
public class OffloadBenchmarks
{
    private const int Segments = 44;
    private const int Payload = 1448;
    private readonly SkbPool _pool = new(2048, 2 * Segments);
    private readonly GroEngine _gro = new(KernelVersion.V6, Jiffies.Exact);
    private readonly byte[][] _frames = new byte[Segments][];
    private SkBuff _large = null!;

    [GlobalSetup]
    public void Build()
    {
        _large = new SkbPool(70_000, 1).Rent()!;
        var bytes = _large.Put(EthernetHeader.Size + Ipv4Header.Size + TcpHeader.Size + (Segments * Payload));
        bytes[12] = 8;
        _ = Ipv4Header.TryOverlay(bytes[EthernetHeader.Size..], out var ip);
        (ip.Version, ip.Ihl, ip.Ttl, ip.Protocol, ip.DontFragment) = (4, 5, 64, IpProtocols.Tcp, true);
        _ = TcpHeader.TryOverlay(bytes[(EthernetHeader.Size + Ipv4Header.Size)..], out var tcp);
        (tcp.DataOffset, tcp.Flags, tcp.Window, tcp.SourcePort, tcp.DestinationPort) = (5, TcpFlags.Ack, 500, 1, 2);
        _large.Shared.GsoSize = Payload;
        for (var i = 0; i < Segments; i++)
        {
            var skb = _pool.Rent()!;
            GsoSegmenter.Write(_large, i, skb);
            _frames[i] = skb.Data.ToArray();
            skb.Free(SkbDropReason.CONSUMED);
        }
    }

    /// <summary>Each segment into a packet of its own, checksum and all.</summary>
    [Benchmark(OperationsPerInvoke = Segments)]
    public void Gso()
    {
        for (var i = 0; i < Segments; i++)
        {
            var skb = _pool.Rent()!;
            GsoSegmenter.Write(_large, i, skb);
            skb.Free(SkbDropReason.CONSUMED);
        }
    }

    /// <summary>Segments as a card leaves them, checksums tested, merged into one packet.</summary>
    [Benchmark(OperationsPerInvoke = Segments)]
    public void Gro()
    {
        foreach (var frame in _frames)
        {
            var skb = _pool.Rent()!;
            frame.CopyTo(skb.Put(frame.Length));
            skb.IpSummed = ChecksumState.Unnecessary;
            EthernetInput.TypeTrans(skb, default);
            _gro.Receive(skb, true, KernelTime.Zero);
        }

        _gro.Flush(false, KernelTime.Zero);
        while (_gro.TryTakeUp(out var up)) up.Free(SkbDropReason.CONSUMED);
    }
}
