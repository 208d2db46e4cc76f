using System.Globalization;
using System.Text;
using NetActors.Buffers;
using NetActors.Time;

namespace NetActors.Qdisc;

/// <summary>
/// Fair queueing with pacing (kernel: net/sched/sch_fq.c of 6.18): flows take turns by bytes; a packet goes at its departure time
/// (<see cref="SkBuff.Tstamp"/>), or when its socket's rate allows; three bands by priority share by weight.
/// </summary>
public sealed class Fq : QdiscBase
{
    private const long GcAge = 3_000_000_000;
    private const int FastPathLength = 8;
    private const long MaxDelay = 1_000_000_000;

    private readonly Band[] _bands = new Band[FqSettings.Bands];
    private readonly FqFlow _internal = new();
    private readonly TimedHeap<FqFlow> _delayed = new();
    private FqSettings _settings;
    private FqFlow?[] _buckets;
    private FqFlow? _spare;
    private int _band;
    private long _nextDelayed = long.MaxValue;
    private int _flows;
    private int _inactive;
    private long _throttled, _gc, _ceMark, _fastPath, _horizonDrops, _horizonCaps, _flowsLimit, _tooLong, _latency;

    private struct Band
    {
        public FqRound NewFlows;
        public FqRound OldFlows;
        public int Credit;
        public int Packets;
        public long Drops;
    }

    /// <summary>At a device, empty, with the kernel's defaults.</summary>
    public Fq(QdiscContext context)
        : base(context)
    {
        ArgumentNullException.ThrowIfNull(context);
        _settings = new FqSettings { Quantum = 2 * context.PschedMtu, InitialQuantum = 10 * context.PschedMtu };
        _buckets = new FqFlow?[_settings.Buckets];
        Limit = _settings.Limit;
    }

    /// <inheritdoc />
    public override string Kind => "fq";

    /// <summary>Flows that wait for their time.</summary>
    public int ThrottledFlows => _delayed.Count;

    /// <summary>Flows that it knows, empty ones included.</summary>
    public int Flows => _flows;

    /// <inheritdoc />
    public override NetXmit Enqueue(SkBuff skb, KernelTime now)
    {
        ArgumentNullException.ThrowIfNull(skb);
        var band = _settings.PrioMap[skb.Priority & PrioMap.Max];
        if (_bands[band].Packets >= Limit)
        {
            _bands[band].Drops++;
            return Drop(skb, SkbDropReason.FQ_BAND_LIMIT);
        }

        if (skb.Tstamp == KernelTime.Zero)
        {
            skb.Cb.QdiscTime = now.Nanoseconds;
        }
        else
        {
            if (skb.Tstamp.Nanoseconds > now.Nanoseconds + _settings.Horizon)
            {
                if (_settings.HorizonDrop)
                {
                    _horizonDrops++;
                    return Drop(skb, SkbDropReason.FQ_HORIZON_LIMIT);
                }

                _horizonCaps++;
                skb.Tstamp = now + new KernelTime(_settings.Horizon);
            }

            skb.Cb.QdiscTime = skb.Tstamp.Nanoseconds;
        }

        var flow = Classify(skb, now.Nanoseconds);
        if (!ReferenceEquals(flow, _internal))
        {
            if (flow.Length >= _settings.FlowLimit)
            {
                _flowsLimit++;
                return Drop(skb, SkbDropReason.FQ_FLOW_LIMIT);
            }

            if (flow.IsDetached)
            {
                flow.IsDetached = false;
                _bands[flow.Band].NewFlows.Append(flow);
                if (now.Nanoseconds > flow.EmptiedAt + _settings.RefillDelay) flow.Credit = Math.Max(flow.Credit, _settings.Quantum);
            }

            flow.Band = band;
            _bands[band].Packets++;
            skb.Cb.QdiscBand = band;
            if (flow.Length == 0) _inactive--;
        }

        flow.Length++;
        flow.Add(skb);
        CountIn(skb);
        return NetXmit.Success;
    }

    /// <inheritdoc />
    protected override SkBuff? Take(KernelTime now)
    {
        if (Stats.Qlen == 0) return null;
        if (_internal.Peek() is { } direct)
        {
            _internal.Length--;
            _internal.Remove(direct);
            CountOut(direct);
            return direct;
        }

        var time = now.Nanoseconds;
        CheckThrottled(time);
        while (SelectFlow(out var fromNew) is { } flow)
        {
            ref var band = ref _bands[_band];
            ref var round = ref fromNew ? ref band.NewFlows : ref band.OldFlows;
            if (flow.Credit <= 0)
            {
                flow.Credit += _settings.Quantum;
                round.RemoveFirst();
                AppendOld(flow);
                continue;
            }

            var skb = flow.Peek();
            if (skb is null)
            {
                round.RemoveFirst();
                if (fromNew) AppendOld(flow); // a pass through the old flows, so that these do not starve
                else (flow.IsDetached, flow.EmptiedAt) = (true, time);
                continue;
            }

            var departure = Math.Max(skb.Cb.QdiscTime, flow.TimeNextPacket);
            if (time < departure)
            {
                round.RemoveFirst();
                flow.TimeNextPacket = departure;
                Throttle(flow);
                continue;
            }

            flow.Remove(skb);
            CountOut(skb);
            if (time - departure > _settings.CeThreshold && SkbEcn.SetCe(skb)) _ceMark++;
            if (--flow.Length == 0) _inactive++;
            _bands[skb.Cb.QdiscBand].Packets--;
            flow.Credit -= skb.Cb.PacketLength;
            band.Credit -= skb.Cb.PacketLength;
            if (_settings.Pacing) Pace(flow, skb, time);
            return skb;
        }

        if (_nextDelayed != long.MaxValue) Context.Schedule(new KernelTime(_nextDelayed));
        return null;
    }

    /// <inheritdoc />
    protected override void Clear(SkbDropReason reason)
    {
        Purge(_internal, reason);
        for (var i = 0; i < _buckets.Length; i++)
        {
            for (var flow = _buckets[i]; flow is not null; flow = flow.NextInBucket) Purge(flow, reason);
            _buckets[i] = null;
        }

        while (_delayed.Take() is not null)
        {
        }

        Array.Clear(_bands);
        (_flows, _inactive, _nextDelayed) = (0, 0, long.MaxValue);
    }

    /// <inheritdoc />
    internal override void Configure(TcWords words, KernelTime now)
    {
        var settings = _settings.With(words, Context.LinkSpeed);
        if (words.Fault is not null) return;
        if (settings.Buckets != _settings.Buckets) Rehash(settings.Buckets);
        _settings = settings;
        Limit = settings.Limit;
        var (packets, bytes) = (0, 0);
        while (Stats.Qlen > Limit && Dequeue(now) is { } skb)
        {
            (packets, bytes) = (packets + 1, bytes + skb.Cb.PacketLength);
            Context.Sink.Drop(skb, SkbDropReason.QUEUE_PURGE);
        }

        TreeReduceBacklog(packets, bytes);
    }

    /// <inheritdoc />
    internal override void DumpOptions(StringBuilder text)
    {
        var s = _settings;
        text.Append(CultureInfo.InvariantCulture, $"limit {s.Limit}p flow_limit {s.FlowLimit}p buckets {s.Buckets} orphan_mask {s.OrphanMask} ");
        text.Append(CultureInfo.InvariantCulture, $"bands {FqSettings.Bands} priomap {string.Join(' ', s.PrioMap)} weights {string.Join(' ', s.Weights)} ");
        if (!s.Pacing) text.Append("nopacing ");
        text.Append(CultureInfo.InvariantCulture, $"quantum {TcText.Size(s.Quantum)} initial_quantum {TcText.Size(s.InitialQuantum)} ");
        if (s.MaxRate != FqSettings.NoMaxRate) text.Append(CultureInfo.InvariantCulture, $"maxrate {TcText.Rate(s.MaxRate)} ");
        if (s.LowRateThreshold != 0) text.Append(CultureInfo.InvariantCulture, $"low_rate_threshold {TcText.Rate(s.LowRateThreshold)} ");
        text.Append(CultureInfo.InvariantCulture, $"refill_delay {TcText.Time(s.RefillDelay / 1000)} ");
        if (s.CeThreshold != FqSettings.NoCeThreshold) text.Append(CultureInfo.InvariantCulture, $"ce_threshold {TcText.Time(s.CeThreshold / 1000)} ");
        text.Append(CultureInfo.InvariantCulture, $"timer_slack {TcText.TimeOfNanoseconds(s.TimerSlack)} horizon {TcText.Time(s.Horizon / 1000)} ");
        text.Append(s.HorizonDrop ? "horizon_drop " : "horizon_cap ");
    }

    /// <inheritdoc />
    internal override void DumpXstats(StringBuilder text, KernelTime now)
    {
        text.Append(CultureInfo.InvariantCulture, $"  flows {_flows} (inactive {_inactive} throttled {_delayed.Count})");
        if (_nextDelayed != long.MaxValue && _nextDelayed > now.Nanoseconds)
            text.Append(CultureInfo.InvariantCulture, $" next_packet_delay {TcText.TimeOfNanoseconds(_nextDelayed - now.Nanoseconds)}");
        for (var i = 0; i < _bands.Length; i++) text.Append(CultureInfo.InvariantCulture, $" band{i}_pkts {_bands[i].Packets}");
        text.Append(CultureInfo.InvariantCulture, $"\n  gc {_gc} highprio 0 fastpath {_fastPath} throttled {_throttled}");
        if (_latency > 0) text.Append(CultureInfo.InvariantCulture, $" latency {TcText.TimeOfNanoseconds(_latency)}");
        if (_ceMark > 0) text.Append(CultureInfo.InvariantCulture, $" ce_mark {_ceMark}");
        if (_flowsLimit > 0) text.Append(CultureInfo.InvariantCulture, $" flows_plimit {_flowsLimit}");
        if (_tooLong > 0) text.Append(CultureInfo.InvariantCulture, $"\n  pkts_too_long {_tooLong} alloc_errors 0");
        if (_horizonDrops + _horizonCaps > 0) text.Append(CultureInfo.InvariantCulture, $"\n  horizon_drops {_horizonDrops} horizon_caps {_horizonCaps}");
        for (var i = 0; i < _bands.Length; i++)
        {
            if (_bands[i].Drops > 0) text.Append(CultureInfo.InvariantCulture, $" band{i}_drops {_bands[i].Drops}");
        }
    }

    /// <summary>The flow of a packet (kernel: <c>fq_classify</c>); one shared by all while nothing has to wait.</summary>
    private FqFlow Classify(SkBuff skb, long now)
    {
        var owner = skb.Owner;
        var key = skb.Socket is { FlowId: not 0 and var id } ? id << 1 : ((Context.Sink.Hash(skb) & (long)_settings.OrphanMask) << 1) | 1;
        if (owner is not null && _settings.Pacing) owner.OnPacedBelow();
        if (MayPassBy(skb, now))
        {
            _fastPath++;
            return _internal;
        }

        ref var bucket = ref _buckets[BucketOf(key, _buckets.Length)];
        Collect(ref bucket, key, now);
        for (var known = bucket; known is not null; known = known.NextInBucket)
        {
            if (known.Key == key) return known;
        }

        var flow = _spare ?? new FqFlow();
        _spare = flow.NextInBucket;
        (flow.Key, flow.Credit, flow.IsDetached, flow.EmptiedAt, flow.TimeNextPacket) = (key, _settings.InitialQuantum, true, now, 0);
        flow.NextInBucket = bucket;
        bucket = flow;
        _flows++;
        _inactive++;
        return flow;
    }

    /// <summary>Nothing has to wait, so that the packet need not either (kernel: <c>fq_fastpath_check</c>).</summary>
    private bool MayPassBy(SkBuff skb, long now)
    {
        if (skb.Cb.QdiscTime > now) return false;
        if (Stats.Qlen != 0 && (_flows != _inactive + _delayed.Count || _internal.Length >= FastPathLength || _nextDelayed <= now)) return false;
        return skb.Owner is not { PacingRate: < long.MaxValue } && _settings.MaxRate == FqSettings.NoMaxRate;
    }

    /// <summary>Forgets flows that have been empty for three seconds (kernel: <c>fq_gc</c>).</summary>
    private void Collect(ref FqFlow? bucket, long key, long now)
    {
        ref var at = ref bucket;
        while (at is { } flow)
        {
            if (flow.Key != key && flow.IsDetached && now > flow.EmptiedAt + GcAge)
            {
                at = flow.NextInBucket;
                flow.NextInBucket = _spare;
                _spare = flow;
                (_flows, _inactive, _gc) = (_flows - 1, _inactive - 1, _gc + 1);
                continue;
            }

            at = ref flow.NextInBucket;
        }
    }

    private FqFlow? SelectFlow(out bool fromNew)
    {
        for (var retry = 0; ;)
        {
            ref var band = ref _bands[_band];
            fromNew = band.NewFlows.First is not null;
            if (band.Credit > 0 && (fromNew ? band.NewFlows.First : band.OldFlows.First) is { } flow) return flow;
            if (_bands[0].NewFlows.First is null && _bands[0].OldFlows.First is null && _bands[1].NewFlows.First is null && _bands[1].OldFlows.First is null
                && _bands[2].NewFlows.First is null && _bands[2].OldFlows.First is null && ++retry > FqSettings.Bands) return null;
            _band = (_band + 1) % FqSettings.Bands;
            ref var next = ref _bands[_band];
            next.Credit = (int)Math.Min((long)next.Credit + _settings.Weights[_band], _settings.Weights[_band]);
        }
    }

    private void AppendOld(FqFlow flow) => _bands[flow.Band].OldFlows.Append(flow);

    private void Throttle(FqFlow flow)
    {
        flow.IsThrottled = true;
        _delayed.Add(flow.TimeNextPacket, flow);
        _throttled++;
        _nextDelayed = Math.Min(_nextDelayed, flow.TimeNextPacket);
    }

    /// <summary>Flows whose time has come take turns again (kernel: <c>fq_check_throttled</c>).</summary>
    private void CheckThrottled(long now)
    {
        if (_nextDelayed > now) return;
        var late = now - _nextDelayed;
        if (late > 0) _latency += (late >> 3) - (_latency >> 3);
        while (_delayed.LeastKey <= now && _delayed.Take() is { } flow)
        {
            flow.IsThrottled = false;
            AppendOld(flow);
        }

        _nextDelayed = _delayed.LeastKey;
    }

    /// <summary>When the flow may send again, by its rate.</summary>
    private void Pace(FqFlow flow, SkBuff skb, long now)
    {
        var rate = _settings.MaxRate;
        var length = (long)skb.Cb.PacketLength;
        if (skb.Tstamp == KernelTime.Zero) // else its socket has set the time
        {
            if (skb.Owner is { } owner) rate = Math.Min(rate, owner.PacingRate);
            if (rate <= _settings.LowRateThreshold)
            {
                flow.Credit = 0;
            }
            else
            {
                length = Math.Max(length, _settings.Quantum);
                if (flow.Credit > 0) return;
            }
        }

        if (rate == FqSettings.NoMaxRate) return;
        var span = length * 1_000_000_000;
        if (rate > 0) span /= rate;
        if (span > MaxDelay)
        {
            span = MaxDelay;
            _tooLong++;
        }

        if (flow.TimeNextPacket != 0) span -= Math.Min(span / 2, now - flow.TimeNextPacket); // what timers were late by
        flow.TimeNextPacket = now + span;
    }

    private void Rehash(int buckets)
    {
        var old = _buckets;
        _buckets = new FqFlow?[buckets];
        foreach (var chain in old)
        {
            for (var flow = chain; flow is not null;)
            {
                var next = flow.NextInBucket;
                ref var bucket = ref _buckets[BucketOf(flow.Key, buckets)];
                (flow.NextInBucket, bucket) = (bucket, flow);
                flow = next;
            }
        }
    }

    private void Purge(FqFlow flow, SkbDropReason reason)
    {
        while (flow.Peek() is { } skb)
        {
            flow.Remove(skb);
            Context.Sink.Drop(skb, reason);
        }

        flow.Length = 0;
    }

    private static int BucketOf(long key, int buckets) => (int)(((ulong)key * 0x9E3779B97F4A7C15UL) >> 33) & (buckets - 1);
}
