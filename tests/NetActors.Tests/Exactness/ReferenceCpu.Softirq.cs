using NetActors.Buffers;
using NetActors.Costs;
using NetActors.Observe;

namespace NetActors.Tests.Exactness;

/// <summary>Softirqs, NAPI, backlog (specification sections 3 to 5), as plain loops that pause (<c>yield</c>) where a step ends.</summary>
internal sealed partial class ReferenceCpu
{
    private readonly List<ReferenceNapi> _pollList = [];
    private readonly List<ReferenceCpu> _rpsIpiList = [];
    private readonly Queue<SmallFrame> _inputQueue = new();
    private readonly Queue<SmallFrame> _processQueue = new();
    private const int GroNormalBatch = 8; // net.core.gro_normal_batch
    private readonly Queue<SmallFrame> _goingUp = new();
    private IEnumerator<bool>? _softirq;
    private bool _pending; // NET_RX, the only vector here
    private bool _inNetRxAction;
    private int _work; // of the poll that ended

    public ReferenceNapi Backlog { get; }

    public bool InSoftirq { get; private set; }

    public long SoftirqRuns { get; private set; }

    public long Processed { get; private set; }

    public long Dropped { get; private set; }

    public long TimeSqueeze { get; private set; }

    public long ReceivedRps { get; private set; }

    public long SocketDrops { get; private set; }

    public long KsoftirqdWakeups { get; private set; }

    private bool Is310 => _scenario.Kernel == KernelVersion.V310;

    private void Enlist(ReferenceNapi napi)
    {
        _pollList.Add(napi);
        if (!_inNetRxAction || Is310) _pending = true;
    }

    private void IrqExit()
    {
        if (!_pending || InSoftirq) return;
        if (_scenario.DeferToRunningKsoftirqd && Ksoftirqd.State != ReferenceState.Sleeping) return;
        StartSoftirqs(false);
    }

    private void StartSoftirqs(bool byKsoftirqd)
    {
        InSoftirq = true;
        _softirq = Softirqs(byKsoftirqd).GetEnumerator();
    }

    private void ContinueSoftirq()
    {
        var loop = _softirq!;
        if (!loop.MoveNext())
        {
            if (_softirq == loop) _softirq = null;
            _uninterrupted = false;
            return;
        }

        _uninterrupted = !loop.Current;
    }

    /// <summary><c>handle_softirqs</c>. True pauses where interrupts may come, false where only time passes.</summary>
    private IEnumerable<bool> Softirqs(bool byKsoftirqd)
    {
        Charge(CostOp.SoftirqEntry);
        var end = Jiffies() + Math.Max(1, JiffiesCovering(2_000_000));
        var passesLeft = 10;
        var pass = _pending;
        _pending = false;
        yield return true;
        while (true)
        {
            if (pass)
            {
                SoftirqRuns++;
                Log(TracePoint.softirq_entry, arg1: 3);
                foreach (var pause in NetRxAction()) yield return pause;
                yield return true;
            }

            if (!_pending) break;
            if (Jiffies() < end && !Tasks.NeedResched && --passesLeft > 0)
            {
                (pass, _pending) = (true, false);
                continue;
            }

            WakeKsoftirqd();
            break;
        }

        Charge(CostOp.SoftirqExit);
        InSoftirq = false;
        if (byKsoftirqd) Ksoftirqd.InLoop = false;
    }

    private IEnumerable<bool> NetRxAction()
    {
        var budget = _scenario.Budget;
        var reraise = false;
        if (Is310)
        {
            var limit = Jiffies() + (_scenario.Hz == 0 ? 8_000_000 : 2);
            while (_pollList.Count > 0)
            {
                if (budget <= 0 || Jiffies() >= limit)
                {
                    TimeSqueeze++;
                    reraise = true;
                    break;
                }

                var napi = _pollList[0];
                _pollList.RemoveAt(0);
                foreach (var pause in Poll(napi)) yield return pause;
                budget -= _work;
                if (_work >= napi.Weight) _pollList.Add(napi);
                yield return true;
            }
        }
        else
        {
            var deadline = Jiffies() + JiffiesCovering(_scenario.BudgetUsecs * 1000L);
            _inNetRxAction = true;
            List<ReferenceNapi> work = [.. _pollList];
            List<ReferenceNapi> repoll = [];
            _pollList.Clear();
            while (true)
            {
                if (work.Count == 0)
                {
                    if (repoll.Count > 0 || _pollList.Count == 0) break;
                    work.AddRange(_pollList);
                    _pollList.Clear();
                }

                var napi = work[0];
                work.RemoveAt(0);
                foreach (var pause in Poll(napi)) yield return pause;
                budget -= _work;
                if (_work >= napi.Weight) repoll.Add(napi);
                if (budget <= 0 || Jiffies() >= deadline)
                {
                    TimeSqueeze++;
                    yield return true;
                    break;
                }

                yield return true;
            }

            work.AddRange(_pollList);
            work.AddRange(repoll);
            _pollList.Clear();
            _pollList.AddRange(work);
            _inNetRxAction = reraise = _pollList.Count > 0;
        }

        if (reraise) _pending = true;
        SendRpsIpis();
        Log(TracePoint.softirq_exit, arg1: 3);
    }

    private IEnumerable<bool> Poll(ReferenceNapi napi)
    {
        foreach (var pause in napi.Queue >= 0 ? PollQueue(napi, _simulator.Nics[napi.Queue]) : ProcessBacklog(napi)) yield return pause;
        Log(TracePoint.napi_poll, arg1: napi.Id, arg2: _work);
    }

    /// <summary>A driver's poll.</summary>
    private IEnumerable<bool> PollQueue(ReferenceNapi napi, ReferenceNic nic)
    {
        var work = 0;
        Charge(CostOp.NapiPollEntry);
        yield return true;
        while (work < napi.Weight && nic.TryRead(out var frame))
        {
            work++;
            Charge(CostOp.RxDescriptor);
            Charge(CostOp.FirstTouch);
            Log(TracePoint.napi_gro_receive, frame.Id);
            _goingUp.Enqueue(frame);
            yield return true;
            if (_goingUp.Count < (Is310 ? 1 : GroNormalBatch)) continue;
            foreach (var pause in GoUp()) yield return pause;
        }

        foreach (var pause in GoUp()) yield return pause;
        if (work < napi.Weight)
        {
            Charge(CostOp.NapiComplete);
            yield return false;
            napi.Scheduled = false;
            nic.Unmask(this);
        }

        _work = work;
        yield return true;
    }

    /// <summary><c>netif_receive_skb_list_internal</c>.</summary>
    private IEnumerable<bool> GoUp()
    {
        while (_goingUp.TryDequeue(out var frame))
        {
            var target = Steer(frame);
            if (target is not null) Charge(CostOp.BacklogEnqueue);
            else Receive();
            yield return true;
            if (target is not null) EnqueueToBacklog(target, frame);
            else QueueToSocket(frame);
            yield return true;
        }
    }

    /// <summary><c>process_backlog</c>.</summary>
    private IEnumerable<bool> ProcessBacklog(ReferenceNapi napi)
    {
        var (work, completed) = (0, false);
        Charge(CostOp.NapiPollEntry);
        SendRpsIpis();
        yield return true;
        while (work < napi.Weight)
        {
            if (_processQueue.Count == 0)
            {
                if (completed) break;
                _simulator.Events.Touch(_inputQueue, this);
                var taken = _inputQueue.Count;
                while (_inputQueue.TryDequeue(out var moved)) _processQueue.Enqueue(moved);
                if (taken == 0 || (Is310 && taken < napi.Weight - work))
                {
                    napi.Scheduled = false;
                    completed = true;
                }

                if (taken == 0) break;
            }

            var frame = _processQueue.Dequeue();
            work++;
            Charge(CostOp.BacklogDequeue);
            Log(TracePoint.process_backlog, frame.Id);
            Receive();
            yield return true;
            QueueToSocket(frame);
            yield return true;
        }

        _work = work;
    }

    /// <summary><c>get_rps_cpu</c>.</summary>
    private ReferenceCpu? Steer(SmallFrame frame)
    {
        var map = _scenario.RpsCpus;
        if (map.Length == 0) return null;
        if (Is310 && map.Length == 1) return _simulator.Cpus[map[0]];
        Charge(CostOp.RpsHash);
        return _simulator.Cpus[map[(int)(((ulong)_scenario.Flows[frame.Flow].Hash * (uint)map.Length) >> 32)]];
    }

    private void Receive()
    {
        Processed++;
        Charge(CostOp.NetifReceiveSkb);
        Charge(CostOp.IpReceive);
        Charge(CostOp.IpRouteLookup);
        Charge(CostOp.UdpReceive);
    }

    private void EnqueueToBacklog(ReferenceCpu target, SmallFrame frame)
    {
        _simulator.Events.Touch(target._inputQueue, this);
        Log(TracePoint.enqueue_to_backlog, frame.Id, target.Id);
        if (target._inputQueue.Count > _scenario.MaxBacklog)
        {
            target.Dropped++;
            _simulator.BacklogDrops++;
            Free(frame, SkbDropReason.CPU_BACKLOG);
            return;
        }

        target._inputQueue.Enqueue(frame);
        if (target.Backlog.Scheduled) return;
        target.Backlog.Scheduled = true;
        if (target == this)
        {
            Enlist(Backlog);
            return;
        }

        _rpsIpiList.Add(target);
        if (!_inNetRxAction || Is310) _pending = true;
    }

    private void QueueToSocket(SmallFrame frame)
    {
        var socket = _simulator.Sockets[_scenario.Flows[frame.Flow].Socket];
        _simulator.Events.Touch(socket, this);
        Log(TracePoint.udp_queue_rcv_skb, frame.Id, socket.Id);
        var fits = Is310 ? socket.Rmem < socket.RcvBuf : socket.Rmem == 0 || socket.Rmem + ReferenceSimulator.TrueSize <= socket.RcvBuf;
        if (!fits)
        {
            socket.Drops++;
            SocketDrops++;
            Free(frame, SkbDropReason.SOCKET_RCVBUFF);
            return;
        }

        socket.Rmem += ReferenceSimulator.TrueSize;
        socket.Received.Enqueue(frame);
        WakeReader(socket);
    }

    private void Free(SmallFrame frame, SkbDropReason reason)
    {
        Charge(CostOp.SkbDrop);
        Log(TracePoint.kfree_skb, frame.Id, (long)reason);
    }

    private void SendRpsIpis()
    {
        for (var i = _rpsIpiList.Count - 1; i >= 0; i--)
        {
            Charge(CostOp.IpiSend);
            var target = _rpsIpiList[i];
            Log(TracePoint.ipi_send, arg1: target.Id);
            _simulator.Events.At(Now, EventKind.Interrupt, () => target.RpsIpi(this));
        }

        _rpsIpiList.Clear();
    }
}
