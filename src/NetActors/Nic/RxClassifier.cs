using NetActors.Buffers;
using NetActors.Links;

namespace NetActors.Nic;

/// <summary>The receive parser: check sequence, length, address filter, flow rules, RSS, in the order of the hardware.</summary>
/// <param name="filter">Addresses the device takes.</param>
/// <param name="rules">Flow rules.</param>
/// <param name="contexts">Hashes and tables.</param>
internal sealed class RxClassifier(MacFilter filter, FlowRules rules, RssContexts contexts)
{
    private byte[] _scratch = [];

    /// <summary>Longest frame in bytes without FCS: MTU, header and a VLAN tag.</summary>
    public int MaxFrameBytes { get; set; }

    /// <summary>Flow rules are asked (feature <c>ntuple</c>).</summary>
    public bool UseRules { get; set; }

    /// <summary>Flows led to queues for the stack; null for none.</summary>
    public ArfsTable? Arfs { get; set; }

    /// <summary>The bytes of a frame as they arrived: with a flipped bit they are a copy, valid until the next call.</summary>
    public ReadOnlySpan<byte> BytesOf(in WireFrame frame)
    {
        if (frame.FlippedBit == 0) return frame.Bytes;
        if (_scratch.Length < frame.Length) _scratch = new byte[Math.Max(frame.Length, 2048)];
        frame.Bytes.CopyTo(_scratch);
        var bit = frame.FlippedBit - 1;
        _scratch[bit >> 3] ^= (byte)(0x80 >> (bit & 7));
        return _scratch.AsSpan(0, frame.Length);
    }

    /// <summary>Decides what the NIC does with a frame.</summary>
    public void Classify(in WireFrame frame, out RxVerdict verdict)
    {
        verdict = default;
        verdict.Queue = -1;
        verdict.Drop = Parse(frame, ref verdict);
    }

    private SkbDropReason Parse(in WireFrame frame, ref RxVerdict verdict)
    {
        if (frame.BadFcs) return SkbDropReason.HW_CRC;
        if (frame.Length < 14 || frame.Length > MaxFrameBytes) return SkbDropReason.HW_LENGTH;
        var bytes = BytesOf(frame);
        if (!filter.Accepts(bytes, out verdict.Type)) return SkbDropReason.HW_MAC_FILTER;
        FrameLayout.Parse(bytes, out verdict.Layout);
        var context = contexts.Default;
        var queue = -1;
        if (UseRules)
        {
            var rule = rules.Match(bytes, verdict.Layout);
            verdict.Rule = rule is null ? FlowRuleOutcome.Miss : FlowRuleOutcome.Match;
            if (rule is { Queue: FlowRule.Drop }) return SkbDropReason.HW_FLOW_RULE;
            if (rule is { Context: not 0 }) context = contexts.Find(rule.Context) ?? context;
            else if (rule is not null) queue = rule.Queue;
            else if (Arfs is { Filters: > 0 } && verdict.Layout.TransportOffset > 0) queue = Arfs.QueueOf(bytes[verdict.Layout.NetworkOffset..verdict.Layout.End]);
            if (queue >= 0) verdict.Rule = FlowRuleOutcome.Match;
        }

        verdict.Hash = context.Hasher.Hash(bytes, verdict.Layout);
        if (queue < 0) queue = verdict.Hash.Type == RssHashType.None ? 0 : context.Indirection.QueueOf(verdict.Hash.Value);
        verdict.Queue = queue;
        return SkbDropReason.NOT_DROPPED_YET;
    }
}
