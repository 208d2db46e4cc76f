using NetActors.Costs;
using NetActors.Execution;
using NetActors.Hosts;
using NetActors.Nic;
using NetActors.Observe;
using NetActors.Time;
using NetActors.Xdp;

namespace NetActors.Apps;

/// <summary>
/// Reads or echoes frames over an AF_XDP socket: takes descriptors off the receive ring, gives frames back by the fill ring, sends by the
/// transmit ring, and calls the kernel only where it has to be woken (the samples' <c>xdpsock</c>).
/// </summary>
internal sealed class AfXdpProgram : BypassProgram, IXdpConsumer
{
    private readonly NicDevice _device;
    private readonly bool _spins;
    private readonly int[] _frames; // that are neither the kernel's nor on a ring
    private int _frameCount;
    private int _left; // of the batch; 0 before one
    private int _got;
    private int _written; // to the transmit ring
    private bool _inPoll; // slept in it
    private bool _asksAgain; // the last call did not send all

    /// <param name="socket">The socket, bound.</param>
    /// <param name="device">Its device.</param>
    /// <param name="spins">It never sleeps.</param>
    /// <param name="options">What it does with frames.</param>
    /// <param name="latency">From the wire's last bit to the program.</param>
    public AfXdpProgram(XskSocket socket, NicDevice device, bool spins, BypassOptions options, LatencyHistogram latency)
        : base(options, latency)
    {
        (Socket, _device, _spins) = (socket, device, spins);
        _frames = new int[socket.Umem.Frames];
        for (var i = socket.Umem.Frames - 1; i >= 0; i--) _frames[_frameCount++] = i * socket.Umem.FrameBytes;
        socket.Reader = this;
        Refill(KernelTime.Zero);
    }

    /// <summary>Its socket.</summary>
    public XskSocket Socket { get; }

    /// <summary>System calls that it made.</summary>
    public long Calls { get; private set; }

    /// <inheritdoc />
    public void OnFlushed()
    {
        if (Socket.TryEndWait()) ((HostCpu)EmulatedCpu.Current!.Hooks!).WakeWith(Task.Entity, AppTaskProtocol.Pass.Instance);
    }

    protected override Stepped Step(HostCpu cpu)
    {
        var time = cpu.Cpu;
        if (_inPoll)
        {
            _inPoll = false;
            Leave(cpu);
        }

        if (_left == 0)
        {
            _left = Batch;
            time.Touch(ref Socket.RxLastCpu, 1);
        }

        if (Socket.Rx.TryConsume(time.Now, out var descriptor, out var arrival))
        {
            _got++;
            time.Charge(CostOp.XskDescriptor);
            time.Touch(ref Socket.Umem.LastCpu(descriptor.Address), 1);
            if (Handle(cpu, Socket.Umem.Bytes(descriptor), arrival)) Send(cpu, descriptor);
            else Keep(descriptor.Address);
            if (--_left > 0) return Stepped.Worked;
        }

        _left = 0;
        return EndBatch(cpu);
    }

    protected override KernelTime NextWork(KernelTime now) => Socket.Rx.NextVisible;

    private void Send(HostCpu cpu, in XdpDescriptor descriptor)
    {
        cpu.Cpu.Charge(CostOp.XskDescriptor);
        if (Socket.Tx.TryWrite(descriptor))
        {
            _written++;
            return;
        }

        TxDropped++;
        Keep(descriptor.Address);
    }

    private Stepped EndBatch(HostCpu cpu)
    {
        var time = cpu.Cpu;
        while (Socket.Umem.Completion.TryConsume(time.Now, out var sent))
        {
            time.Charge(CostOp.XskDescriptor);
            Keep(sent.Address);
        }

        time.Charge(CostOp.XskDescriptor, Refill(time.Now));
        if (_written > 0) Socket.Tx.Submit(time.Now);
        if ((_written > 0 || _asksAgain) && (Socket.Tx.NeedWakeup || !Socket.Settings.NeedWakeup)) Call(cpu);
        else if (Socket.Umem.Fill.NeedWakeup && Socket.Umem.Fill.Count > 0) Call(cpu);
        _written = 0;
        var got = _got;
        _got = 0;
        if (got > 0 || _asksAgain) return got > 0 ? Stepped.Worked : Stepped.Idle;
        return _spins || !CanSleep ? Stepped.Idle : Poll(cpu);
    }

    /// <summary>Without frames to receive into nothing would wake it: what is being sent has to come back first.</summary>
    private bool CanSleep => Socket.Umem.Fill.Count + Socket.Umem.Posted > 0;

    /// <summary>A <c>sendto</c> or <c>recvfrom</c> without data, which wakes the kernel.</summary>
    private void Call(HostCpu cpu)
    {
        Enter(cpu);
        _asksAgain = !_device.KickXsk(cpu, Socket);
        Leave(cpu);
    }

    /// <summary>Sleeps until frames come (kernel: <c>xsk_poll</c>, which wakes the driver too).</summary>
    private Stepped Poll(HostCpu cpu)
    {
        Enter(cpu);
        cpu.Cpu.Charge(CostOp.PollFile);
        if (Socket.Settings is { ZeroCopy: true, NeedWakeup: true }) _device.KickXsk(cpu, Socket);
        Socket.BeginWait(); // before the look: what comes in between wakes
        if (Socket.Rx.Count == 0 || !Socket.TryEndWait())
        {
            cpu.Cpu.Scheduler.BlockCurrent();
            _inPoll = true;
            return Stepped.Sleeps;
        }

        Leave(cpu);
        return Socket.Rx.NextVisible > cpu.Cpu.Now ? Stepped.Idle : Stepped.Worked;
    }

    private void Enter(HostCpu cpu)
    {
        Calls++;
        cpu.Cpu.IsUserMode = false;
        cpu.Cpu.Charge(CostOp.SyscallEntry);
    }

    private static void Leave(HostCpu cpu)
    {
        cpu.Cpu.Charge(CostOp.SyscallExit);
        cpu.Cpu.IsUserMode = true;
    }

    private void Keep(int address) => _frames[_frameCount++] = address - (address % Socket.Umem.FrameBytes);

    /// <summary>Gives the kernel frames to receive into. Answers how many.</summary>
    private int Refill(KernelTime now)
    {
        var given = 0;
        for (; _frameCount > 0 && Socket.Umem.Fill.TryWrite(new XdpDescriptor(_frames[_frameCount - 1], 0)); given++) _frameCount--;
        if (given > 0) Socket.Umem.Fill.Submit(now);
        return given;
    }
}
