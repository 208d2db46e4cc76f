using NetActors.Sockets;

namespace NetActors.Tcp;

/// <content>Who holds which port (kernel: <c>inet_csk_get_port</c>, <c>inet_csk_bind_conflict</c>, <c>inet_put_port</c>).</content>
public sealed partial class InetHashTables
{
    // Buckets that are free: their number follows the most that were in use at once.
    private BindBucket? _freeBuckets;
    private Bind2Bucket? _freeAddresses;

    /// <summary>
    /// Binds to a port, for any see <see cref="BindEphemeral"/>. The caller has checked that the address is ours (EADDRNOTAVAIL) and that
    /// the port is allowed (EACCES).
    /// </summary>
    /// <returns>None, EADDRINUSE for a conflict, EINVAL for a bound socket.</returns>
    public Errno Bind(TcpEndpoint sk, uint address, ushort port)
    {
        if (sk.IsBound || port == 0) return Errno.EINVAL;
        sk.LocalAddress = address;
        var error = GetPort(sk, port);
        if (error != Errno.None) sk.LocalAddress = 0;
        else (sk.IsPortLocked, sk.IsAddressLocked) = (true, address != 0);
        return error;
    }

    /// <summary>Gives the port back; does nothing when there is none (kernel: <c>inet_put_port</c>).</summary>
    public void PutPort(BoundSock sk)
    {
        if (sk.Bucket is not { } held) return;
        held.Remove(sk);
        (sk.LocalPort, sk.IsConnectBound) = (0, false);
        if (held.Owners is null) Free(held);
    }

    /// <summary>
    /// A connection is over: it leaves the lookups, and its port too unless it was given to <c>bind</c> (kernel: <c>tcp_set_state</c> with
    /// TCP_CLOSE). A socket that is destroyed gives its port back with <see cref="PutPort"/>.
    /// </summary>
    public void OnClosed(TcpEndpoint sk)
    {
        Unhash(sk);
        if (!sk.IsPortLocked) PutPort(sk);
    }

    /// <summary>
    /// As <see cref="OnClosed"/>, and the socket forgets its peer and an address that was not given to <c>bind</c> (kernel:
    /// <c>tcp_disconnect</c>).
    /// </summary>
    public void Disconnect(TcpEndpoint sk)
    {
        OnClosed(sk);
        if (!sk.IsAddressLocked) UpdateAddress(sk, 0);
        (sk.RemoteAddress, sk.RemotePort) = (0, 0);
    }

    /// <summary>Another address for a bound socket, by <c>connect</c> or its failure (kernel: <c>inet_bhash2_update_saddr</c>).</summary>
    internal void UpdateAddress(TcpEndpoint sk, uint address)
    {
        if (sk.Bucket is { } held && sk.LocalAddress != address)
        {
            var port = held.Port!;
            (port.Find(address) ?? CreateBucket(port, address)).AddFrom(held, sk);
            if (held.Owners is null) Free(held);
        }

        sk.LocalAddress = address;
    }

    /// <summary>
    /// Kernel: <c>inet_csk_get_port</c>, without its shortcuts by <c>fastreuse</c>: they spare the walk and cannot change the answer.
    /// </summary>
    private Errno GetPort(TcpEndpoint sk, ushort port)
    {
        var bucket = FindBucket(port);
        if (bucket is not null && HasConflict(sk, bucket, relax: true, reusePortOk: true)) return Errno.EADDRINUSE;
        if (!sk.IsBound) Hold(sk, bucket ?? CreateBucket(port));
        return Errno.None;
    }

    /// <summary>Kernel: <c>inet_bind_hash</c>.</summary>
    private void Hold(BoundSock sk, BindBucket bucket)
    {
        sk.LocalPort = bucket.Port;
        (bucket.Find(sk.LocalAddress) ?? CreateBucket(bucket, sk.LocalAddress)).Add(sk);
    }

    /// <summary>Kernel: <c>inet_csk_bind_conflict</c>; any address overlaps with each (<c>inet_rcv_saddr_equal</c>).</summary>
    private static bool HasConflict(TcpEndpoint sk, BindBucket bucket, bool relax, bool reusePortOk)
    {
        for (var held = bucket.Addresses; held is not null; held = held.Next)
        {
            if (held.Address != sk.LocalAddress && held.Address != 0 && sk.LocalAddress != 0) continue;
            for (var other = held.Owners; other is not null; other = other.BindNext)
            {
                if (Conflicts(sk, other, relax, reusePortOk)) return true;
            }
        }

        return false;
    }

    /// <summary>Kernel: <c>inet_bind_conflict</c>.</summary>
    private static bool Conflicts(TcpEndpoint sk, BoundSock other, bool relax, bool reusePortOk)
    {
        if (sk == other) return false;
        if (sk.BoundDevice != 0 && other.BoundDevice != 0 && sk.BoundDevice != other.BoundDevice) return false;
        var sharesPort = sk.ReusePort && other.ReusePort && sk.Group is null && (other is TimeWaitSock || sk.Uid == other.Uid);
        if (sk.ReuseAddress && other.ReuseAddress && other is not TcpEndpoint { IsListening: true })
        {
            return !relax || (!reusePortOk && sharesPort);
        }

        return !reusePortOk || !sharesPort;
    }

    private BindBucket? FindBucket(ushort port)
    {
        var bucket = _ports[port & (_ports.Length - 1)];
        while (bucket is not null && bucket.Port != port) bucket = bucket.Next;
        return bucket;
    }

    private BindBucket CreateBucket(ushort port)
    {
        var bucket = _freeBuckets ?? new BindBucket();
        if (bucket == _freeBuckets) _freeBuckets = bucket.Next;
        ref var slot = ref _ports[port & (_ports.Length - 1)];
        (bucket.Port, bucket.Addresses, bucket.OwnersByBind, bucket.Next, slot) = (port, null, 0, slot, bucket);
        return bucket;
    }

    private Bind2Bucket CreateBucket(BindBucket port, uint address)
    {
        var held = _freeAddresses ?? new Bind2Bucket();
        if (held == _freeAddresses) _freeAddresses = held.Next;
        (held.Address, held.Port, held.Next, port.Addresses) = (address, port, port.Addresses, held);
        return held;
    }

    /// <summary>Kernel: <c>inet_bind2_bucket_destroy</c>, <c>inet_bind_bucket_destroy</c>.</summary>
    private void Free(Bind2Bucket held)
    {
        var port = held.Port!;
        if (port.Addresses == held) port.Addresses = held.Next;
        else
        {
            var before = port.Addresses!;
            while (before.Next != held) before = before.Next!;
            before.Next = held.Next;
        }

        (held.Port, held.Next, _freeAddresses) = (null, _freeAddresses, held);
        if (port.Addresses is null) Free(port);
    }

    private void Free(BindBucket port)
    {
        ref var slot = ref _ports[port.Port & (_ports.Length - 1)];
        if (slot == port) slot = port.Next;
        else
        {
            var before = slot!;
            while (before.Next != port) before = before.Next!;
            before.Next = port.Next;
        }

        (port.Next, _freeBuckets) = (_freeBuckets, port);
    }
}
