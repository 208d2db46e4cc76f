using NetActors.Sockets;
using NetActors.Tcp;
using NetActors.Time;

namespace NetActors.Tests.Tcp;

/// <summary>Two connections over bad wires: every byte arrives once and in order, then both are gone without a trace.</summary>
public class TcpStreamTests
{
    private static readonly TcpSysctls Linux = new();

    public static TheoryData<ulong, double, double, double, double> Wires => new()
    {
        { 1, 0, 0, 0, 0 },
        { 2, 0.01, 0, 0, 0 },
        { 3, 0.05, 0.02, 0.05, 0 },
        { 4, 0.2, 0.1, 0.2, 0 },
        { 5, 0, 0.3, 0.5, 0 },
        { 6, 0.02, 0.01, 0.1, 0.1 },
        { 7, 0.1, 0, 0, 0.02 },
    };

    [Theory]
    [MemberData(nameof(Wires))]
    public void Established_delivers_every_byte_both_ways(ulong seed, double loss, double duplication, double reordering, double marking)
    {
        foreach (var algorithm in new[] { "reno", "cubic", "dctcp" })
        {
            var wire = Connected(seed, algorithm, loss, duplication, reordering, marking);
            var streams = new[] { new Transfer(wire, 0, 300_000), new Transfer(wire, 1, 120_000) };
            Watch(wire);
            Run(wire, streams, KernelTime.FromSeconds(5000));
            Assert.All(streams, stream => Assert.True(stream.IsDone, $"{algorithm}: {stream}"));
            CloseBoth(wire);
        }
    }

    [Fact]
    public void Simultaneous_open_over_a_lossy_wire_connects_and_talks()
    {
        var wire = Make(11, "cubic", 0.1, 0, 0.1, 0);
        wire.Ends[0].Connect(1000, 5, wire.Now);
        wire.Ends[1].Connect(uint.MaxValue - 5, 7, wire.Now);
        wire.Take(0);
        wire.Take(1);
        var streams = new[] { new Transfer(wire, 0, 20_000), new Transfer(wire, 1, 20_000) };
        Run(wire, streams, KernelTime.FromSeconds(3000));
        Assert.All(streams, stream => Assert.True(stream.IsDone, stream.ToString()));
        CloseBoth(wire);
    }

    [Fact]
    public void A_slow_reader_closes_the_window_and_still_gets_everything()
    {
        var wire = Connected(12, "cubic", 0.02, 0, 0, 0);
        var stream = new Transfer(wire, 0, 400_000) { BytesPerRead = 3000, ReadEvery = KernelTime.FromMilliseconds(40) };
        Watch(wire);
        Run(wire, [stream], KernelTime.FromSeconds(5000));
        Assert.True(stream.IsDone, stream.ToString());
        Assert.True(wire.Ends[1].RcvBuf <= Linux.TcpRmem.Max);
        CloseBoth(wire);
    }

    [Fact]
    public void A_bulk_stream_over_a_clean_wire_grows_window_and_buffers()
    {
        var wire = Connected(13, "cubic", 0, 0, 0, 0);
        var stream = new Transfer(wire, 0, 6_000_000);
        var (rcvBuf, sndBuf) = (wire.Ends[1].RcvBuf, wire.Ends[0].SndBuf);
        var from = wire.Now;
        Run(wire, [stream], KernelTime.FromSeconds(100));
        Assert.True(stream.IsDone, stream.ToString());
        Assert.True(wire.Ends[1].RcvBuf > rcvBuf, "DRS raises the receive buffer"); // tcp_rcv_space_adjust
        Assert.True(wire.Ends[0].SndBuf > sndBuf, "the send buffer follows cwnd"); // tcp_new_space
        Assert.Equal(0, wire.Ends[0].Sender.TotalRetrans == 0 ? 0 : 1);
        Assert.True((wire.Now - from).Seconds < 3, $"took {(wire.Now - from).Seconds} s at a round trip of 20 ms");
    }

    [Theory]
    [InlineData("tahoe")]
    [InlineData("reno")]
    [InlineData("cubic")]
    [InlineData("dctcp")]
    [InlineData("bbr")]
    public void Wires_drawn_at_random_deliver_every_byte_to_readers_of_any_pace(string algorithm)
    {
        for (ulong seed = 100; seed < 125; seed++)
        {
            var random = new KernelRandom(seed);
            double[] faults = [.. Enumerable.Range(0, 4).Select(_ => random.Chance(0.5) ? 0 : random.NextDouble() * 0.3)];
            var wire = Connected(seed, algorithm, faults[0], faults[1], faults[2], faults[3]);
            var streams = new[] { new Transfer(wire, 0, 150_000) { BytesPerRead = 1 + (int)random.NextBelow(20_000) }, new Transfer(wire, 1, 60_000) };
            Watch(wire);
            Run(wire, streams, KernelTime.FromSeconds(50_000));
            Assert.All(streams, stream => Assert.True(stream.IsDone, $"seed {seed}, faults {string.Join(' ', faults)}: {stream}"));
            CloseBoth(wire);
        }
    }

    private static TcpWire Make(ulong seed, string algorithm, double loss, double duplication, double reordering, double marking)
    {
        var sysctls = Linux with { TcpCongestionControl = algorithm, TcpEcn = marking > 0 ? 1 : 2, TcpSynRetries = 20 };
        return new TcpWire(TcpSocks.Closed(sysctls).Sock, TcpSocks.Closed(sysctls).Sock, seed)
        {
            Loss = loss,
            Duplication = duplication,
            Reordering = reordering,
            Marking = marking,
        };
    }

    private static TcpWire Connected(ulong seed, string algorithm, double loss, double duplication, double reordering, double marking)
    {
        var wire = Make(seed, algorithm, loss, duplication, reordering, marking);
        wire.Ends[0].Connect(uint.MaxValue - 100_000, 1, wire.Now); // numbers wrap around on the way
        wire.Ends[1].Connect(77, 2, wire.Now);
        wire.Take(0);
        wire.Take(1);
        while (wire.Ends.Any(end => end.State != TcpState.Established) && wire.Step(KernelTime.FromSeconds(3000))) { }
        Assert.All(wire.Ends, end => Assert.Equal(TcpState.Established, end.State));
        return wire;
    }

    /// <summary>snd_una and the offered edge never go back; snd_una never passes snd_nxt.</summary>
    private static void Watch(TcpWire wire)
    {
        var una = wire.Ends.Select(end => end.SndUna).ToArray();
        var edge = wire.Ends.Select(end => end.RcvNxt + end.ReceiveWindow).ToArray();
        wire.AfterInput = index =>
        {
            var end = wire.Ends[index];
            if (end.State == TcpState.Close) return;
            Assert.False(TcpSeq.After(end.SndUna, end.SndNxt));
            Assert.False(TcpSeq.After(end.SndNxt, end.WriteSeq));
            Assert.False(TcpSeq.Before(end.SndUna, una[index]));
            Assert.False(TcpSeq.Before(end.RcvNxt + end.ReceiveWindow, edge[index]), "the window shrank");
            (una[index], edge[index]) = (end.SndUna, end.RcvNxt + end.ReceiveWindow);
        };
    }

    private static void Run(TcpWire wire, Transfer[] streams, KernelTime limit)
    {
        var until = wire.Now + limit;
        while (streams.Any(stream => !stream.IsDone) && wire.Now < until)
        {
            foreach (var stream in streams) stream.Move();
            var pause = streams.Min(stream => stream.NextRead);
            wire.Step(pause.IsNever ? until : KernelTime.Min(until, pause));
        }
    }

    private static void CloseBoth(TcpWire wire)
    {
        wire.AfterInput = null;
        foreach (var index in new[] { 0, 1 })
        {
            wire.Ends[index].Close(wire.Now);
            wire.Take(index);
        }

        while (wire.Step(KernelTime.FromSeconds(2_000_000))) { }
        Assert.All(wire.Ends, end => Assert.Equal(TcpState.Close, end.State));
        Assert.All(wire.Ends, end => Assert.True(end.Deadline.IsNever));
        Assert.All(wire.Ends, end => Assert.Equal((0, 0), (end.RmemAlloc, end.WmemQueued)));
    }

    /// <summary>Writes at one end what it reads at the other.</summary>
    private sealed class Transfer(TcpWire wire, int from, int total)
    {
        private readonly byte[] _buffer = new byte[65_536];
        private int _sent;
        private int _got;

        public int BytesPerRead { get; init; } = 65_536;

        public KernelTime ReadEvery { get; init; }

        public KernelTime NextRead { get; private set; } = KernelTime.Never;

        public bool IsDone => _got == total;

        public void Move()
        {
            while (_sent < total && wire.Write(from, TcpPeer.Stream(_sent, Math.Min(total - _sent, 9000)), out var written) == Errno.None) _sent += written;
            if (ReadEvery > KernelTime.Zero && !NextRead.IsNever && wire.Now < NextRead) return;
            while (wire.Read(1 - from, _buffer.AsSpan(0, BytesPerRead), out var copied) == Errno.None && copied > 0)
            {
                Assert.Equal(TcpPeer.Stream(_got, copied), _buffer[..copied]);
                _got += copied;
                if (ReadEvery > KernelTime.Zero) break;
            }

            if (ReadEvery > KernelTime.Zero) NextRead = wire.Now + ReadEvery;
        }

        public override string ToString() => $"{_got} of {_sent} of {total}; {wire.Ends[from].State} {wire.Ends[from].Error} at {wire.Now}";
    }
}
