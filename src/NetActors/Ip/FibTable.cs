using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using NetActors.Headers;
using NetActors.Sockets;

namespace NetActors.Ip;

/// <summary>
/// All routes of a namespace, immutable: its one writer replaces it whole. Longest prefix first; among equal prefixes the local table
/// before main, then the lower metric: the order of the kernel's merged trie without custom rules (kernel: <c>fib_table_lookup</c>).
/// A hash per prefix length stands for the kernel's trie; lookups allocate nothing.
/// </summary>
public sealed class FibTable
{
    /// <summary>A namespace without routes.</summary>
    public static readonly FibTable Empty = new([]);

    private readonly FibRoute[] _routes; // sorted, equal prefixes side by side
    private readonly int[] _slots; // open addressing: 0 is free, else index of a prefix's first route, plus 1
    private readonly ulong _lengths; // bit n: a prefix of n bits exists

    private FibTable(IEnumerable<FibRoute> routes)
    {
        _routes = [.. routes
            .OrderByDescending(r => r.Prefix.Length).ThenBy(r => r.Prefix.Network)
            .ThenByDescending(r => r.Table).ThenBy(r => r.Metric)]; // stable: insertion order decides the rest
        _slots = new int[BitOperations.RoundUpToPowerOf2((uint)(_routes.Length * 2) + 2)];
        for (var i = 0; i < _routes.Length; i++)
        {
            var prefix = _routes[i].Prefix;
            if (i > 0 && _routes[i - 1].Prefix == prefix) continue;
            _lengths |= 1UL << prefix.Length;
            var slot = SlotOf(prefix.Network, prefix.Length);
            while (_slots[slot] != 0) slot = (slot + 1) & (_slots.Length - 1);
            _slots[slot] = i + 1;
        }
    }

    /// <summary>
    /// Lines of the trie that a look-up reads beyond the caches near the CPU: node, leaf and next hop once the table is too large for them
    /// (2048 routes of about 128 bytes fill the L2 of the machines that were measured).
    /// </summary>
    public int FarLines => _routes.Length > 2048 ? 3 : 0;

    /// <summary>The routes in the order in which they are tried.</summary>
    public ReadOnlySpan<FibRoute> Routes => _routes;

    /// <summary>A table of these routes; host bits of prefixes are cut off.</summary>
    public static FibTable Create(IEnumerable<FibRoute> routes) => new(routes.Select(r => r with { Prefix = r.Prefix.Masked }));

    /// <summary>A table with one more route (<c>ip route add</c>).</summary>
    /// <exception cref="ArgumentException">The same destination, table and metric exists (the kernel's EEXIST).</exception>
    public FibTable Add(FibRoute route)
    {
        var added = route with { Prefix = route.Prefix.Masked };
        if (_routes.Any(r => SameKey(r, added))) throw new ArgumentException($"EEXIST: a route to {added.Prefix} exists", nameof(route));
        return new FibTable(_routes.Append(added));
    }

    /// <summary>A table without the routes that <paramref name="match"/> chooses (<c>ip route del</c>, <c>flush</c>).</summary>
    public FibTable Remove(Predicate<FibRoute> match) => new(_routes.Where(r => !match(r)).ToImmutableArray());

    /// <summary>
    /// The best route to <paramref name="destination"/> (kernel: <c>fib_lookup</c>).
    /// </summary>
    /// <param name="destination">Address in host order.</param>
    /// <param name="ifIndex">Only routes over this device; 0 for any.</param>
    /// <param name="scope">Only routes that reach at least this near.</param>
    /// <param name="route">The route, also one that refuses; null without any.</param>
    /// <returns>
    /// <see cref="Errno.None"/>, ENETUNREACH without a route, EHOSTUNREACH, EACCES or EINVAL as the route's type refuses.
    /// </returns>
    public Errno Lookup(uint destination, int ifIndex, RouteScope scope, out FibRoute? route)
    {
        var lengths = _lengths;
        while (lengths != 0)
        {
            var length = BitOperations.Log2(lengths);
            lengths ^= 1UL << length;
            var network = destination & Ipv4Prefix.MaskOf(length);
            for (var i = FirstOf(network, length); i >= 0 && i < _routes.Length; i++)
            {
                var candidate = _routes[i];
                if (candidate.Prefix.Length != length || candidate.Prefix.Address != network) break;
                if (candidate.Scope < scope) continue;
                var error = ErrorOf(candidate.Type);
                if (error == Errno.None && ifIndex != 0 && candidate.IfIndex != ifIndex) continue;
                route = candidate;
                return error;
            }
        }

        route = null;
        return Errno.ENETUNREACH;
    }

    /// <summary>Lookup by destination alone. False when there is no route or it refuses.</summary>
    public bool TryLookup(uint destination, [NotNullWhen(true)] out FibRoute? route) =>
        Lookup(destination, 0, RouteScope.Universe, out route) == Errno.None && route is not null;

    /// <summary>What kind of address this is to us (kernel: <c>inet_addr_type</c>).</summary>
    public RouteType AddressType(uint address)
    {
        if (address == Ipv4Address.Any || Ipv4Address.IsLimitedBroadcast(address)) return RouteType.Broadcast;
        if (Ipv4Address.IsMulticast(address)) return RouteType.Multicast;
        return TryLookup(address, out var route) && route.Table == RouteTable.Local ? route.Type : RouteType.Unicast;
    }

    private static Errno ErrorOf(RouteType type) => type switch
    {
        RouteType.Blackhole => Errno.EINVAL,
        RouteType.Unreachable => Errno.EHOSTUNREACH,
        RouteType.Prohibit => Errno.EACCES,
        _ => Errno.None,
    };

    private static bool SameKey(FibRoute a, FibRoute b) => a.Prefix == b.Prefix && a.Table == b.Table && a.Metric == b.Metric
        && (a.Table == RouteTable.Main || (a.Type, a.IfIndex, a.PrefSrc) == (b.Type, b.IfIndex, b.PrefSrc));

    private int FirstOf(uint network, int length)
    {
        for (var slot = SlotOf(network, length); _slots[slot] != 0; slot = (slot + 1) & (_slots.Length - 1))
        {
            var prefix = _routes[_slots[slot] - 1].Prefix;
            if (prefix.Address == network && prefix.Length == length) return _slots[slot] - 1;
        }

        return -1;
    }

    private int SlotOf(uint network, int length) =>
        (int)(((network * 0x9E37_79B1) ^ (uint)length) * 0x85EB_CA6BU >> 7) & (_slots.Length - 1);
}
