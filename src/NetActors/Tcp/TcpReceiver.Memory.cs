using NetActors.Observe;

namespace NetActors.Tcp;

/// <summary>What is done when the buffer is full (kernel: <c>tcp_try_rmem_schedule</c>): clamp, collapse, prune, refuse.</summary>
internal sealed partial class TcpReceiver
{
    private const int TightPayload = 4096 - TcpConstants.SkbSharedInfo; // SKB_MAX_ORDER(0, 0)
    private const int TightTrueSize = 4096 + TcpConstants.SkbStruct;

    /// <summary>
    /// Makes room for <paramref name="length"/> bytes that begin at <paramref name="seq"/>. False when there is none even after pruning.
    /// </summary>
    /// <param name="seq">First byte.</param>
    /// <param name="length">Bytes of payload.</param>
    /// <param name="trueSize">What they will be charged.</param>
    internal bool TrySchedule(uint seq, int length, int trueSize)
    {
        if (CanIngest(length) && HasMemory(trueSize)) return true;
        if (!Prune(seq, length)) return false;
        while (!HasMemory(trueSize))
        {
            if (!PruneOutOfOrder(seq, length)) return false;
        }

        return true;
    }

    /// <summary>There are pages for it (kernel: <c>sk_rmem_schedule</c>).</summary>
    internal bool HasMemory(int trueSize) => _memory.TryReceive(trueSize, RmemAlloc);

    /// <summary>A segment is refused for want of memory: window closed, ACK at once.</summary>
    internal void RefuseForMemory()
    {
        Acks.Pending |= TcpAckPending.NoMemory | TcpAckPending.Now;
        Acks.Schedule();
    }

    /// <summary>The buffer has room as it is (kernel: <c>tcp_can_ingest</c>).</summary>
    internal bool CanIngest(int length) => (long)RmemAlloc + length <= RcvBuf;

    /// <summary>Makes room (kernel: <c>tcp_prune_queue</c>).</summary>
    private bool Prune(uint seq, int length)
    {
        if (RmemAlloc == 0) return false;
        Mib.Add(LinuxMib.PruneCalled);
        if (!CanIngest(length)) ClampWindow();
        else if (_context.UnderMemoryPressure) RcvSsthresh = Math.Min(RcvSsthresh, 4u * (uint)AdvMss); // tcp_adjust_rcv_ssthresh
        if (CanIngest(length)) return true;
        CollapseOutOfOrder();
        CollapseQueue();
        if (CanIngest(length)) return true;
        PruneOutOfOrder(seq, length);
        if (CanIngest(length)) return true;
        Mib.Add(LinuxMib.RcvPruned);
        return false;
    }

    /// <summary>The buffer hit its bounds (kernel: <c>tcp_clamp_window</c>).</summary>
    private void ClampWindow()
    {
        Acks.Quick = 0;
        if (RcvBuf < Sysctls.TcpRmem.Max && !IsRcvBufLocked && !_context.UnderMemoryPressure)
        {
            RcvBuf = Math.Max(Math.Min(RmemAlloc, Sysctls.TcpRmem.Max), TcpConstants.MinRcvBuf);
        }

        if (RmemAlloc > RcvBuf) RcvSsthresh = Math.Min(WindowClamp, 2u * (uint)AdvMss);
    }

    /// <summary>Copies badly filled sk_buffs into full ones (kernel: <c>tcp_collapse</c>); here only the account changes.</summary>
    private void CollapseQueue()
    {
        for (var i = 0; i < _queue.Count; i++) Collapse(ref _queue[i]);
    }

    private void CollapseOutOfOrder()
    {
        for (var i = 0; i < _ofo.Count; i++)
        {
            var skb = _ofo[i];
            Collapse(ref skb);
            _ofo[i] = skb;
        }
    }

    private void Collapse(ref TcpReceivedSkb skb)
    {
        if (WinFromSpace(skb.TrueSize) <= skb.Length) return; // well filled
        var pages = (skb.Length + TightPayload - 1) / TightPayload;
        var tight = pages * TightTrueSize;
        if (tight >= skb.TrueSize) return;
        Mib.Add(LinuxMib.TCPRcvCollapsed, skb.Frags);
        RmemAlloc -= skb.TrueSize - tight;
        skb.TrueSize = tight;
        skb.Frags = Math.Min(pages, TcpConstants.MaxSkbFrags);
    }

    /// <summary>
    /// Drops data above holes, the highest first, an eighth of the buffer at a time (kernel: <c>tcp_prune_ofo_queue</c>). False when there
    /// was none to drop.
    /// </summary>
    private bool PruneOutOfOrder(uint seq, int length)
    {
        var goal = RcvBuf >> 3;
        var pruned = false;
        while (_ofo.Count > 0 && !TcpSeq.After(seq, _ofo[^1].Seq)) // never for what would itself be the highest
        {
            pruned = true;
            goal -= _ofo[^1].TrueSize;
            RmemAlloc -= _ofo[^1].TrueSize;
            _ofo.RemoveAt(_ofo.Count - 1);
            if (_ofo.Count > 0 && goal > 0) continue;
            if (CanIngest(length)) break;
            goal = RcvBuf >> 3;
        }

        if (!pruned) return false;
        Mib.Add(LinuxMib.OfoPruned);
        Sacks.Reset(); // RFC 2018 section 8: what was reported may be dropped; the blocks are built anew
        return true;
    }
}
