using BenchmarkDotNet.Attributes;
using NetActors.Headers;
using NetActors.Observe;
using NetActors.Tcp;
using NetActors.Time;

namespace NetActors.Benchmarks;

/// <summary>Two control blocks and nothing between them: what TCP itself costs, without packets, CPUs and actors.</summary>
[MemoryDiagnoser]
public class TcpBenchmarks
{
    private const int MaxSegment = 65_536;
    private readonly byte[] _data = new byte[16 * 1024];
    private readonly byte[] _payload = new byte[MaxSegment];
    private TcpControlBlock[] _ends = null!;
    private KernelTime _now = KernelTime.FromSeconds(1);

    /// <summary>Largest packet in bytes that a device cuts up; 0 sends every segment by itself.</summary>
    [Params(0, 65_536)]
    public int GsoMaxSize { get; set; }

    [GlobalSetup]
    public void Connect()
    {
        _ends = [NewBlock(1), NewBlock(2)];
        _ends[0].Connect(1000, 0, _now);
        _ends[1].Connect(2000, 0, _now); // SYNs cross: a simultaneous open needs no listener
        Exchange();
        if (_ends[0].State != TcpState.Established || _ends[1].State != TcpState.Established) throw new InvalidOperationException("no connection");
        for (var i = 0; i < 1000; i++) Bulk();
    }

    /// <summary>16 KiB one way, read at once, acknowledged.</summary>
    [Benchmark]
    public int Bulk()
    {
        _now += KernelTime.FromMicroseconds(50);
        _ends[0].Send(_data, TcpSendFlags.None, _now, out _, out _);
        var read = 0;
        do
        {
            Exchange();
            _ends[1].Receive(_payload, TcpReceiveFlags.None, _now, out var copied, out _);
            read += copied;
            _now += KernelTime.FromMicroseconds(10);
            if (copied == 0) Tick();
        }
        while (read < _data.Length);
        return read;
    }

    /// <summary>A byte there and a byte back.</summary>
    [Benchmark]
    public int RequestResponse()
    {
        var done = 0;
        for (var from = 0; from < 2; from++)
        {
            _now += KernelTime.FromMicroseconds(10);
            _ends[from].Send(_data.AsSpan(0, 1), TcpSendFlags.None, _now, out _, out _);
            Exchange();
            _ends[1 - from].Receive(_payload, TcpReceiveFlags.None, _now, out var copied, out _);
            done += copied;
        }

        return done;
    }

    private TcpControlBlock NewBlock(ulong seed)
    {
        var context = new TcpContext(new TcpSysctls(), new MibSet(), new TcpChunkPool(), new KernelRandom(seed));
        _ = CongestionControls.TryCreate("cubic", context.Random, out var congestion);
        var sender = new TcpSender(TcpSenderSettings.Default with { Jiffies = Jiffies.Hz1000 }, congestion!, context.Mib);
        return new TcpControlBlock(context, new TcpSocketOptions { NoDelay = true }, new TcpPath { GsoMaxSize = GsoMaxSize }, sender);
    }

    private void Exchange()
    {
        while (_ends[0].HasOutput || _ends[1].HasOutput)
        {
            Deliver(0);
            Deliver(1);
        }
    }

    private void Deliver(int from)
    {
        while (_ends[from].TryTakeSegment(out var segment))
        {
            _ends[from].CopyPayload(segment, _payload);
            _ends[1 - from].OnSegment(
                new TcpInSegment
                {
                    Sequence = segment.Sequence,
                    Acknowledgment = segment.Acknowledgment,
                    Flags = segment.Flags,
                    Window = segment.Window,
                    Options = segment.Options,
                    HeaderLength = TcpHeader.Size + TcpOptionsWriter.Length(segment.Options),
                    Payload = _payload.AsSpan(0, segment.PayloadLength),
                    GsoSize = segment.GsoSize,
                },
                _now);
        }
    }

    private void Tick()
    {
        foreach (var end in _ends)
        {
            if (end.Deadline <= _now) end.OnDeadline(_now);
        }

        var next = KernelTime.Min(_ends[0].Deadline, _ends[1].Deadline);
        if (!next.IsNever && !_ends[0].HasOutput && !_ends[1].HasOutput) _now = KernelTime.Max(_now, next);
    }
}
