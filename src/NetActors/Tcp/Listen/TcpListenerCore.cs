using NetActors.Buffers;
using NetActors.Headers;
using NetActors.Observe;
using NetActors.Sockets;
using NetActors.Time;

namespace NetActors.Tcp;

/// <summary>
/// A listening socket: SYN queue, accept queue, SYN cookies and Fast Open (kernel: <c>tcp_conn_request</c>, <c>tcp_check_req</c>,
/// <c>cookie_v4_check</c>, <c>tcp_try_fastopen</c> of 6.18). Knows no actor and no clock: a segment goes in, a
/// <see cref="ListenVerdict"/> comes out. Half-open connections are records in the host's tables; a full connection is the caller's.
/// </summary>
public sealed partial class TcpListenerCore
{
    private readonly TcpListenHost _host;
    private readonly AcceptQueue _accept = new();
    private readonly DeadlineHeap<RequestSock> _timers = new();
    private readonly RequestSock _cookieRequest; // never in a table: a cookie's SYN-ACK is all that is left of its SYN
    private RequestSock? _free;
    private uint _synTable; // 3.10: places of the SYN queue, as listen() made them (kernel: reqsk_queue_alloc)
    private KernelTime _lastSynQueueOverflow = KernelTime.Never;

    /// <summary>A listener without a place in the tables, see <see cref="Listen"/>.</summary>
    /// <param name="endpoint">Its place in the tables.</param>
    /// <param name="host">What it shares with others.</param>
    public TcpListenerCore(TcpEndpoint endpoint, TcpListenHost host)
    {
        (Endpoint, _host) = (endpoint, host);
        endpoint.Listener = this;
        _cookieRequest = new RequestSock(this);
    }

    /// <summary>Its place in the tables.</summary>
    public TcpEndpoint Endpoint { get; }

    /// <summary>Its socket options.</summary>
    public TcpListenOptions Options { get; } = new();

    /// <summary>Its Fast Open children.</summary>
    public FastOpenQueue FastOpen { get; } = new();

    /// <summary>Bound of both queues (kernel: <c>sk_max_ack_backlog</c>); each holds one more.</summary>
    public uint Backlog { get; private set; }

    /// <summary>Connections that wait for <c>accept</c>.</summary>
    public int AcceptQueueLength => _accept.Count;

    /// <summary>Half-open connections (kernel: <c>reqsk_queue_len</c>).</summary>
    public int SynQueueLength { get; private set; }

    /// <summary>Those that have had no timeout (kernel: <c>reqsk_queue_len_young</c>).</summary>
    public int YoungLength { get; private set; }

    /// <summary>Segments refused (kernel: <c>sk_drops</c>).</summary>
    public long Drops { get; private set; }

    /// <summary>When <see cref="OnDeadline"/> is due; <see cref="KernelTime.Never"/> when nothing is pending.</summary>
    public KernelTime Deadline => _timers.Next;

    /// <summary>The accept queue has no room (kernel: <c>sk_acceptq_is_full</c>).</summary>
    public bool IsAcceptQueueFull => (uint)_accept.Count > Backlog;

    /// <summary>The SYN queue has no room (kernel: <c>inet_csk_reqsk_queue_is_full</c>).</summary>
    public bool IsSynQueueFull => _host.Kernel == KernelVersion.V310 ? (uint)SynQueueLength >= _synTable : (uint)SynQueueLength > Backlog;

    /// <summary>The accept queue refuses a SYN; in 3.10 only beside two requests that are still young (kernel: <c>tcp_v4_conn_request</c>).</summary>
    private bool RefusesSyn => IsAcceptQueueFull && (_host.Kernel != KernelVersion.V310 || YoungLength > 1);

    /// <summary>
    /// The call <c>listen</c> (kernel: <c>__inet_listen_sk</c>); of a socket that listens already it changes the backlog.
    /// </summary>
    /// <param name="backlog">Cut at <c>somaxconn</c>; a negative one counts as huge.</param>
    /// <returns>None; EADDRINUSE or EINVAL as <see cref="InetHashTables.Listen"/>.</returns>
    public Errno Listen(int backlog)
    {
        Backlog = Math.Min((uint)backlog, (uint)_host.Sysctls.SoMaxConn);
        if (Endpoint.IsListening) return Errno.None;
        var requests = Math.Max(8, Math.Min(Backlog, (uint)_host.Sysctls.TcpMaxSynBacklog));
        _synTable = System.Numerics.BitOperations.RoundUpToPowerOf2(requests + 1);
        const FastOpenModes Every = FastOpenModes.ServerEnable | FastOpenModes.ServerWithoutSocketOption;
        if ((_host.Sysctls.TcpFastopen & Every) == Every && FastOpen.MaxLength == 0) FastOpen.MaxLength = (int)Backlog;
        return _host.Tables.Listen(Endpoint);
    }

    /// <summary>
    /// The connection of a handshake goes to the accept queue, in the same turn as the verdict (kernel: <c>inet_csk_reqsk_queue_add</c>).
    /// </summary>
    /// <param name="child">The connection, which is in the tables by <see cref="InetHashTables.AddChild"/>.</param>
    /// <param name="fastOpen"><see cref="AcceptedHandshake.FastOpen"/>.</param>
    public void AddChild(TcpEndpoint child, RequestSock? fastOpen = null) => _accept.Add(child, fastOpen);

    /// <summary>
    /// Takes the connection that has waited longest (kernel: <c>inet_csk_accept</c>). False when none waits: EAGAIN, or sleep.
    /// </summary>
    public bool TryAccept(out TcpEndpoint child)
    {
        if (!_accept.TryTake(out child, out var fastOpen)) return false;
        if (fastOpen is { IsFastOpen: true }) fastOpen.IsChildAccepted = true;
        else if (fastOpen is not null) Return(fastOpen);
        return true;
    }

    /// <summary>
    /// A segment that a lookup gave to the listener (kernel: <c>tcp_v4_do_rcv</c> in TCP_LISTEN).
    /// </summary>
    /// <param name="segment">The segment.</param>
    /// <param name="route">The way back.</param>
    /// <param name="mib">The CPU's counters.</param>
    /// <param name="now">The time.</param>
    /// <param name="output">Gets what the verdict speaks of.</param>
    public ListenVerdict OnSegment(
        in ListenSegment segment, in ListenRoute route, MibSet mib, KernelTime now, ListenOutput output)
    {
        if (!segment.Has(TcpFlags.Syn) && TryCookie(segment, route, mib, now, output, out var verdict)) return verdict;
        if (segment.Has(TcpFlags.Ack)) return Reset(segment, mib, output, SkbDropReason.TCP_FLAGS);
        if (segment.Has(TcpFlags.Rst)) return new ListenVerdict(ListenEffects.None, SkbDropReason.TCP_RESET);
        var isSyn = segment.Has(TcpFlags.Syn) && !segment.Has(TcpFlags.Fin);
        return isSyn ? OnSyn(segment, route, mib, now, output) : new ListenVerdict(ListenEffects.None, SkbDropReason.TCP_FLAGS);
    }

    /// <summary>Kernel: <c>tcp_v4_send_reset</c>; a RST is never answered.</summary>
    private static ListenVerdict Reset(in ListenSegment segment, MibSet mib, ListenOutput output, SkbDropReason reason)
    {
        if (segment.Has(TcpFlags.Rst)) return new ListenVerdict(ListenEffects.None, reason);
        output.Reply = TcpReply.Reset(segment);
        mib.Add(TcpMib.OutSegs);
        mib.Add(TcpMib.OutRsts);
        return new ListenVerdict(ListenEffects.Reply, reason);
    }

    /// <summary>Kernel: <c>tcp_listendrop</c>.</summary>
    private void CountDrop(MibSet mib)
    {
        Drops++;
        mib.Add(LinuxMib.ListenDrops);
    }

    /// <summary>A SYN is refused: nothing goes back, and the packet counts as consumed.</summary>
    private ListenVerdict Refuse(MibSet mib)
    {
        CountDrop(mib);
        return ListenVerdict.Consumed;
    }

    /// <summary>Out of the SYN queue and the table (kernel: <c>inet_csk_reqsk_queue_drop</c>).</summary>
    private void Drop(RequestSock request)
    {
        _timers.Cancel(request);
        _host.Tables.Remove(request);
        CountRemoved(request);
        Return(request);
    }

    private void Arm(RequestSock request, KernelTime deadline)
    {
        request.Deadline = deadline;
        _timers.Arm(request, deadline);
    }

    /// <summary>Kernel: <c>reqsk_queue_added</c>.</summary>
    private void CountAdded(RequestSock request)
    {
        SynQueueLength++;
        if (request.Timeouts == 0) YoungLength++;
    }

    /// <summary>Kernel: <c>reqsk_queue_removed</c>.</summary>
    private void CountRemoved(RequestSock request)
    {
        SynQueueLength--;
        if (request.Timeouts == 0) YoungLength--;
    }

    private RequestSock Rent()
    {
        var request = _free ?? new RequestSock(this);
        (_free, request.NextFree) = (request.NextFree, null);
        return request;
    }

    private void Return(RequestSock request) => (request.NextFree, _free) = (_free, request);
}
