using System.Threading.Channels;
using NetActors.Buffers;
using NetActors.Filters;
using NetActors.Hosts;
using NetActors.Ip;
using NetActors.Observe;
using NetActors.Sockets;
using NetActors.Steering;
using NetActors.Time;

namespace NetActors.Udp;

/// <summary>
/// A socket that receives packets whole: its receive queue bounded by SO_RCVBUF in truesize, and the bell that calls its actor when
/// somebody waits (kernel: <c>struct sock</c>, <c>sk_receive_queue</c>, <c>sock_def_readable</c>).
/// </summary>
internal abstract partial class DatagramSocket : SocketFile, IDeliveryTarget
{
    // The charge against SO_RCVBUF bounds it; the ring grows to what that lets in.
    private readonly Channel<SkBuff> _received;
    private readonly bool _shared; // real time: several CPUs queue at once

    private int _error;
    private int _queued;
    private int _shutdown;
    private long _purged;
    private long _rxPackets;
    private long _rxBytes;
    private long _wakeups;
    private long _newest; // the latest time at which a datagram became visible, in nanoseconds

    protected DatagramSocket(int id, UdpReceiveBuffer buffer, int sndBuf)
    {
        (Id, Buffer, _shared) = (id, buffer, buffer.IsShared);
        _received = SkbChannel.Create(int.MaxValue, _shared);
        SendBuffer = new SendBuffer(this, sndBuf);
    }

    public int Id { get; }

    public UdpReceiveBuffer Buffer { get; }

    /// <summary>What of its packets is still on its way out.</summary>
    public SendBuffer SendBuffer { get; }

    /// <summary>Options of level SOL_SOCKET.</summary>
    public SockOptions Options { get; } = new();

    /// <summary>What went wrong with what it sent, for MSG_ERRQUEUE.</summary>
    public SocketErrorQueue Errors { get; } = new();

    /// <summary>Its sends with MSG_ZEROCOPY.</summary>
    public ZeroCopyKeys ZeroCopy { get; } = new();

    /// <summary>Which packets it wants to see (SO_ATTACH_FILTER); null for all.</summary>
    public SocketFilter? Filter { get; set; }

    /// <summary>SO_LOCK_FILTER: the filter stays.</summary>
    public bool IsFilterLocked { get; set; }

    /// <summary>Datagrams that came into the queue.</summary>
    public long RxPackets => Volatile.Read(ref _rxPackets);

    public long RxBytes => Volatile.Read(ref _rxBytes);

    /// <summary>Datagrams handed to programs.</summary>
    public long Delivered { get; set; }

    public long DeliveredBytes { get; set; }

    public long TxPackets { get; set; }

    public long TxBytes { get; set; }

    /// <summary>Calls woken.</summary>
    public long Wakeups => Volatile.Read(ref _wakeups);

    /// <summary>Name of the task that uses it.</summary>
    public string Task { get; set; } = "";

    /// <summary>Calls that wait for a datagram (kernel: <c>sk_wq</c>).</summary>
    public WaitQueue Sleepers { get; } = new();

    /// <summary>Calls that wait for room to send.</summary>
    public WaitQueue Writers { get; } = new();

    /// <summary>Nobody has it open any more, or its actor failed: calls end with EBADF.</summary>
    public bool IsClosed => ClosedFor != SkbDropReason.NOT_DROPPED_YET;

    /// <summary>As what packets count that it held when it was closed: QUEUE_PURGE, or ACTOR_FAILED.</summary>
    public SkbDropReason ClosedFor { get; set; }

    /// <summary>Datagrams that waited when it was closed, or were on their way then.</summary>
    public long Purged => Volatile.Read(ref _purged);

    /// <summary>Datagrams that wait.</summary>
    public int Queued => Volatile.Read(ref _queued);

    /// <summary>It takes no more (kernel: <c>RCV_SHUTDOWN</c>).</summary>
    public bool IsReceiveShutdown => (Volatile.Read(ref _shutdown) & 1) != 0;

    /// <summary>It sends no more (kernel: <c>SEND_SHUTDOWN</c>).</summary>
    public bool IsSendShutdown => (Volatile.Read(ref _shutdown) & 2) != 0;

    /// <summary>The flow hash that its calls are recorded under (kernel: <c>sock_rps_record_flow</c>); 0 for none.</summary>
    public virtual uint RecordedHash => 0;

    /// <summary>Notes of a packet that comes to it where its flow comes in.</summary>
    public virtual void Mark(NetStack stack, HostCpu cpu, SkBuff skb)
    {
    }

    /// <summary>Queues a datagram. NOT_DROPPED_YET, or why the caller frees it.</summary>
    public SkbDropReason Enqueue(SkBuff skb, MibSet mib, KernelTime now)
    {
        if (IsClosed) // it was on its way then: it finds the queue of a socket that nobody reads
        {
            Interlocked.Increment(ref _rxPackets);
            CountPurged();
            return ClosedFor;
        }

        if (Filter is not null && !Passes(skb, mib)) return SkbDropReason.SOCKET_FILTER;
        var reason = Charge(skb, mib);
        if (reason != SkbDropReason.NOT_DROPPED_YET) return reason;
        skb.VisibleFrom = now;
        skb.Cb.DropCount = Options.RxqOvfl ? (uint)Buffer.Drops : 0;
        var bytes = skb.Cb.PayloadLength; // once it is in the queue another CPU may take and free it
        if (!_received.Writer.TryWrite(skb)) throw new InvalidOperationException("a receive queue within its rcvbuf has room");
        if (now.Nanoseconds > Volatile.Read(ref _newest)) Volatile.Write(ref _newest, now.Nanoseconds);
        Count(ref _queued, 1);
        Count(ref _rxPackets, 1);
        Count(ref _rxBytes, bytes);
        return SkbDropReason.NOT_DROPPED_YET;
    }

    /// <inheritdoc />
    public void Deliver(NetStack stack, HostCpu cpu, SkBuff skb, in RpsFlowRef flow) => stack.QueueToSocket(cpu, this, skb);

    /// <summary>One of <see cref="Purged"/>.</summary>
    public void CountPurged() => Interlocked.Increment(ref _purged);

    /// <summary>Something has come: wakes one who waits for it (kernel: <c>sock_def_readable</c>).</summary>
    public void Readable(HostCpu cpu)
    {
        if (IsWatched) NotifyWatchers(cpu, PollEvents.In | PollEvents.RdNorm | PollEvents.RdBand);
        if (Sleepers.Count > 0) WakeReader(cpu);
    }

    /// <summary>There is room to send again: wakes one who waits for it (kernel: <c>sock_def_write_space</c>).</summary>
    public void Writable(HostCpu cpu)
    {
        if (IsWatched) NotifyWatchers(cpu, PollEvents.Out | PollEvents.WrNorm | PollEvents.WrBand);
        if (Writers.Count == 0 || !Writers.TryTake(out var call)) return;
        call.Resumed = true;
        cpu.Wake(call.Task, sync: true);
    }

    /// <summary>Closes directions: 1 for receiving, 2 for sending (kernel: <c>inet_shutdown</c>, <c>sock_def_wakeup</c>).</summary>
    public void Shut(HostCpu cpu, int directions)
    {
        Volatile.Write(ref _shutdown, _shutdown | directions);
        if (IsWatched) NotifyWatchers(cpu, PollEvents.None);
        for (var left = Sleepers.Count; left > 0; left--) WakeReader(cpu);
    }

    /// <inheritdoc />
    public override bool EndsBusyLoop => Queued > 0;

    /// <inheritdoc />
    public override SockOptions? BusyOptions => Options;

    /// <summary>A packet came by a NAPI.</summary>
    public virtual void MarkNapiId(int id)
    {
    }

    /// <summary>Kernel: <c>datagram_poll</c>.</summary>
    public override PollEvents Poll()
    {
        var events = PollEvents.None;
        if (HasError || !Errors.IsEmpty) events |= Options.SelectErrQueue ? PollEvents.Err | PollEvents.Pri : PollEvents.Err;
        if (IsReceiveShutdown) events |= PollEvents.RdHup | PollEvents.In | PollEvents.RdNorm;
        if (IsReceiveShutdown && IsSendShutdown) events |= PollEvents.Hup;
        if (Queued > 0) events |= PollEvents.In | PollEvents.RdNorm;
        return SendBuffer.IsWritable ? events | PollEvents.Out | PollEvents.WrNorm | PollEvents.WrBand : events;
    }

    /// <summary>When the next datagram is there for a reader; <see cref="KernelTime.Never"/> when none waits.</summary>
    public KernelTime NextVisible => _received.Reader.TryPeek(out var skb) ? skb.VisibleFrom : KernelTime.Never;

    /// <summary>Payload bytes of the next datagram; 0 when none waits (FIONREAD).</summary>
    public virtual int NextLength => _received.Reader.TryPeek(out var skb) ? skb.Cb.PayloadLength : 0;

    /// <summary>Shows the next datagram that is there at <paramref name="now"/> and leaves it.</summary>
    public bool TryPeek(KernelTime now, out SkBuff skb) => _received.Reader.TryPeek(out skb!) && skb.VisibleFrom <= now;

    /// <summary>The payload of a datagram that is still in the queue. False when it is broken.</summary>
    public virtual bool TryView(SkBuff skb, out ReadOnlySpan<byte> payload)
    {
        payload = skb.Data;
        return true;
    }

    /// <summary>Takes the next datagram that is there at <paramref name="now"/>.</summary>
    public bool TryDequeue(KernelTime now, out SkBuff skb)
    {
        skb = null!;
        if (Queued == 0) return false;
        // Only when another CPU's clock has run ahead does each datagram's own time decide.
        if (Volatile.Read(ref _newest) > now.Nanoseconds && (!_received.Reader.TryPeek(out skb!) || skb.VisibleFrom > now)) return false;
        if (!_received.Reader.TryRead(out skb!)) return false;
        Count(ref _queued, -1);
        return true;
    }

    /// <summary>A program takes a datagram that was dequeued. NOT_DROPPED_YET, or why it does not get it, counted.</summary>
    public virtual SkbDropReason Receive(SkBuff skb, MibSet mib)
    {
        Buffer.Uncharge(skb.Cb.ChargedBytes);
        skb.Cb.ChargedBytes = 0;
        return SkbDropReason.NOT_DROPPED_YET;
    }

    /// <summary>Sends what a program gave; the default peer where <paramref name="port"/> is 0.</summary>
    public abstract Errno Send(NetStack stack, HostCpu cpu, ReadOnlySpan<byte> payload, uint address, ushort port);

    /// <summary>No packet finds it any more.</summary>
    public abstract void Unbind(NetStack stack);

    /// <summary>Charges the socket for a datagram (kernel: <c>sk_rmem_alloc</c>), or says why it may not have it, counted.</summary>
    protected abstract SkbDropReason Charge(SkBuff skb, MibSet mib);

    /// <summary>Bytes of a packet's front that its filter may not cut off (kernel: the <c>cap</c> of <c>sk_filter_trim_cap</c>).</summary>
    protected virtual int FilterCap => 1;

    /// <summary>Counts a packet that the filter refused.</summary>
    protected virtual void OnFiltered(MibSet mib) => Buffer.CountDrop();

    /// <summary>A hard error for the next call (kernel: <c>sk_err</c>, <c>sk_error_report</c>).</summary>
    public void Report(HostCpu cpu, Errno error)
    {
        Volatile.Write(ref _error, (int)error);
        ReportQueue(cpu);
    }

    /// <summary>The error queue has something (kernel: <c>sk_error_report</c>).</summary>
    public void ReportQueue(HostCpu cpu)
    {
        if (IsWatched) NotifyWatchers(cpu, PollEvents.Err);
        if (Sleepers.Count > 0) WakeReader(cpu);
    }

    /// <summary>An error waits for the next call.</summary>
    public bool HasError => Volatile.Read(ref _error) != 0;

    /// <summary>Takes the pending error (kernel: <c>sock_error</c>).</summary>
    public Errno TakeError() => (Errno)Interlocked.Exchange(ref _error, 0);

    /// <summary>Sets the pending error without telling anybody.</summary>
    public void SetError(Errno error) => Volatile.Write(ref _error, (int)error);

    /// <summary>Frees what waits, when nobody is left to read it.</summary>
    public void Release(SkbDropReason reason)
    {
        while (TryDequeue(KernelTime.Never, out var skb)) skb.Free(reason);
    }

    private void Count(ref int counter, int by)
    {
        if (_shared) Interlocked.Add(ref counter, by);
        else counter += by;
    }

    private void Count(ref long counter, long by)
    {
        if (_shared) Interlocked.Add(ref counter, by);
        else counter += by;
    }

    private void WakeReader(HostCpu cpu)
    {
        if (!Sleepers.TryTake(out var call)) return;
        Interlocked.Increment(ref _wakeups);
        cpu.Emit(TracePoint.sock_def_readable, arg1: Id);
        call.Resumed = true;
        cpu.Wake(call.Task, sync: true);
    }

    /// <summary>Kernel: <c>sk_filter_trim_cap</c>.</summary>
    private bool Passes(SkBuff skb, MibSet mib)
    {
        var keep = Filter!.Run(skb);
        if (keep == 0)
        {
            OnFiltered(mib);
            return false;
        }

        var length = (uint)skb.Length;
        if (keep < length) SkbChecksum.TrimRcsum(skb, (int)Math.Max(keep, (uint)FilterCap));
        return true;
    }
}
