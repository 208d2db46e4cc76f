using System.Diagnostics.CodeAnalysis;
using NetActors.Buffers;
using NetActors.Headers;
using NetActors.Sockets;
using NetActors.Time;

namespace NetActors.Neighbours;

/// <summary>
/// The neighbours of a namespace (kernel: <c>struct neigh_table</c>, net/core/neighbour.c). Bounded by <c>gc_thresh3</c>; walks go in
/// the order of creation, so nothing depends on the hash. Changed by one CPU at a time.
/// </summary>
public sealed class NeighbourTable
{
    private static readonly KernelTime FlushInterval = KernelTime.FromSeconds(5);

    private readonly uint _hashSecret;
    private NeighbourTableSettings _settings;
    private Neighbour?[] _buckets = new Neighbour?[16];
    private Neighbour? _first;
    private Neighbour? _last;
    private KernelTime _lastFlush = KernelTime.Zero;
    private KernelTime _earliest = KernelTime.Never;

    /// <summary>An empty table; <paramref name="hashSecret"/> are random bits for its hash.</summary>
    public NeighbourTable(NeighbourTableSettings settings, uint hashSecret) => (_settings, _hashSecret) = (settings, hashSecret | 1);

    /// <summary>Counters.</summary>
    public NeighbourStats Stats { get; } = new();

    /// <summary>All entries.</summary>
    public int Count { get; private set; }

    /// <summary>Entries that count against the thresholds (kernel: <c>gc_entries</c>).</summary>
    public int GcEntries { get; private set; }

    /// <summary>No entry is due before this; <see cref="KernelTime.Never"/> when none has a timer.</summary>
    public KernelTime Deadline => _earliest;

    /// <summary>The settings, replaced whole; entries take the new parameters over.</summary>
    public NeighbourTableSettings Settings
    {
        get => _settings;
        set
        {
            _settings = value;
            for (var n = _first; n is not null; n = n.ListNext) n.Nud.Parms = value.Parms;
        }
    }

    /// <summary>The entry made first; go on with <see cref="Next"/>. Null in an empty table.</summary>
    public Neighbour? First => _first;

    /// <summary>The entry made after <paramref name="neighbour"/>; null at the end.</summary>
    public static Neighbour? Next(Neighbour neighbour) => neighbour.ListNext;

    /// <summary>The entry for an address on a device; null when there is none (kernel: <c>neigh_lookup</c>).</summary>
    public Neighbour? Lookup(int ifIndex, uint address)
    {
        Stats.Lookups++;
        var n = _buckets[BucketOf(ifIndex, address)];
        while (n is not null && (n.Address != address || n.IfIndex != ifIndex)) n = n.HashNext;
        if (n is not null) Stats.Hits++;
        return n;
    }

    /// <summary>
    /// The entry for an address, made when there is none (kernel: <c>__neigh_create</c>). Null when the table is full: the caller drops
    /// its packet with NEIGH_CREATEFAIL.
    /// </summary>
    /// <param name="ifIndex">Device.</param>
    /// <param name="address">IPv4 address in host order.</param>
    /// <param name="now">The time.</param>
    /// <param name="noArp">Link address of a neighbour that needs no resolution: broadcast, group, loopback.</param>
    /// <param name="exemptFromGc">Not counted: on the loopback device, or permanent.</param>
    public Neighbour? LookupOrCreate(int ifIndex, uint address, KernelTime now, MacAddress? noArp = null, bool exemptFromGc = false)
    {
        var n = Lookup(ifIndex, address);
        if (n is not null) return n;
        if (!exemptFromGc && !MakeRoom(now)) return null;
        if (Count > _buckets.Length) Grow();

        n = new Neighbour(ifIndex, address, _settings.Parms, now) { ExemptFromGc = exemptFromGc };
        if (noArp is { } hardwareAddress) n.ConstructNoArp(hardwareAddress);
        Link(n);
        Stats.Allocs++;
        return n;
    }

    /// <summary>
    /// The link address of a reachable neighbour, as any CPU may look it up while one changes the table (kernel: under RCU,
    /// <c>neigh_event_send</c> without the lock). False: it is to be looked up by the one that may change it. Not counted as a lookup.
    /// </summary>
    public bool TryResolved(int ifIndex, uint address, KernelTime now, out MacAddress hardwareAddress)
    {
        hardwareAddress = MacAddress.Zero;
        var buckets = Volatile.Read(ref _buckets);
        var n = buckets[BucketOf(ifIndex, address, buckets.Length)];
        while (n is not null && (n.Address != address || n.IfIndex != ifIndex)) n = n.HashNext;
        if (n is null || !n.Nud.TryUse(now)) return false;
        hardwareAddress = n.HardwareAddress;
        return !hardwareAddress.IsZero; // the state may be there before the address
    }

    /// <summary>
    /// Sends a packet towards <paramref name="neighbour"/> (kernel: <c>neigh_resolve_output</c>). Only with
    /// <see cref="NudEffects.Transmit"/> does the caller still own it.
    /// </summary>
    public NudEffects Output(Neighbour neighbour, SkBuff skb, KernelTime now) => Note(neighbour, neighbour.Output(skb, now, Stats));

    /// <summary>News about the neighbour (kernel: <c>neigh_update</c>); see <see cref="NudMachine.OnUpdate"/>.</summary>
    public NudEffects Update(
        Neighbour neighbour, MacAddress? hardwareAddress, NudState next, NudUpdateFlags flags, KernelTime now, out Errno error) =>
        Note(neighbour, neighbour.Update(hardwareAddress, next, flags, now, out error));

    /// <summary>
    /// The next entry whose deadline has come, in order of creation, with what its timer asks for (kernel:
    /// <c>neigh_timer_handler</c>). False when none is due: then <see cref="Deadline"/> is exact.
    /// </summary>
    public bool TryTakeDue(KernelTime now, [NotNullWhen(true)] out Neighbour? due, out NudEffects effects)
    {
        (due, effects) = (null, NudEffects.None);
        if (now < _earliest) return false;
        var earliest = KernelTime.Never;
        for (var n = _first; n is not null; n = n.ListNext)
        {
            if (n.Nud.Deadline > now)
            {
                earliest = KernelTime.Min(earliest, n.Nud.Deadline);
                continue;
            }

            due = n;
            effects = n.Nud.OnDeadline(now);
            if ((effects & NudEffects.FailQueue) != 0) Stats.ResFailed++;
            return true;
        }

        _earliest = earliest;
        return false;
    }

    /// <summary>Collects failed and unused entries (kernel: <c>neigh_periodic_work</c>); run it every <c>GcInterval</c>.</summary>
    public void PeriodicGc(KernelTime now)
    {
        Stats.PeriodicGcRuns++;
        if (Count < _settings.GcThresh1) return;
        for (var n = _first; n is not null;)
        {
            var next = n.ListNext;
            var nud = n.Nud;
            var idleSince = KernelTime.Max(nud.Used, nud.Confirmed);
            if (!nud.State.In(NudState.Permanent | NudStates.InTimer) &&
                (nud.State == NudState.Failed || now >= idleSince + nud.Parms.GcStaleTime))
            {
                Remove(n);
            }

            n = next;
        }
    }

    /// <summary>Gives up one entry and what waits in it (kernel: <c>neigh_remove_one</c>, <c>neigh_flush_one</c>).</summary>
    public void Remove(Neighbour neighbour)
    {
        ref var slot = ref _buckets[BucketOf(neighbour.IfIndex, neighbour.Address)];
        if (slot == neighbour) slot = neighbour.HashNext;
        else
        {
            var before = slot;
            while (before is not null && before.HashNext != neighbour) before = before.HashNext;
            if (before is null) return; // not ours any more
            before.HashNext = neighbour.HashNext;
        }

        if (neighbour.ListPrevious is { } previous) previous.ListNext = neighbour.ListNext;
        else _first = neighbour.ListNext;
        if (neighbour.ListNext is { } next) next.ListPrevious = neighbour.ListPrevious;
        else _last = neighbour.ListPrevious;
        neighbour.Purge(SkbDropReason.NEIGH_DEAD);
        neighbour.IsDead = true;
        Count--;
        if (!neighbour.ExemptFromGc) GcEntries--;
        Stats.Destroys++;
    }

    /// <summary>Gives up all entries of a device that went down (kernel: <c>neigh_ifdown</c>).</summary>
    public void IfDown(int ifIndex)
    {
        for (var n = _first; n is not null;)
        {
            var next = n.ListNext;
            if (n.IfIndex == ifIndex) Remove(n);
            n = next;
        }
    }

    private NudEffects Note(Neighbour neighbour, NudEffects effects)
    {
        if (!neighbour.IsDead) _earliest = KernelTime.Min(_earliest, neighbour.Nud.Deadline);
        return effects;
    }

    private bool MakeRoom(KernelTime now)
    {
        if (GcEntries < _settings.GcThresh3 && (GcEntries < _settings.GcThresh2 || now <= _lastFlush + FlushInterval)) return true;
        if (ForcedGc(now) > 0 || GcEntries < _settings.GcThresh3) return true;
        Stats.TableFulls++;
        return false;
    }

    /// <summary>Oldest first: failed, needing no resolution, or unchanged for 5 s; never one whose timer runs (its reference).</summary>
    private int ForcedGc(KernelTime now)
    {
        Stats.ForcedGcRuns++;
        var (shrunk, wanted) = (0, GcEntries + 1 - _settings.GcThresh2);
        for (var n = _first; n is not null && shrunk < wanted;)
        {
            var next = n.ListNext;
            var nud = n.Nud;
            if (!n.ExemptFromGc && !nud.State.In(NudStates.InTimer | NudState.Permanent) &&
                (nud.State.In(NudState.Failed | NudState.NoArp) || now > nud.Updated + FlushInterval))
            {
                Remove(n);
                shrunk++;
            }

            n = next;
        }

        _lastFlush = now;
        return shrunk;
    }

    private void Link(Neighbour n)
    {
        ref var slot = ref _buckets[BucketOf(n.IfIndex, n.Address)];
        (n.HashNext, slot) = (slot, n);
        n.ListPrevious = _last;
        if (_last is null) _first = n;
        else _last.ListNext = n;
        _last = n;
        Count++;
        if (!n.ExemptFromGc) GcEntries++;
    }

    private void Grow()
    {
        _buckets = new Neighbour?[_buckets.Length * 2];
        for (var n = _first; n is not null; n = n.ListNext)
        {
            ref var slot = ref _buckets[BucketOf(n.IfIndex, n.Address)];
            (n.HashNext, slot) = (slot, n);
        }

        Stats.HashGrows++;
    }

    private int BucketOf(int ifIndex, uint address) => BucketOf(ifIndex, address, _buckets.Length);

    private int BucketOf(int ifIndex, uint address, int buckets) =>
        (int)(((address ^ ((uint)ifIndex * 0x9E37_79B1)) * _hashSecret) >> 8) & (buckets - 1);
}
