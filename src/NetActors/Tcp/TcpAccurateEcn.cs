using NetActors.Headers;
using NetActors.Time;

namespace NetActors.Tcp;

/// <summary>
/// Accurate ECN of one connection (RFC 9768; kernel: include/net/tcp_ecn.h): counts the marks of what comes in, tells the peer by three
/// header bits (ACE) and an option. What the peer tells is in the part beside. Only a connection that asks for it has one. The kernel has it since
/// 6.18 and lets it be asked for by <c>tcp_ecn</c> since 7.0, whose rules for failing paths these are.
/// </summary>
internal sealed partial class TcpAccurateEcn
{
    private const TcpFlags AceBits = TcpFlags.Ae | TcpFlags.Cwr | TcpFlags.Ece;
    private const int AceStart = 5; // TCP_ACCECN_CEP_INIT_OFFSET: so that zeroed bits are noticed
    private const int AceMask = 7;
    private const int MostPending = 6; // TCP_ACCECN_ACE_MAX_DELTA
    private const uint CounterMask = 0xFF_FFFF;

    private readonly uint[] _received = new uint[3]; // by codepoint less 1 (received_ecn_bytes)
    private uint _receivedCe; // received_ce: the ACE counter, of packets
    private int _pending; // received_ce_pending: of these not told yet
    private EcnCodepoint _previous; // prev_ecnfield
    private int _leastFields; // accecn_minlen
    private int _demand; // accecn_opt_demand: ACKs that have to carry the option
    private bool _isSentWithDuplicate; // accecn_opt_sent_w_dsack
    private KernelTime _optionSentAt = KernelTime.Zero; // accecn_opt_tstamp

    /// <summary>Our SYN asked for it and was not answered yet (kernel: <c>TCP_ECN_MODE_PENDING</c>).</summary>
    public bool IsPending { get; private set; }

    /// <summary>Both ends use it (kernel: <c>TCP_ECN_MODE_ACCECN</c>).</summary>
    public bool IsOn { get; private set; }

    /// <summary>How the peer's SYN or SYN-ACK was marked (kernel: <c>syn_ect_rcv</c>).</summary>
    public EcnCodepoint SynMark { get; private set; }

    /// <summary>What does not work.</summary>
    public TcpAccurateEcnFaults Faults { get; private set; }

    /// <summary>What was seen of the peer's option.</summary>
    public TcpAccurateEcnSeen Seen { get; private set; }

    /// <summary>A packet with a mark came in (kernel: <c>TCP_ECN_SEEN</c>).</summary>
    public bool HasSeenMark { get; private set; }

    /// <summary>Packets are sent with ECT(0) (kernel: <c>tcp_ecn_send</c>).</summary>
    public bool MarksPackets => (Faults & (TcpAccurateEcnFaults.BitsSent | TcpAccurateEcnFaults.BitsReceived)) == 0;

    /// <summary>The peer has to hear of many marks soon.</summary>
    public bool IsUrgent => _pending >= MostPending;

    /// <summary>Packets that came with CE.</summary>
    public uint ReceivedCe => _receivedCe;

    /// <summary>Our SYN asks.</summary>
    public void Ask() => IsPending = true;

    /// <summary>The three bits as a number (kernel: <c>tcp_accecn_ace</c>).</summary>
    public static int AceOf(TcpFlags flags) =>
        ((flags & TcpFlags.Ae) != 0 ? 4 : 0) | ((flags & TcpFlags.Cwr) != 0 ? 2 : 0) | ((flags & TcpFlags.Ece) != 0 ? 1 : 0);

    /// <summary>A SYN asks for accurate ECN, or for what may come after it (RFC 9768 section 3.1.2; kernel: <c>tcp_accecn_syn_requested</c>).</summary>
    public static bool IsAskedBy(TcpFlags flags) => AceOf(flags) is not (0 or 3);

    /// <summary>How a SYN was marked, as its answer says (RFC 9768 table 2; kernel: <c>tcp_accecn_reflector_flags</c>).</summary>
    public static TcpFlags Reflect(EcnCodepoint mark) => mark switch
    {
        EcnCodepoint.Ect1 => TcpFlags.Cwr | TcpFlags.Ece,
        EcnCodepoint.Ect0 => TcpFlags.Ae,
        EcnCodepoint.Ce => TcpFlags.Ae | TcpFlags.Cwr,
        _ => TcpFlags.Cwr,
    };

    /// <summary>An option's first look (kernel: <c>tcp_accecn_option_init</c>): counters begin at 1, so that zeroed ones are noticed.</summary>
    public static TcpAccurateEcnSeen LookAt(in AccurateEcnOption option)
    {
        if (option.Count == 0) return TcpAccurateEcnSeen.Empty;
        return option.First == 0 || (option.Count == 3 && option.Third == 0) ? TcpAccurateEcnSeen.Zeroed : TcpAccurateEcnSeen.Counters;
    }

    /// <summary>A server's connection begins (kernel: <c>tcp_ecn_openreq_child</c>).</summary>
    public void Begin(in TcpAccurateEcnHandshake handshake, in TcpInSegment last, ref uint deliveredCe, bool checks)
    {
        (IsOn, Seen) = (true, handshake.Seen);
        OnThirdAck(last, ref deliveredCe, checks);
        Faults |= handshake.Faults & (TcpAccurateEcnFaults.BitsSent | TcpAccurateEcnFaults.BitsReceived);
        (_previous, SynMark, _demand) = (handshake.SynMark, handshake.SynMark, 1);
        OnSegment(last, out _);
    }

    /// <summary>The client's answer to the SYN-ACK, or what stands in for it (RFC 9768 table 4; kernel: <c>tcp_accecn_third_ack</c>).</summary>
    public void OnThirdAck(in TcpInSegment segment, ref uint deliveredCe, bool checks)
    {
        var ace = AceOf(segment.Flags);
        if (ace == 0) Faults |= TcpAccurateEcnFaults.BitsReceived | TcpAccurateEcnFaults.OptionReceived;
        if (ace is 0 or 1 or 5 or 7 || segment.Sequence != segment.EndSequence || !IsPossible(ace, checks)) return;
        if (SynMarkOf(ace) == EcnCodepoint.Ce && deliveredCe == 0) deliveredCe = 1;
    }

    /// <summary>The SYN-ACK tells what the peer can (RFC 9768 table 2; kernel: <c>tcp_ecn_rcv_synack</c>). True for ECN of RFC 3168.</summary>
    public bool OnSynAck(in TcpInSegment segment, bool checks)
    {
        var ace = AceOf(segment.Flags);
        IsPending = false;
        if (ace is 0 or 1 or 7) return ace == 1;
        (IsOn, SynMark) = (true, segment.Ecn);
        See(segment.Options, demand: 2);
        if (segment.Ecn != EcnCodepoint.Ce || (ace != 5 && !IsPossible(ace, checks))) return false;
        _receivedCe++;
        _pending++;
        return false;
    }

    /// <summary>Both ends connect at once (kernel: <c>tcp_ecn_rcv_syn</c>). True for ECN of RFC 3168.</summary>
    public bool OnCrossedSyn(in TcpInSegment segment)
    {
        IsPending = false;
        if (!IsAskedBy(segment.Flags)) return segment.Has(TcpFlags.Ece | TcpFlags.Cwr);
        (IsOn, SynMark, _previous) = (true, segment.Ecn, segment.Ecn);
        return false;
    }

    /// <summary>A SYN or SYN-ACK came again, and its answer says how it was marked.</summary>
    public void OnRepeatedSyn(in TcpInSegment segment)
    {
        SynMark = segment.Ecn;
        See(segment.Options, demand: 1);
    }

    /// <summary>A segment came in (kernel: <c>tcp_ecn_received_counters</c>). An ACK is wanted at once where the mark changed.</summary>
    public void OnSegment(in TcpInSegment segment, out bool isEdge)
    {
        var mark = segment.Ecn;
        if (mark != EcnCodepoint.NotEct) Count(mark, segment);
        isEdge = mark != _previous;
        if (!isEdge && mark != EcnCodepoint.Ce) return;
        (_previous, _demand) = (mark, 2); // two ACKs, so that the second tells it without doubt
    }

    /// <summary>The counter of a segment that leaves, unless it says something else (kernel: <c>tcp_accecn_set_ace</c>).</summary>
    public TcpFlags TakeAce(TcpFlags flags)
    {
        if ((flags & AceBits) != 0) return flags;
        _pending = 0;
        var ace = (_receivedCe + AceStart) & AceMask;
        return flags | ((ace & 4) != 0 ? TcpFlags.Ae : 0) | ((ace & 2) != 0 ? TcpFlags.Cwr : 0) | ((ace & 1) != 0 ? TcpFlags.Ece : 0);
    }

    /// <summary>Adds the option where it is due and fits; a SACK block may go for it (kernel: <c>tcp_established_options</c>).</summary>
    /// <param name="options">Those of the segment so far.</param>
    /// <param name="sysctls">The settings.</param>
    /// <param name="srtt">The smoothed round trip.</param>
    /// <param name="now">The time.</param>
    public void FillOption(ref TcpOptions options, TcpSysctls sysctls, KernelTime srtt, KernelTime now)
    {
        var mode = sysctls.TcpEcnOption;
        if (mode == 0 || Seen == TcpAccurateEcnSeen.Nothing || (mode < 3 && (Faults & TcpAccurateEcnFaults.OptionSent) != 0)) return;
        var beacon = sysctls.TcpEcnOptionBeacon;
        if (mode < 2 && _demand == 0 && (beacon == 0 || (now - _optionSentAt).Nanoseconds * beacon < srtt.Nanoseconds)) return;
        var option = new AccurateEcnOption
        {
            IsOrder1 = true,
            First = (_received[(int)EcnCodepoint.Ect1 - 1] + 1) & CounterMask,
            Second = _received[(int)EcnCodepoint.Ce - 1] & CounterMask,
            Third = (_received[(int)EcnCodepoint.Ect0 - 1] + 1) & CounterMask,
        };
        Fit(ref options, option, _leastFields);
    }

    /// <summary>The option of a SYN-ACK: what fits.</summary>
    public static void FillSynAckOption(ref TcpOptions options) =>
        Fit(ref options, new AccurateEcnOption { IsOrder1 = true, First = 1, Second = 0, Third = 1 }, least: 0);

    /// <summary>A segment leaves, with the option or without (kernel: <c>tcp_options_write</c>).</summary>
    public void OnSent(in TcpOptions options, bool hasDuplicate, KernelTime now)
    {
        _isSentWithDuplicate = options.Has(TcpOptionSet.AccurateEcn) && hasDuplicate;
        if (!options.Has(TcpOptionSet.AccurateEcn)) return;
        (_leastFields, _optionSentAt) = (0, now);
        if (_demand > 0) _demand--;
    }

    /// <summary>What an ACK with the option said was there comes once more: that ACK was lost (kernel: <c>tcp_rcv_spurious_retrans</c>).</summary>
    public void OnDuplicate(uint sequence, uint duplicateStart)
    {
        if (_isSentWithDuplicate && sequence == duplicateStart) Faults |= TcpAccurateEcnFaults.OptionSent;
    }

    /// <summary>Bytes that came with a codepoint.</summary>
    public uint BytesReceived(EcnCodepoint mark) => _received[(int)mark - 1];

    private static void Fit(ref TcpOptions options, AccurateEcnOption option, int least)
    {
        var blocks = options.SackCount;
        options.Present |= TcpOptionSet.AccurateEcn;
        for (var fields = 3; fields >= least; fields--)
        {
            option.Count = (byte)fields;
            options.AccurateEcn = option;
            if (TcpOptionsWriter.Length(options) <= TcpOptions.MaxBytes) return;
            if (fields != least || least == 0 || options.SackCount <= 2) continue;
            options.SackCount--; // the counters come first
            fields = 4;
        }

        options.Present &= ~TcpOptionSet.AccurateEcn;
        options.SackCount = blocks;
    }

    private void Count(EcnCodepoint mark, in TcpInSegment segment)
    {
        HasSeenMark = true;
        if (mark == EcnCodepoint.Ce)
        {
            _receivedCe += (uint)segment.Segments;
            _pending = Math.Min(_pending + segment.Segments, 0xF);
        }

        if (segment.Payload.Length == 0) return;
        ref var bytes = ref _received[(int)mark - 1];
        var before = bytes;
        bytes += (uint)segment.Payload.Length;
        _leastFields = Math.Max(_leastFields, mark switch { EcnCodepoint.Ect1 => 1, EcnCodepoint.Ce => 2, _ => 3 });
        if (((bytes ^ before) & 0xFFC0_0000) != 0) _demand = Math.Max(_demand, 1); // 24 bits must not wrap unseen
    }

    private void See(in TcpOptions options, int demand)
    {
        if (!options.Has(TcpOptionSet.AccurateEcn) || Seen >= TcpAccurateEcnSeen.Counters) return;
        Seen = LookAt(options.AccurateEcn);
        if (Seen == TcpAccurateEcnSeen.Zeroed) Faults |= TcpAccurateEcnFaults.OptionReceived;
        _demand = Math.Max(_demand, demand);
    }

    /// <summary>Our SYN, which no one marks here, cannot have become what the peer saw (kernel: <c>tcp_accecn_validate_syn_feedback</c>).</summary>
    private bool IsPossible(int ace, bool checks)
    {
        if (!checks || SynMarkOf(ace) == EcnCodepoint.NotEct) return true;
        Faults |= TcpAccurateEcnFaults.BitsReceived;
        return false;
    }

    /// <summary>How our SYN was marked when it arrived (kernel: <c>tcp_accecn_extract_syn_ect</c>).</summary>
    private static EcnCodepoint SynMarkOf(int ace) => ace switch
    {
        0 or 4 => EcnCodepoint.Ect0,
        2 => EcnCodepoint.NotEct,
        6 => EcnCodepoint.Ce,
        _ => EcnCodepoint.Ect1,
    };
}
