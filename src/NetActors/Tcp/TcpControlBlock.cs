using NetActors.Headers;
using NetActors.Observe;
using NetActors.Sockets;
using NetActors.Time;

namespace NetActors.Tcp;

/// <summary>
/// A TCP connection (RFC 9293; kernel: <c>struct tcp_sock</c>, net/ipv4/tcp_input.c, tcp_output.c, tcp_timer.c of 6.x). Knows no actor and
/// no clock: segments, calls of the application and deadlines come in, <see cref="TcpEffects"/> and segments come out. Take the segments
/// after every input: they are made at once, as the kernel sends at once.
/// </summary>
public sealed partial class TcpControlBlock
{
    private readonly TcpContext _context;
    private readonly TcpDelayedAck _acks = new();
    private readonly TcpReceiver _receiver;
    private readonly TcpSendBuffer _sendBuffer;
    private readonly TcpMemoryAccount _memory;
    private readonly TcpSender _sender;
    private TcpOutputQueue? _output; // rented while segments wait, so that an idle connection is small
    private TcpEffects _effects;
    private KernelTime _now;
    private ulong _walk; // the states since TakeWalk, four bits each, the newest lowest

    /// <summary>A connection that does not exist yet (kernel: <c>tcp_init_sock</c>).</summary>
    /// <param name="context">What the namespace's connections share.</param>
    /// <param name="options">The socket's options; the control block keeps and changes them.</param>
    /// <param name="path">Route and device.</param>
    /// <param name="sender">The sender half, made for this connection.</param>
    public TcpControlBlock(TcpContext context, TcpSocketOptions options, TcpPath path, TcpSender sender)
    {
        (_context, Options, Path, _sender) = (context, options, path, sender);
        _memory = new TcpMemoryAccount(context);
        _receiver = new TcpReceiver(context, _acks, _memory);
        _sendBuffer = new TcpSendBuffer(context, _memory);
        _acks.AlwaysQuick = path.QuickAck;
        if (options.RcvBuf > 0) (_receiver.RcvBuf, _receiver.IsRcvBufLocked) = (options.RcvBuf, true);
        if (options.SndBuf > 0) (_sendBuffer.SndBuf, _sendBuffer.IsLocked) = (options.SndBuf, true);
        if (options.MaxPacingRate != long.MaxValue) _sender.MaxPacingRate = options.MaxPacingRate;
        _sender.UserTimeout = options.UserTimeout;
    }

    /// <summary>Where the connection stands; TIME_WAIT is a <see cref="TcpTimeWait"/> of its own.</summary>
    public TcpState State { get; private set; } = TcpState.Close;

    /// <summary>The socket's options.</summary>
    public TcpSocketOptions Options { get; }

    /// <summary>Route and device.</summary>
    public TcpPath Path { get; private set; }

    /// <summary>What went wrong; reading it by <see cref="TakeError"/> clears it (kernel: <c>sk_err</c>).</summary>
    public Errno Error { get; private set; }

    /// <summary>The last error that did not end the connection (kernel: <c>sk_err_soft</c>).</summary>
    public Errno SoftError { get; private set; }

    /// <summary>Nothing more can be received (kernel: <c>RCV_SHUTDOWN</c>).</summary>
    public bool IsReceiveShutdown { get; private set; }

    /// <summary>Nothing more can be sent (kernel: <c>SEND_SHUTDOWN</c>).</summary>
    public bool IsSendShutdown { get; private set; }

    /// <summary>No socket refers to it any more (kernel: <c>SOCK_DEAD</c>).</summary>
    public bool IsOrphan { get; private set; }

    /// <summary>False for a connection that no program has accepted yet (kernel: <c>sk_socket</c> is null).</summary>
    public bool HasSocket { get; set; } = true;

    /// <summary>The peer's FIN was received in order (kernel: <c>SOCK_DONE</c>).</summary>
    public bool IsDone { get; private set; }

    /// <summary>First byte not acknowledged (<c>snd_una</c>).</summary>
    public uint SndUna => _sender.SndUna;

    /// <summary>Next byte to be sent for the first time (<c>snd_nxt</c>).</summary>
    public uint SndNxt => _sender.SndNxt;

    /// <summary>Number behind what was written, FIN counted (<c>write_seq</c>).</summary>
    public uint WriteSeq => _sender.WriteSeq;

    /// <summary>Next byte that is due from the peer (<c>rcv_nxt</c>).</summary>
    public uint RcvNxt => _receiver.RcvNxt;

    /// <summary>Next byte that is to be read (<c>copied_seq</c>).</summary>
    public uint CopiedSeq => _receiver.CopiedSeq;

    /// <summary>What is left of the window that we offered, in bytes (<c>tcp_receive_window</c>).</summary>
    public uint ReceiveWindow => _receiver.ReceiveWindow;

    /// <summary>The sender half, for reports.</summary>
    public TcpSender Sender => _sender;

    /// <summary>Segments wait for <see cref="TryTakeSegment"/>.</summary>
    public bool HasOutput => _output is not null;

    private TcpSysctls Sysctls => _context.Sysctls;

    private MibSet Mib => _context.Mib;

    private bool IsIn(TcpState a, TcpState b) => State == a || State == b;

    /// <summary>The error, which is cleared (kernel: <c>sock_error</c>, SO_ERROR).</summary>
    public Errno TakeError()
    {
        var error = Error;
        Error = Errno.None;
        return error;
    }

    /// <summary>
    /// Takes the next segment to be sent. False when there is none. Data that was acknowledged in the meantime is passed over.
    /// </summary>
    public bool TryTakeSegment(out TcpOutSegment segment)
    {
        while (_output is { } queue)
        {
            segment = queue.First;
            queue.RemoveFirst();
            if (queue.Count == 0)
            {
                _context.ReturnOutput(queue);
                _output = null;
            }

            var isSyn = (segment.Flags & TcpFlags.Syn) != 0;
            if (segment.PayloadLength == 0 || isSyn || !TcpSeq.Before(segment.Sequence, _sendBuffer.Start)) return true;
            var passed = (int)(_sendBuffer.Start - segment.Sequence);
            if (passed >= segment.PayloadLength)
            {
                HostQueue?.Forgo(segment.TrueSize);
                continue;
            }

            segment.Sequence += (uint)passed;
            segment.PayloadLength -= passed;
            return true;
        }

        segment = default;
        return false;
    }

    /// <summary>Copies a segment's payload; call it before the next input.</summary>
    public void CopyPayload(in TcpOutSegment segment, Span<byte> destination) =>
        _sendBuffer.Read(segment.Sequence + ((segment.Flags & TcpFlags.Syn) != 0 ? 1u : 0), destination[..segment.PayloadLength]);

    private void Begin(KernelTime now)
    {
        _now = now;
        _context.Memory.Now = now;
        _effects = TcpEffects.None;
    }

    private TcpEffects End()
    {
        if (HasOutput) _effects |= TcpEffects.Output;
        return _effects;
    }

    /// <summary>Changes the state and the counters that depend on it (kernel: <c>tcp_set_state</c>).</summary>
    private void SetState(TcpState next)
    {
        var old = State;
        if (next == TcpState.Established && old != TcpState.Established) Mib.Add(TcpMib.CurrEstab);
        else if (next == TcpState.CloseWait && old == TcpState.SynRecv) Mib.Add(TcpMib.CurrEstab);
        else if (next != TcpState.CloseWait && next != TcpState.Established && IsIn(TcpState.Established, TcpState.CloseWait))
        {
            Mib.Add(TcpMib.CurrEstab, -1);
            if (next == TcpState.Close) Mib.Add(TcpMib.EstabResets);
        }

        if (next != old) _walk = ((_walk == 0 ? (ulong)old : _walk) << 4) | (ulong)next;
        State = next;
    }

    /// <summary>The states gone through since the last call, four bits each, the newest lowest, the state before them first; 0 for none.</summary>
    internal ulong TakeWalk()
    {
        var walk = _walk;
        _walk = 0;
        return walk;
    }

    /// <summary>The end of the connection (kernel: <c>tcp_done</c>): queues and timers go, what is to be sent stays.</summary>
    private void Done()
    {
        if (State == TcpState.Close && (_effects & TcpEffects.Closed) != 0) return;
        if (IsIn(TcpState.SynSent, TcpState.SynRecv)) Mib.Add(TcpMib.AttemptFails);
        SetState(TcpState.Close);
        ClearTimers();
        (IsReceiveShutdown, IsSendShutdown) = (true, true);
        if (IsOrphan) Destroy();
        _effects |= TcpEffects.Closed | TcpEffects.Readable | TcpEffects.Writable;
    }

    /// <summary>Ends the connection with an error (kernel: <c>tcp_done_with_error</c>).</summary>
    private void DoneWithError(Errno error)
    {
        Error = error;
        _sendBuffer.Purge();
        Done();
        _effects |= TcpEffects.Error;
    }

    /// <summary>The peer reset the connection (kernel: <c>tcp_reset</c>).</summary>
    private void Reset()
    {
        if (State == TcpState.Close) return;
        _effects |= TcpEffects.Reset;
        DoneWithError(State switch
        {
            TcpState.SynSent => Errno.ECONNREFUSED,
            TcpState.CloseWait => Errno.EPIPE,
            _ => Errno.ECONNRESET,
        });
    }

    private void Destroy()
    {
        JudgeFastOpen();
        _receiver.Destroy();
        _sendBuffer.Purge();
        _memory.Close();
        if (!_isCountedOrphan) return;
        _isCountedOrphan = false;
        _context.AddOrphans(-1);
    }
}
