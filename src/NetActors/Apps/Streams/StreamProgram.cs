using NetActors.Sockets;
using NetActors.Time;

namespace NetActors.Apps.Streams;

/// <summary>
/// One thread of a program over TCP: carries out the steps of its conversations with system calls, one at a time, and waits for them as its
/// <see cref="StreamIo"/> says: blocked in a call on its only connection, or in poll or epoll_wait for all of them. As a server it also
/// accepts.
/// </summary>
internal sealed partial class StreamProgram(StreamProgramOptions options, StreamProcess process, StreamCounters counters) : AppProgram
{
    private readonly List<StreamConnection> _slots = [];
    private readonly Stack<StreamConnection> _free = new();
    private readonly Queue<StreamConnection> _ready = new();
    private readonly PriorityQueue<StreamConnection, long> _sleeping = new();
    private readonly byte[] _buffer = new byte[options.ReadBytes];
    private SystemCall _call = null!;
    private StreamConnection _current = null!;
    private SocketFile? _listener;
    private Doing _doing;
    private int _open; // conversations that are not over
    private bool _stopping;

    private enum Doing : byte
    {
        Preparing,
        Opening,
        Connecting,
        AskingForError,
        Reading,
        Writing,
        ShuttingDown,
        Closing,
        Watching,
        Waiting,
        Accepting,
        Leaving,
    }

    /// <summary>What its connections came to.</summary>
    public StreamCounters Counters => counters;

    /// <summary>Hears of every byte; null for nobody.</summary>
    public IStreamAudit? Audit { get; set; }

    /// <summary>Hears of every system call that it makes; null for nobody.</summary>
    public Action<Syscall>? Made { get; set; }

    private bool IsBlocking => options.Io == StreamIo.Blocking;

    private bool IsEdge => options.Io == StreamIo.EpollEdge;

    /// <inheritdoc />
    public override void Start()
    {
        _call = new SystemCall(Task.Entity, Task.Files);
        _doing = Doing.Preparing;
        Prepare();
    }

    /// <inheritdoc />
    public override void OnBurst()
    {
        _current.Talk!.OnDone(StepKind.Work, Task.Now);
        Continue();
    }

    /// <inheritdoc />
    public override void OnTimer(KernelTime now)
    {
        if (_doing == Doing.Preparing) Prepare();
        else Turn();
    }

    /// <inheritdoc />
    public override void OnCall(SystemCall call)
    {
        Made?.Invoke(call.Name);
        var now = Task.Now;
        switch (_doing)
        {
            case Doing.Preparing: OnPrepared(call); break;
            case Doing.Opening: OnOpened(call); break;
            case Doing.Connecting: OnConnect(call.Error, now); break;
            case Doing.AskingForError: OnConnect(call.Error != Errno.None ? call.Error : (Errno)BitConverter.ToInt32(call.Value), now); break;
            case Doing.Reading: OnRead(call, now); break;
            case Doing.Writing: OnWritten(call, now); break;
            case Doing.ShuttingDown: OnShutdown(call, now); break;
            case Doing.Closing: OnClosed(now); break;
            case Doing.Watching: OnWatched(call); break;
            case Doing.Waiting: OnWaited(call); break;
            case Doing.Accepting: OnAccepted(call, now); break;
            default: Leave(); break;
        }
    }

    private void Turn()
    {
        var now = Task.Now;
        if (!_stopping && now >= options.Stop) BeginStop();
        TakeAwake(now);
        while (_ready.TryDequeue(out var next))
        {
            next.IsReady = false;
            if (Go(next)) return;
        }

        if (Quieten() || AcceptOne()) return;
        if (_open == 0 && (_stopping || !options.IsServer)) Leave();
        else Wait();
    }

    /// <summary>The current connection's call has ended: what it does next, or what others do.</summary>
    private void Continue()
    {
        if (!Go(_current)) Turn();
    }

    private void Ready(StreamConnection connection)
    {
        (connection.WakeAt, connection.Parked) = (KernelTime.Never, PollEvents.None);
        if (connection.IsReady) return;
        connection.IsReady = true;
        _ready.Enqueue(connection);
    }

    private void TakeAwake(KernelTime now)
    {
        while (_sleeping.TryPeek(out var first, out var at) && (at <= now.Nanoseconds || first.WakeAt.Nanoseconds != at))
        {
            _sleeping.Dequeue();
            if (first.WakeAt.Nanoseconds != at) continue; // it was woken for something else
            first.WakeAt = KernelTime.Never;
            if (first.File is not null) first.Talk!.OnDone(StepKind.Sleep, now); // one without a socket is to be opened now
            Ready(first);
        }
    }

    /// <summary>No new work: a server hangs up, clients end what they began.</summary>
    private void BeginStop()
    {
        _stopping = true;
        foreach (var connection in _slots)
        {
            if (connection.Talk is null || connection.IsConnecting) continue;
            (connection.Talk as ServerConversation)?.End();
            Ready(connection);
        }
    }

    private StreamConnection NewConnection()
    {
        if (!_free.TryPop(out var connection)) _slots.Add(connection = new StreamConnection(_slots.Count));
        connection.Reset();
        connection.Talk = options.NewConversation(counters);
        _open++;
        return connection;
    }

    private void Finish(StreamConnection connection)
    {
        connection.Talk = null;
        _free.Push(connection);
        _open--;
    }
}
