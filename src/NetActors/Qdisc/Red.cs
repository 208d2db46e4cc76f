using System.Globalization;
using System.Text;
using NetActors.Buffers;
using NetActors.Time;

namespace NetActors.Qdisc;

/// <summary>Random early detection over a bounded queue, by drops or marks (kernel: net/sched/sch_red.c; RFC 3168).</summary>
public sealed class Red : QdiscOverFifo
{
    private RedSettings? _settings;
    private RedVars _vars = RedVars.Start();
    private long _probDrop, _probMark, _forcedDrop, _forcedMark, _pdrop;

    /// <summary>Not usable before it is configured: a limit is needed.</summary>
    public Red(QdiscContext context)
        : base(context)
    {
    }

    /// <inheritdoc />
    public override string Kind => "red";

    /// <summary>The average backlog in bytes.</summary>
    public long AverageBytes => _settings is null ? 0 : (long)(_vars.Average >> _settings.Parameters.Wlog);

    /// <inheritdoc />
    public override NetXmit Enqueue(SkBuff skb, KernelTime now)
    {
        ArgumentNullException.ThrowIfNull(skb);
        var settings = _settings!;
        switch (_vars.OnPacket(settings.Parameters, Child.Stats.Backlog, now, Context.Random))
        {
            case RedAction.ProbMark:
                Stats.Overlimits++;
                if (settings.Ecn && SkbEcn.SetCe(skb))
                {
                    _probMark++;
                    break;
                }

                if (settings.NoDrop) break;
                _probDrop++;
                Drop(skb, SkbDropReason.QDISC_CONGESTED);
                return NetXmit.CongestionNotified;
            case RedAction.HardMark:
                Stats.Overlimits++;
                if (!settings.HardDrop && settings.Ecn)
                {
                    if (SkbEcn.SetCe(skb))
                    {
                        _forcedMark++;
                        break;
                    }

                    if (settings.NoDrop) break;
                }

                _forcedDrop++;
                Drop(skb, SkbDropReason.QDISC_OVERLIMIT);
                return NetXmit.CongestionNotified;
        }

        var length = skb.Cb.PacketLength;
        var result = Child.Enqueue(skb, now);
        if (result == NetXmit.Success)
        {
            Stats.Backlog += length;
            Stats.Qlen++;
        }
        else if (result.CountsAsDrop())
        {
            _pdrop++;
            Stats.Drops++;
        }

        return result;
    }

    /// <inheritdoc />
    protected override SkBuff? Take(KernelTime now)
    {
        var skb = Child.Dequeue(now);
        if (skb is null) _vars.BeginIdle(now);
        else CountOut(skb);
        return skb;
    }

    /// <inheritdoc />
    public override SkBuff? Peek(KernelTime now) => Returned ?? Child.Peek(now);

    /// <inheritdoc />
    protected override void Clear(SkbDropReason reason)
    {
        Child.Reset(reason);
        _vars = RedVars.Start();
    }

    /// <inheritdoc />
    internal override void Configure(TcWords words, KernelTime now)
    {
        if (RedSettings.Read(words, Context.LinkSpeed) is not { } settings) return;
        _settings = settings;
        _vars = RedVars.Start();
        if (Child.Length == 0) _vars.BeginIdle(now);
        Limit = settings.Limit;
        if (Child is Fifo fifo) fifo.SetLimit(settings.Limit);
    }

    /// <inheritdoc />
    internal override void DumpOptions(StringBuilder text)
    {
        var s = _settings!;
        text.Append(CultureInfo.InvariantCulture, $"limit {TcText.Size(s.Limit)} min {TcText.Size(s.Parameters.Min)} max {TcText.Size(s.Parameters.Max)} ");
        if (s.Ecn) text.Append("ecn ");
        if (s.HardDrop) text.Append("harddrop ");
        if (s.NoDrop) text.Append("nodrop ");
    }

    /// <inheritdoc />
    internal override void DumpXstats(StringBuilder text, KernelTime now) =>
        text.Append(CultureInfo.InvariantCulture, $"  marked {_probMark + _forcedMark} early {_probDrop + _forcedDrop} pdrop {_pdrop} other 0");
}

/// <summary>The options of <see cref="Red"/>.</summary>
internal sealed record RedSettings(RedParameters Parameters, int Limit, bool Ecn, bool HardDrop, bool NoDrop)
{
    /// <summary>Reads them (iproute2: tc/q_red.c). Null when something is wrong or missing, which the words then say.</summary>
    public static RedSettings? Read(TcWords words, long linkSpeed)
    {
        var (limit, min, max, burst, average) = (0, 0, 0, 0, 0);
        var (probability, bandwidth) = (0.02, 10_000_000L / 8);
        var (ecn, hardDrop, noDrop) = (false, false, false);
        while (words.HasNext)
        {
            var option = words.Next();
            switch (option)
            {
                case "limit": limit = words.Size(option); break;
                case "min": min = words.Size(option); break;
                case "max": max = words.Size(option); break;
                case "burst": burst = (int)words.Whole(option, 1, 10_000); break;
                case "avpkt": average = words.Size(option); break;
                case "probability": probability = words.Real(option, 0, 1); break;
                case "bandwidth": bandwidth = words.Rate(option, linkSpeed); break;
                case "ecn": ecn = true; break;
                case "harddrop": hardDrop = true; break;
                case "nodrop": noDrop = true; break;
                default: words.Unknown(option); break;
            }
        }

        if (limit <= 0 || average <= 0) words.Fail("red: \"limit\" and \"avpkt\" are required");
        if (noDrop && !ecn) words.Fail("red: \"nodrop\" needs \"ecn\"");
        if (words.Fault is not null) return null;
        if (max == 0) max = min > 0 ? min * 3 : limit / 4;
        if (min == 0) min = max / 3;
        if (burst == 0) burst = ((2 * min) + max) / (3 * average);
        var table = new byte[256];
        var wlog = RedParameters.EvalEwma(min, burst, average);
        if (wlog < 0) words.Fail("red: \"burst\" is too small for \"min\" and \"avpkt\"");
        else if (max <= min) words.Fail("red: \"max\" has to be above \"min\"");
        var cell = words.Fault is null ? RedParameters.EvalIdleDamping(wlog, average, Math.Max(1, bandwidth), table) : 0;
        if (cell < 0) words.Fail("red: no idle damping for this \"bandwidth\"");
        if (words.Fault is not null) return null;
        return new RedSettings(new RedParameters(min, max, wlog, (uint)Math.Min(uint.MaxValue, probability * 4294967296.0), cell, table), limit, ecn, hardDrop, noDrop);
    }
}
