using NetActors.Sockets;

namespace NetActors.Tcp;

/// <content>Listeners and their children.</content>
public sealed partial class InetHashTables
{
    /// <summary>
    /// Makes a socket listen; one that is not bound gets a port first (kernel: <c>inet_csk_listen_start</c>). The port is checked again,
    /// for sockets that may share a port may not both listen.
    /// </summary>
    /// <returns>None, also when it listens already; EADDRINUSE; EINVAL for a connected socket.</returns>
    public Errno Listen(TcpEndpoint sk)
    {
        if (sk.IsListening) return Errno.None;
        if (sk.IsEstablishedHashed) return Errno.EINVAL;
        sk.IsListening = true;
        var error = sk.IsBound ? GetPort(sk, sk.LocalPort) : BindEphemeral(sk, 0);
        if (error != Errno.None)
        {
            sk.IsListening = false;
            return error;
        }

        ref var slot = ref _listeners[ListenSlot(sk.LocalAddress, sk.LocalPort)];
        if (sk.ReusePort) JoinGroup(sk, slot);
        (sk.ListenNext, slot) = (slot, sk);
        ListenerCount++;
        return Errno.None;
    }

    /// <summary>Takes a socket out of the lookups; its port stays (kernel: <c>inet_unhash</c>).</summary>
    public void Unhash(TcpEndpoint sk)
    {
        if (!sk.IsListening)
        {
            Remove(sk);
            return;
        }

        sk.Group?.Remove(sk); // reuseport_stop_listen_sock
        ref var slot = ref _listeners[ListenSlot(sk.LocalAddress, sk.LocalPort)];
        if (slot == sk) slot = sk.ListenNext;
        else
        {
            var before = slot;
            while (before!.ListenNext != sk) before = before.ListenNext;
            before.ListenNext = sk.ListenNext;
        }

        (sk.ListenNext, sk.IsListening) = (null, false);
        ListenerCount--;
    }

    /// <summary>
    /// Puts the socket of an accepted connection into the tables; it shares its listener's port and takes over its options (kernel:
    /// <c>__inet_inherit_port</c>, <c>inet_ehash_nolisten</c>). The caller has dropped the half-open entry.
    /// </summary>
    /// <returns>False when the four addresses and ports are taken: another segment was quicker.</returns>
    public bool AddChild(TcpEndpoint listener, TcpEndpoint child, uint local, uint remote, ushort remotePort)
    {
        (child.LocalAddress, child.LocalPort) = (local, listener.LocalPort);
        (child.RemoteAddress, child.RemotePort, child.BoundDevice) = (remote, remotePort, listener.BoundDevice);
        (child.ReuseAddress, child.ReusePort, child.Uid) = (listener.ReuseAddress, listener.ReusePort, listener.Uid);
        if (listener.Bucket is null || !TryInsert(child))
        {
            (child.LocalAddress, child.LocalPort, child.RemoteAddress, child.RemotePort) = (0, 0, 0, 0);
            return false;
        }

        var port = listener.Bucket.Port!;
        (port.Find(local) ?? CreateBucket(port, local)).Add(child);
        return true;
    }

    /// <summary>Kernel: <c>inet_reuseport_add_sock</c>.</summary>
    private static void JoinGroup(TcpEndpoint sk, TcpEndpoint? head)
    {
        for (var other = head; other is not null; other = other.ListenNext)
        {
            if (other.BoundDevice != sk.BoundDevice || other.LocalPort != sk.LocalPort || other.LocalAddress != sk.LocalAddress) continue;
            if (!other.ReusePort || other.Uid != sk.Uid || other.Group is null) continue;
            other.Group.Add(sk);
            return;
        }

        new ReuseportGroup().Add(sk);
    }
}
