using NetActors.Nic;

namespace NetActors.Tests.Exactness;

/// <summary>One receive queue of the card with its vector (specification sections 2.1 to 2.5), advanced frame by frame.</summary>
internal sealed class ReferenceNic(ReferenceSimulator simulator, int index, ReferenceCpu cpu)
{
    private readonly SmallScenario _scenario = simulator.Scenario;
    private readonly List<(SmallFrame Frame, long Written)> _ring = []; // what the hardware wrote and the driver did not take
    private readonly Queue<SmallFrame> _fifo = new(); // a card with one queue keeps what finds no descriptor
    private int _fifoBytes;
    private int _unposted;
    private bool _masked;
    private int _pending;
    private long _firstPending;
    private long _enoughAt = long.MaxValue;
    private long _lastFired = long.MinValue / 2;

    public ReferenceNapi Napi { get; } = new(8193 + simulator.Scenario.Cpus + index, simulator.Scenario.Weight, index);

    public ReferenceCpu Cpu { get; } = cpu;

    public int Index { get; } = index;

    public long Drops { get; private set; }

    public long FifoDrops { get; private set; }

    private int Posted => _scenario.Ring - 1 - _ring.Count - _unposted;

    private int RefillBatch => Math.Min(16, _scenario.Ring - 1);

    public void Arrive(SmallFrame frame)
    {
        if (_fifo.Count == 0 && Posted > 0)
        {
            Write(frame);
            Fire(null);
        }
        else if (_scenario.Queues > 1)
        {
            Drops++;
        }
        else if (_fifoBytes + SizeOf(frame) > NicModel.Generic.FifoBytes)
        {
            FifoDrops++;
        }
        else
        {
            _fifo.Enqueue(frame);
            _fifoBytes += SizeOf(frame);
        }
    }

    /// <summary>The driver posts descriptors if a batch is worth it and takes the next packet.</summary>
    public bool TryRead(out SmallFrame frame)
    {
        if (_unposted >= RefillBatch)
        {
            _unposted = 0;
            while (_fifo.Count > 0 && Posted > 0)
            {
                _fifoBytes -= SizeOf(_fifo.Peek());
                Write(_fifo.Dequeue());
            }
        }

        frame = default;
        if (_ring.Count == 0) return false;
        frame = _ring[0].Frame;
        _ring.RemoveAt(0);
        _unposted++;
        return true;
    }

    /// <summary>NAPI completed: what is in the ring pends again.</summary>
    public void Unmask(ReferenceCpu by)
    {
        var now = simulator.Events.Now;
        _masked = false;
        _pending = _ring.Count;
        if (_pending > 0) _firstPending = _ring[0].Written;
        _enoughAt = _scenario.RxFrames > 0 && _pending >= _scenario.RxFrames ? now : long.MaxValue;
        Fire(by);
    }

    private static int SizeOf(SmallFrame frame) => Math.Max(frame.Bytes + 4, 64);

    private void Write(SmallFrame frame)
    {
        var now = simulator.Events.Now;
        _ring.Add((frame, now));
        if (_masked) return;
        if (_pending++ == 0) _firstPending = now;
        if (_pending == _scenario.RxFrames) _enoughAt = now;
    }

    /// <summary>Fires the vector if it is time, or looks again when it will be.</summary>
    private void Fire(ReferenceCpu? unmaskedBy)
    {
        if (_masked || _pending == 0) return;
        var now = simulator.Events.Now;
        var due = _scenario.Throttle ? Math.Max(_firstPending, _lastFired + _scenario.RxUsecs * 1000L)
            : Math.Min(_scenario.RxUsecs > 0 ? _firstPending + _scenario.RxUsecs * 1000L : long.MaxValue, _enoughAt);
        if (due == long.MaxValue) return;
        if (due > now)
        {
            simulator.Events.At(due, EventKind.Device, () => Fire(null));
            return;
        }

        (_masked, _pending, _enoughAt, _lastFired) = (true, 0, long.MaxValue, now);
        Cpu.Interrupt(this, this, unmaskedBy == Cpu);
    }
}

/// <summary>What is polled: a queue, or a CPU's backlog without one.</summary>
internal sealed class ReferenceNapi(int id, int weight, int queue = -1)
{
    public int Id { get; } = id;

    public int Weight { get; } = weight;

    public int Queue { get; } = queue;

    public bool Scheduled { get; set; }
}
