using NetActors.Observe;
using NetActors.Time;

namespace NetActors.Tcp;

/// <content>SYN-ACKs that are not answered (kernel: <c>reqsk_timer_handler</c>, <c>syn_ack_recalc</c>).</content>
public sealed partial class TcpListenerCore
{
    private static readonly KernelTime InitialTimeout = KernelTime.FromSeconds(1); // TCP_TIMEOUT_INIT

    /// <summary>
    /// Handles what is due until a SYN-ACK is to be sent again. True when <see cref="ListenOutput.Reply"/> is one: call again; false when
    /// nothing is due.
    /// </summary>
    public bool OnDeadline(MibSet mib, KernelTime now, ListenOutput output)
    {
        while (_timers.TryTake(now, out var request))
        {
            if (OnTimeout(request, mib, now, output)) return true;
        }

        return false;
    }

    /// <summary>True when the SYN-ACK goes out again.</summary>
    private bool OnTimeout(RequestSock request, MibSet mib, KernelTime now, ListenOutput output)
    {
        var (retries, defer) = (MaxRetries(), Options.DeferAccept);
        var expired = request.Timeouts >= retries && (defer == 0 || !request.IsAcked || request.Timeouts >= defer);

        // While data is waited for after the ACK nothing is sent, but at the end of that time once more: a last chance.
        var resend = defer == 0 || !request.IsAcked || request.Timeouts >= defer - 1;
        mib.Add(LinuxMib.TCPTimeouts);
        if (expired)
        {
            Drop(request);
            return false;
        }

        if (resend) RetransmitSynAck(request, mib, now, output);
        if (request.Timeouts++ == 0) YoungLength--;
        Arm(request, now + Timeout(request));
        return resend;
    }

    /// <summary>
    /// How often a SYN-ACK is sent again: fewer when the queue is more than half full of old entries, for room is kept for the young.
    /// </summary>
    private int MaxRetries()
    {
        int retries = Options.SynRetries != 0 ? Options.SynRetries : _host.Sysctls.TcpSynackRetries;
        if ((uint)SynQueueLength << 1 <= Math.Max(8, Backlog)) return retries;
        for (var young = (long)YoungLength << 1; retries > 2 && SynQueueLength >= young; young <<= 1) retries--;
        return retries;
    }

    /// <summary>Kernel: <c>tcp_reqsk_timeout</c>.</summary>
    private KernelTime Timeout(RequestSock request) =>
        KernelTime.Min(InitialTimeout * (1L << Math.Min((int)request.Timeouts, 30)), _host.Sysctls.TcpRtoMax);
}
