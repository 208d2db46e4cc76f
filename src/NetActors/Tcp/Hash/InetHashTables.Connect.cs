using NetActors.Observe;
using NetActors.Sockets;

namespace NetActors.Tcp;

/// <content>Outgoing connections (kernel: <c>inet_hash_connect</c>, <c>__inet_check_established</c>).</content>
public sealed partial class InetHashTables
{
    private const int PerturbSlots = 1 << 16; // INET_TABLE_PERTURB_SIZE

    private uint[]? _perturb; // where the last search for a destination ended

    /// <summary>
    /// Gives a connecting socket its place in the tables, and a port when it has none (RFC 6056 algorithm 4: double hash). Ports of the
    /// parity of the range's first come first, for <c>bind</c> prefers the others; a port is shared with other outgoing connections as
    /// long as the destination differs.
    /// </summary>
    /// <param name="sk">In no lookup table.</param>
    /// <param name="source">Source address of the route, taken over by a socket bound to any.</param>
    /// <param name="remote">The peer's address.</param>
    /// <param name="remotePort">The peer's port.</param>
    /// <param name="reuse">Says which TIME_WAIT entries may make room.</param>
    /// <param name="mib">Counts TWRecycled.</param>
    /// <returns>None; EADDRNOTAVAIL when no port is left for this destination; EISCONN for a socket in a table.</returns>
    public Errno Connect(TcpEndpoint sk, uint source, uint remote, ushort remotePort, ITimeWaitReuse reuse, MibSet mib)
    {
        if (sk.IsEstablishedHashed || sk.IsListening) return Errno.EISCONN;
        var before = sk.LocalAddress;
        if (before == 0) UpdateAddress(sk, source);
        (sk.RemoteAddress, sk.RemotePort) = (remote, remotePort);
        var done = sk.IsBound ? TryEstablish(sk, sk.LocalPort, portWasBound: true, reuse, mib) : ChoosePort(sk, reuse, mib);
        if (done) return Errno.None;
        (sk.RemoteAddress, sk.RemotePort) = (0, 0);
        UpdateAddress(sk, before);
        return Errno.EADDRNOTAVAIL;
    }

    /// <summary>Kernel: <c>__inet_hash_connect</c>.</summary>
    private bool ChoosePort(TcpEndpoint sk, ITimeWaitReuse reuse, MibSet mib)
    {
        var (low, high) = RangeOf(sk);
        high++; // behind the last
        var step = sk.PortRange == default ? 2 : 1;
        var remaining = high - low;
        if (step == 2 && remaining > 1) remaining &= ~1;
        var place = _secure.PortOffset(sk.LocalAddress, sk.RemoteAddress, sk.RemotePort);
        ref var perturb = ref Perturb((int)place & (PerturbSlots - 1));
        var offset = (int)((perturb + (uint)(place >> 32)) % (uint)remaining);
        if (step == 2) offset &= ~1;
        for (var parity = 0; parity < step && (parity == 0 || remaining > 1); parity++, offset++)
        {
            var port = low + offset;
            for (var i = 0; i < remaining; i += step, port += step)
            {
                if (port >= high) port -= remaining;
                if (!TryPort(sk, (ushort)port, reuse, mib)) continue;
                perturb += (uint)(Math.Max(i, (int)_random.NextBelow(8) * step) + step); // so that the next port is not the next number
                return true;
            }
        }

        return false;
    }

    private bool TryPort(TcpEndpoint sk, ushort port, ITimeWaitReuse reuse, MibSet mib)
    {
        if (port == 0 || Ports.Reserved.Contains(port)) return false;
        var bucket = FindBucket(port);
        if (bucket is { OwnersByBind: > 0 } || !TryEstablish(sk, port, portWasBound: false, reuse, mib)) return false;
        sk.IsConnectBound = true;
        Hold(sk, FindBucket(port) ?? CreateBucket(port)); // again: a recycled entry may have been the bucket's last owner
        return true;
    }

    /// <summary>Kernel: <c>__inet_check_established</c>.</summary>
    private bool TryEstablish(TcpEndpoint sk, ushort port, bool portWasBound, ITimeWaitReuse reuse, MibSet mib)
    {
        var key = new TcpLookup(sk.RemoteAddress, sk.RemotePort, sk.LocalAddress, port, sk.BoundDevice);
        var taken = LookupEstablished(key);
        if (taken is not null && (taken is not TimeWaitSock timeWait || !reuse.MayReuse(sk, timeWait, portWasBound))) return false;
        sk.LocalPort = port;
        Insert(sk, EstablishedHash(key));
        if (taken is not TimeWaitSock recycled) return true;
        TimeWaits.Kill(recycled);
        mib.Add(LinuxMib.TWRecycled);
        return true;
    }

    private ref uint Perturb(int index)
    {
        if (_perturb is null)
        {
            _perturb = new uint[PerturbSlots]; // get_random_sleepable_once
            for (var i = 0; i < _perturb.Length; i++) _perturb[i] = _random.NextUInt32();
        }

        return ref _perturb[index];
    }
}
