using System.Buffers.Binary;
using NetActors.Buffers;
using NetActors.Costs;
using NetActors.Headers;
using NetActors.Observe;
using NetActors.Tcp;
using NetActors.Tests.Apps.Streams;
using NetActors.Tests.Hosts;
using NetActors.Time;

namespace NetActors.Tests.Tcp;

/// <summary>Segments for a socket that a task has locked (specification section 11.3; kernel: <c>tcp_add_backlog</c>, <c>sk_add_backlog</c>).</summary>
public sealed class TcpBacklogTests : IDisposable
{
    private readonly SkbPool _pool = new(2048, 4096);
    private readonly List<SkBuff> _waiting = [];
    private readonly MibSet _mib = new();
    private readonly TcpControlBlock _block = TcpSocks.Established().Sock;
    private TcpBacklog _backlog;

    public void Dispose()
    {
        foreach (var skb in _waiting) skb.Free(SkbDropReason.CONSUMED);
    }

    /// <summary>6.18: 2 * rcvbuf + sndbuf / 2 + 64 KiB, 3.10: rcvbuf + sndbuf, of what waits and the receive queue together; looked at before adding.</summary>
    [Theory]
    [InlineData("6.x")]
    [InlineData("3.10")]
    public void Memory_bounds_it_and_the_last_one_may_go_over(string kernel)
    {
        var version = kernel == "3.10" ? KernelVersion.V310 : KernelVersion.V6;
        var limit = kernel == "3.10" ? _block.RcvBuf + _block.SndBuf : (2 * _block.RcvBuf) + (_block.SndBuf / 2) + 65_536;
        var fits = 0;
        for (uint seq = 0; Add(seq, version); seq += 2000) fits++; // each leaves a hole
        var truesize = _waiting[0].TrueSize;
        Assert.Equal((limit / truesize) + 1, fits);
        Assert.Equal(fits * truesize, _backlog.Bytes);
    }

    /// <summary>What continues the last segment becomes a part of it, above the limit too, until that has 17 fragments (MAX_SKB_FRAGS).</summary>
    [Fact]
    public void What_continues_the_last_segment_goes_with_it_even_above_the_limit()
    {
        uint seq = 0;
        while (Add(seq, KernelVersion.V6)) seq += 2000;
        seq -= 2000; // the last that fitted
        for (var i = 1; i < 17; i++) Assert.True(Add(seq += 1000, KernelVersion.V6));
        Assert.False(Add(seq += 1000, KernelVersion.V6));
        Assert.Equal(16, _mib[LinuxMib.TCPBacklogCoalesce]);
    }

    [Theory]
    [InlineData(TcpFlags.Ack | TcpFlags.Psh, 5, 0, true)]
    [InlineData(TcpFlags.Ack | TcpFlags.Fin, 5, 0, true)]
    [InlineData(TcpFlags.Ack | TcpFlags.Urg, 5, 0, false)]
    [InlineData(TcpFlags.Ack | TcpFlags.Rst, 5, 0, false)]
    [InlineData(TcpFlags.Ack | TcpFlags.Cwr, 5, 0, false)]
    [InlineData(TcpFlags.Ack, 6, 0, false)] // another option
    [InlineData(TcpFlags.Ack, 5, 3, false)] // CE
    public void Only_like_segments_are_put_together(TcpFlags flags, byte words, byte tos, bool together)
    {
        Assert.True(Add(0, KernelVersion.V6));
        Assert.True(Add(1000, KernelVersion.V6, flags, words, tos));
        Assert.Equal(together ? 1 : 0, _mib[LinuxMib.TCPBacklogCoalesce]);
    }

    [Fact]
    public void Linux_3_10_puts_nothing_together()
    {
        for (uint seq = 0; seq < 5000; seq += 1000) Assert.True(Add(seq, KernelVersion.V310));
        Assert.Equal(0, _mib[LinuxMib.TCPBacklogCoalesce]);
    }

    /// <summary>backlog.len is zeroed only when the queue is completely drained.</summary>
    [Fact]
    public void Its_memory_is_free_only_when_it_is_empty()
    {
        Add(0, KernelVersion.V6);
        Add(5000, KernelVersion.V6);
        var both = _backlog.Bytes;
        _backlog.OnTaken(_waiting[0]);
        Assert.Equal(both, _backlog.Bytes);
        _backlog.OnTaken(_waiting[1]);
        _backlog.Clear();
        Assert.Equal(0, _backlog.Bytes);
        Assert.True(Add(6000, KernelVersion.V6));
        Assert.Equal(0, _mib[LinuxMib.TCPBacklogCoalesce]); // the one that it would continue is gone
    }

    [Fact]
    public void Other_cpus_find_the_socket_locked_until_the_task_lets_go_of_it()
    {
        Assert.False(_backlog.IsOwned(1, KernelTime.Zero));
        _backlog.Lock(0);
        Assert.True(_backlog.IsOwned(1, KernelTime.FromSeconds(9)));
        Assert.False(_backlog.IsOwned(0, KernelTime.FromSeconds(9)));
        _backlog.Unlock(KernelTime.FromMicroseconds(50));
        Assert.True(_backlog.IsOwned(1, KernelTime.FromMicroseconds(49)));
        Assert.False(_backlog.IsOwned(1, KernelTime.FromMicroseconds(50)));
    }

    /// <summary>
    /// A reader on CPU 0 copies for long while CPU 1 takes segments in: they wait for it, are handled in its context on its CPU, and get one ACK
    /// for all (<c>tcp_backlog_ack_defer</c>).
    /// </summary>
    [Fact]
    public void What_comes_while_a_task_reads_is_handled_by_the_task()
    {
        var (plain, deferred) = (Read(defer: 0), Read(defer: 1));
        Assert.True(plain.Coalesced > 10, $"{plain}");
        Assert.True(deferred.Coalesced > 10, $"{deferred}");
        Assert.Equal(1_000_000, deferred.Bytes);
        Assert.Equal(1_000_000, plain.Bytes);
        Assert.True(deferred.Acks < plain.Acks * 0.8, $"{deferred.Acks} {plain.Acks}");
    }

    private static (long Coalesced, long Acks, long Bytes) Read(int defer)
    {
        var costs = CostModel.Zero.With(CostOp.CopyPerKiB, 30_000);
        using var run = new Running(
            $$"""
            duration: 10s
            cost-model: none
            hosts:
              client:
                cpus: 1
                devices: { eth0: { addresses: [10.0.0.2/24], queues: 1, features: { tso: off, gso: off } } }
                tasks: [ { name: stream, program: tcp-stream, connect: "10.0.0.1:5001", bytes: 1000000B } ]
              server:
                cpus: 2
                sysctl: { net.ipv4.tcp_backlog_ack_defer: {{defer}} }
                devices: { eth0: { addresses: [10.0.0.1/24], queues: 1, features: { gro: off }, smp_affinity_list: { eth0-TxRx-0: "1" } } }
                tasks: [ { name: sink, program: tcp-server, does: discard, io: blocking, cpus: "0", bind: "0.0.0.0:5001" } ]
            wires: [ { between: [client.eth0, server.eth0], rate: 1Gbit, delay: 50us } ]
            """,
            costs);
        run.Until(2_000_000);
        var mib = run.Snapshot.Hosts[1].Mib;
        return (mib[LinuxMib.TCPBacklogCoalesce], mib[TcpMib.OutSegs], StreamRun.Of(run, "sink").BytesReceived);
    }

    private bool Add(uint seq, KernelVersion kernel, TcpFlags flags = TcpFlags.Ack, byte words = 5, byte tos = 0)
    {
        var skb = _pool.Rent()!;
        var bytes = skb.Put((words * 4) + 1000);
        bytes.Clear();
        BinaryPrimitives.WriteUInt32BigEndian(bytes[4..], seq);
        bytes[12] = (byte)(words << 4);
        bytes[13] = (byte)flags;
        skb.Cb.Tos = tos;
        _waiting.Add(skb);
        return _backlog.TryAdd(skb, _block, kernel, shared: false, _mib);
    }
}
