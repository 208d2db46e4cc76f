using NetActors.Buffers;

namespace NetActors.Tcp;

/// <summary>
/// What the application has written and the peer has not acknowledged (kernel: <c>sk_write_queue</c> and <c>tcp_rtx_queue</c>): bytes by
/// sequence number, and the sk_buffs that they were put in, which bound segments, carry PSH and are charged.
/// </summary>
internal sealed class TcpSendBuffer
{
    private readonly TcpByteStore _bytes;
    private GrowingRing<TcpQueuedSkb> _skbs;
    private int _sendHead; // index of the first sk_buff that is not sent whole

    private readonly TcpContext _context;
    private readonly TcpMemoryAccount _memory;
    private int _wmemQueued;

    internal TcpSendBuffer(TcpContext context, TcpMemoryAccount memory)
    {
        (_context, _memory) = (context, memory);
        _bytes = new TcpByteStore(context.Chunks);
        SndBuf = context.Sysctls.TcpWmem.Default;
    }

    /// <summary>Number behind the last byte written.</summary>
    internal uint End { get; private set; }

    /// <summary>Truesize charged (<c>sk_wmem_queued</c>).</summary>
    internal int WmemQueued
    {
        get => _wmemQueued;
        private set
        {
            _memory.Change(value - _wmemQueued);
            _wmemQueued = value;
        }
    }

    /// <summary>Limit of truesize (<c>sk_sndbuf</c>).</summary>
    internal int SndBuf { get; set; }

    /// <summary>SO_SNDBUF was set: no tuning (<c>SOCK_SNDBUF_LOCK</c>).</summary>
    internal bool IsLocked { get; set; }

    /// <summary>The byte behind the last one that was marked to be pushed (<c>pushed_seq</c>).</summary>
    internal uint PushedSeq { get; set; }

    /// <summary>Truesize of the last sk_buff.</summary>
    internal int TailTrueSize => _skbs.Count > 0 ? _skbs.Last.TrueSize : 0;

    /// <summary>First byte of the last sk_buff.</summary>
    internal uint TailSeq => _skbs.Count > 0 ? _skbs.Last.Seq : End;

    /// <summary>First byte kept.</summary>
    internal uint Start => _bytes.Base;

    /// <summary>Begins at <paramref name="seq"/>, the byte behind our SYN.</summary>
    internal void Begin(uint seq)
    {
        _bytes.Clear(seq);
        (End, PushedSeq) = (seq, seq);
    }

    /// <summary>
    /// Appends bytes to the last sk_buff, if it is not sent and has room, and to new ones while memory lasts (kernel:
    /// <c>tcp_sendmsg_locked</c>). Answers how many were taken: at most up to the end of one sk_buff, so that the caller may push.
    /// </summary>
    internal int Append(ReadOnlySpan<byte> bytes, int sizeGoal, uint sndNxt, bool mayGrow)
    {
        var room = TailRoom(sizeGoal, sndNxt);
        var isNew = room <= 0;
        if (isNew && (!mayGrow || !ScheduleSkb())) return 0;
        var taken = ScheduleBytes(Math.Min(isNew ? sizeGoal : room, bytes.Length));
        if (taken == 0 && bytes.Length > 0) return 0;
        if (isNew)
        {
            _skbs.Add(new TcpQueuedSkb { Seq = End, EndSeq = End, TrueSize = TcpConstants.SendSkbOverhead });
            WmemQueued += TcpConstants.SendSkbOverhead;
        }

        _bytes.Write(End, bytes[..taken]);
        End += (uint)taken;
        ref var tail = ref _skbs.Last;
        tail.EndSeq = End;
        tail.TrueSize += taken;
        tail.Push = false; // set again when the write ends
        WmemQueued += taken;
        return taken;
    }

    /// <summary>Memory for one more sk_buff; the first gets it always (kernel: <c>tcp_stream_alloc_skb</c>).</summary>
    private bool ScheduleSkb()
    {
        if (_skbs.Count == 0) _memory.Force(TcpConstants.SendSkbOverhead);
        else if (!_memory.TrySend(TcpConstants.SendSkbOverhead, WmemQueued)) return Moderate();
        return true;
    }

    /// <summary>
    /// Memory for so many bytes, or for those that there is some for: a connection that has nothing queued gets on (kernel:
    /// <c>tcp_wmem_schedule</c>).
    /// </summary>
    private int ScheduleBytes(int bytes)
    {
        if (_memory.TrySend(bytes, WmemQueued)) return bytes;
        Moderate();
        var left = _context.Sysctls.TcpWmem.Min - WmemQueued;
        if (left > 0) _memory.Force(Math.Min(left, bytes));
        return Math.Min(bytes, _memory.Forward);
    }

    /// <summary>Memory is short: the buffer shrinks to half of what it holds (kernel: <c>sk_stream_moderate_sndbuf</c>).</summary>
    private bool Moderate()
    {
        if (!IsLocked) SndBuf = Math.Max(Math.Min(SndBuf, WmemQueued >> 1), TcpConstants.MinSndBuf);
        return false;
    }

    /// <summary>Bytes that still fit the last sk_buff.</summary>
    internal int TailRoom(int sizeGoal, uint sndNxt)
    {
        if (_skbs.Count == 0 || !TcpSeq.After(_skbs.Last.EndSeq, sndNxt) || _skbs.Last.IsEndOfRecord) return 0;
        var start = TcpSeq.After(sndNxt, _skbs.Last.Seq) ? sndNxt : _skbs.Last.Seq;
        return sizeGoal - (int)(_skbs.Last.EndSeq - start);
    }

    /// <summary>A record ends between two bytes not sent yet, which therefore cannot share a packet (kernel: <c>tcp_can_coalesce_send_queue_head</c>).</summary>
    internal bool HasRecordEnd(uint from, uint to)
    {
        _ = TryHead(from, out _, out _, out _);
        for (var i = _sendHead; i < _skbs.Count && TcpSeq.Before(_skbs[i].EndSeq, to); i++)
        {
            if (_skbs[i].IsEndOfRecord) return true;
        }

        return false;
    }

    /// <summary>The last sk_buff ends a write (kernel: <c>tcp_mark_push</c>).</summary>
    internal void MarkPush()
    {
        if (_skbs.Count > 0) _skbs.Last.Push = true;
        PushedSeq = End;
    }

    /// <summary>Nothing is appended to the last sk_buff any more (kernel: <c>eor</c>, MSG_EOR).</summary>
    internal void EndRecord()
    {
        if (_skbs.Count > 0) _skbs.Last.IsEndOfRecord = true;
    }

    /// <summary>
    /// The sk_buff that is sent next: where it ends, whether it is pushed, and whether it is the last (<c>tcp_send_head</c>).
    /// </summary>
    internal bool TryHead(uint sndNxt, out uint end, out bool push, out bool last) => TryHead(sndNxt, out end, out push, out last, out _);

    /// <summary>As the other, and whether it ends a record (<c>eor</c>).</summary>
    internal bool TryHead(uint sndNxt, out uint end, out bool push, out bool last, out bool endsRecord)
    {
        (end, push, last, endsRecord) = (End, false, true, false);
        while (_sendHead < _skbs.Count && !TcpSeq.After(_skbs[_sendHead].EndSeq, sndNxt)) _sendHead++;
        if (_sendHead >= _skbs.Count) return false;
        ref var head = ref _skbs[_sendHead];
        (end, push, last, endsRecord) = (head.EndSeq, head.Push, _sendHead == _skbs.Count - 1, head.IsEndOfRecord);
        return true;
    }

    /// <summary>Everything before <paramref name="una"/> is acknowledged: its memory is free. True when some was freed.</summary>
    internal bool Acknowledge(uint una)
    {
        if (TcpSeq.After(una, End)) una = End; // the FIN has no byte
        if (!TcpSeq.After(una, _bytes.Base)) return false;
        var before = WmemQueued;
        while (_skbs.Count > 0 && !TcpSeq.After(_skbs[0].EndSeq, una))
        {
            WmemQueued -= _skbs[0].TrueSize;
            _skbs.RemoveFirst();
            if (_sendHead > 0) _sendHead--;
        }

        if (_skbs.Count > 0 && TcpSeq.After(una, _skbs[0].Seq))
        {
            ref var head = ref _skbs[0];
            var bytes = (int)(una - head.Seq); // tcp_trim_head
            (head.Seq, head.TrueSize) = (una, head.TrueSize - bytes);
            WmemQueued -= bytes;
        }

        if (una == End) _bytes.Clear(una);
        else _bytes.Trim(una);
        return WmemQueued < before;
    }

    /// <summary>Copies bytes that begin at <paramref name="seq"/>.</summary>
    internal void Read(uint seq, Span<byte> destination) => _bytes.Read(seq, destination);

    /// <summary>Throws everything away (kernel: <c>tcp_write_queue_purge</c>).</summary>
    internal void Purge()
    {
        _skbs.Clear();
        _bytes.Clear(End);
        (WmemQueued, _sendHead) = (0, 0);
    }
}
