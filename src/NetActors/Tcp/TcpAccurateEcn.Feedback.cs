using NetActors.Headers;

namespace NetActors.Tcp;

/// <content>What the peer tells of the marks on our packets (RFC 9768 appendix A; kernel: <c>__tcp_accecn_process</c>).</content>
internal sealed partial class TcpAccurateEcn
{
    private const int AckedPrecision = 6; // PKTS_ACKED_PREC, and PKTS_ACKED_WEIGHT
    private const int AckCompression = 4; // ACK_COMP_THRESH
    private const long TooLateBytes = (1 << 23) - 1; // counters may have wrapped

    private readonly uint[] _delivered = new uint[3]; // by codepoint less 1 (delivered_ecn_bytes)
    private EcnCodepoint _estimate; // est_ecnfield: what the counters last said, NotEct for nothing certain
    private uint _ackedAverage; // pkts_acked_ewma

    /// <summary>Bytes that arrived with a codepoint, as the peer says.</summary>
    public uint BytesDelivered(EcnCodepoint mark) => _delivered[(int)mark - 1];

    /// <summary>
    /// An acknowledgement that moved something came: how many more packets arrived with CE.
    /// </summary>
    /// <param name="ack">The acknowledgement.</param>
    /// <param name="flags">What it did.</param>
    /// <param name="packets">Packets that it delivered.</param>
    /// <param name="bytes">And their bytes.</param>
    /// <param name="deliveredCe">Packets with CE that are known.</param>
    /// <param name="mss">Payload of a segment.</param>
    /// <param name="bytesSent">Bytes of data sent so far.</param>
    /// <param name="isSteady">SACK is used, or nothing is lost or out of order.</param>
    public uint OnAck(
        in AckInput ack, AckFlags flags, uint packets, uint bytes, uint deliveredCe, int mss, long bytesSent, bool isSteady)
    {
        if ((flags & AckFlags.ForwardProgress) == 0 && !ack.HasTimestampProgress) return 0; // reordered, or one of no account
        var oldCe = _delivered[(int)EcnCodepoint.Ce - 1];
        var areBytesGood = TakeCounters(ack.Options, bytes, bytesSent);
        if (packets > 0)
        {
            var average = _ackedAverage == 0 ? packets << AckedPrecision
                : ((_ackedAverage << AckedPrecision) - _ackedAverage + (packets << AckedPrecision)) >> AckedPrecision;
            _ackedAverage = Math.Min(average, ushort.MaxValue);
        }

        if ((flags & AckFlags.SynAcked) != 0) return 0; // the bits say something else then
        var delta = ((uint)(AceOf(ack.Flags) - AceStart) - deliveredCe) & AceMask;
        if (packets <= AceMask) return delta;
        var safe = packets - ((packets - delta) & AceMask);
        if (!areBytesGood) return _ackedAverage > AckCompression << AckedPrecision ? delta : safe;
        var marked = _delivered[(int)EcnCodepoint.Ce - 1] - oldCe;
        if (marked == 0) return delta;
        if (packets >= 2 * (AceMask + 1) && isSteady)
        {
            if (bytes <= marked) return safe;
            var estimate = (uint)((((ulong)marked * packets) + bytes - 1) / bytes);
            return Math.Min(safe, delta + (estimate & ~(uint)AceMask));
        }

        if (marked > delta * (uint)mss) return safe;
        return marked < (safe * (uint)mss) >> 1 ? delta : safe; // TCP_ACCECN_SAFETY_SHIFT
    }

    /// <summary>Takes the option's counters; false when they say nothing certain (kernel: <c>tcp_accecn_process_option</c>).</summary>
    private bool TakeCounters(in TcpOptions options, uint bytes, long bytesSent)
    {
        if ((Faults & TcpAccurateEcnFaults.OptionReceived) != 0) return false;
        if (!options.Has(TcpOptionSet.AccurateEcn)) return EstimateWithoutOption(bytes, bytesSent);
        ref readonly var option = ref options.AccurateEcn;
        if (Seen < TcpAccurateEcnSeen.Counters)
        {
            Seen = LookAt(option);
            if (Seen == TcpAccurateEcnSeen.Zeroed) Faults |= TcpAccurateEcnFaults.OptionReceived;
        }

        var before = _estimate;
        var (good, ambiguous, changed) = (before != EcnCodepoint.NotEct, false, false);
        for (var i = 0; i < option.Count; i++)
        {
            var mark = i == 1 ? EcnCodepoint.Ce : (i == 0) == option.IsOrder1 ? EcnCodepoint.Ect1 : EcnCodepoint.Ect0;
            ref var known = ref _delivered[(int)mark - 1];
            var start = mark == EcnCodepoint.Ce ? 0u : 1u;
            var delta = (int)((((option[i] - start) & CounterMask) - known) << 8) >> 8; // of 24 bits, with a sign
            known += (uint)delta;
            if (delta < 0) (good, ambiguous) = (false, true);
            if (delta == 0 || mark == before) continue;
            if (changed) (good, ambiguous) = (false, true);
            else (_estimate, changed) = (mark, true);
        }

        if (ambiguous) _estimate = EcnCodepoint.NotEct;
        return good;
    }

    private bool EstimateWithoutOption(uint bytes, long bytesSent)
    {
        if (Seen == TcpAccurateEcnSeen.Nothing)
        {
            if (bytesSent < TooLateBytes) return false;
            Seen = TcpAccurateEcnSeen.Zeroed;
            Faults |= TcpAccurateEcnFaults.OptionReceived;
            return false;
        }

        if (_estimate == EcnCodepoint.NotEct) return false;
        _delivered[(int)_estimate - 1] += bytes;
        return true;
    }
}
