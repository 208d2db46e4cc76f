using NetActors.Observe;
using NetActors.Sockets;
using NetActors.Time;

namespace NetActors.Tcp;

/// <content>The end of a listener (kernel: <c>inet_csk_listen_stop</c>, <c>reuseport_migrate_sock</c>).</content>
public sealed partial class TcpListenerCore
{
    /// <summary>
    /// Stops listening; the port stays. With <c>tcp_migrate_req</c> the rest of the reuseport group takes over both queues, at once where
    /// Linux does it with each one's next segment or timeout. Else half-open connections are dropped, so that their last ACKs meet a RST,
    /// and those in the accept queue are the caller's to take and reset.
    /// </summary>
    /// <param name="mib">Counts TCPMigrateReqSuccess.</param>
    /// <param name="cpu">The CPU that closes, for SO_INCOMING_CPU.</param>
    public void Stop(MibSet mib, int cpu = -1)
    {
        var group = _host.Sysctls.TcpMigrateReq ? Endpoint.Group : null;
        _host.Tables.Unhash(Endpoint);
        while (_timers.TryTake(KernelTime.Never, out var request))
        {
            if (Heir(group, request, cpu) is { } heir) Migrate(request, heir, mib);
            else Drop(request);
        }

        if (group is { Count: > 0 }) MigrateChildren(group, mib, cpu);
    }

    private static TcpListenerCore? Heir(ReuseportGroup? group, SockCommon migrating, int cpu) =>
        (group?.Select(migrating.Hash, cpu) as TcpEndpoint)?.Listener;

    private void Migrate(RequestSock request, TcpListenerCore heir, MibSet mib)
    {
        CountRemoved(request);
        request.Listener = heir;
        heir.CountAdded(request);
        heir.Arm(request, request.Deadline);
        mib.Add(LinuxMib.TCPMigrateReqSuccess);
    }

    /// <summary>The heir's accept queue may grow beyond its backlog by this, as on Linux.</summary>
    private void MigrateChildren(ReuseportGroup group, MibSet mib, int cpu)
    {
        for (var left = _accept.Count; left > 0 && _accept.TryTake(out var child, out var fastOpen); left--)
        {
            if (Heir(group, child, cpu) is not { } heir)
            {
                _accept.Add(child, fastOpen); // stays: the caller resets it
                continue;
            }

            if (fastOpen is not null) fastOpen.Listener = heir;
            heir._accept.Add(child, fastOpen);
            mib.Add(LinuxMib.TCPMigrateReqSuccess);
        }
    }
}
