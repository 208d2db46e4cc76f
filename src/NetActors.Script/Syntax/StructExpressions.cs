namespace NetActors.Script.Syntax;

/// <summary>A socket address: <c>{sa_family=AF_INET, sin_port=htons(80), sin_addr=inet_addr("1.2.3.4")}</c>.</summary>
/// <param name="Address">The address.</param>
/// <param name="Port">The port.</param>
/// <param name="Position">Where it begins.</param>
public sealed record SockaddrExpression(ScriptAddress Address, ushort Port, ScriptPosition Position) : ScriptExpression(Position);

/// <summary>A buffer of <c>struct iovec</c>: <c>{..., 1000}</c>.</summary>
/// <param name="Length">Its length in bytes.</param>
/// <param name="Position">Where it begins.</param>
public sealed record IovecExpression(ScriptExpression Length, ScriptPosition Position) : ScriptExpression(Position);

/// <summary><c>struct msghdr</c>: <c>{msg_name(...)=..., msg_iov(1)=[{..., 10}], msg_flags=0, msg_control=[...]}</c>.</summary>
/// <param name="Buffers">The buffers.</param>
/// <param name="BufferCount"><c>msg_iovlen</c>.</param>
/// <param name="Flags"><c>msg_flags</c>.</param>
/// <param name="Control">The control messages; null when none are named.</param>
/// <param name="Position">Where it begins.</param>
public sealed record MsghdrExpression(
    ListExpression Buffers, ScriptExpression BufferCount, ScriptExpression Flags, ListExpression? Control, ScriptPosition Position)
    : ScriptExpression(Position);

/// <summary>A control message: <c>{cmsg_level=SOL_TCP, cmsg_type=TCP_CM_INQ, cmsg_data=100}</c>.</summary>
/// <param name="Level"><c>cmsg_level</c>.</param>
/// <param name="Type"><c>cmsg_type</c>.</param>
/// <param name="Data"><c>cmsg_data</c>.</param>
/// <param name="Position">Where it begins.</param>
public sealed record CmsgExpression(ScriptExpression Level, ScriptExpression Type, ScriptExpression Data, ScriptPosition Position)
    : ScriptExpression(Position);

/// <summary>The first of <c>struct scm_timestamping</c>: <c>{scm_sec=0, scm_nsec=20000000}</c>, counted from the script's begin.</summary>
/// <param name="Seconds">Seconds.</param>
/// <param name="Nanoseconds">Nanoseconds.</param>
/// <param name="Position">Where it begins.</param>
public sealed record ScmTimestampingExpression(long Seconds, long Nanoseconds, ScriptPosition Position) : ScriptExpression(Position);

/// <summary><c>struct sock_extended_err</c>.</summary>
/// <param name="Errno"><c>ee_errno</c>.</param>
/// <param name="Origin"><c>ee_origin</c>.</param>
/// <param name="Type"><c>ee_type</c>.</param>
/// <param name="Code"><c>ee_code</c>.</param>
/// <param name="Info"><c>ee_info</c>.</param>
/// <param name="Data"><c>ee_data</c>.</param>
/// <param name="Position">Where it begins.</param>
public sealed record ExtendedErrorExpression(
    ScriptExpression Errno, ScriptExpression Origin, ScriptExpression Type, ScriptExpression Code, ScriptExpression Info,
        ScriptExpression Data,
    ScriptPosition Position) : ScriptExpression(Position);

/// <summary><c>struct pollfd</c>: <c>{fd=3, events=POLLIN, revents=POLLIN}</c>.</summary>
/// <param name="Fd"><c>fd</c>.</param>
/// <param name="Events"><c>events</c>.</param>
/// <param name="Revents">What poll() should answer; 0 when not said.</param>
/// <param name="Position">Where it begins.</param>
public sealed record PollfdExpression(ScriptExpression Fd, ScriptExpression Events, ScriptExpression? Revents, ScriptPosition Position)
    : ScriptExpression(Position);

/// <summary>Which member of <c>epoll_data_t</c> a script writes.</summary>
public enum EpollDataKind
{
    /// <summary><c>fd</c>: a descriptor of the script.</summary>
    Fd,

    /// <summary><c>ptr</c>.</summary>
    Ptr,

    /// <summary><c>u32</c>.</summary>
    U32,

    /// <summary><c>u64</c>.</summary>
    U64,
}

/// <summary><c>struct epoll_event</c>: <c>{events=EPOLLIN, fd=4}</c>.</summary>
/// <param name="Events"><c>events</c>.</param>
/// <param name="DataKind">Which member of the data is written.</param>
/// <param name="Data">Its value.</param>
/// <param name="Position">Where it begins.</param>
public sealed record EpollEventExpression(ScriptExpression Events, EpollDataKind DataKind, ScriptExpression Data, ScriptPosition Position)
    : ScriptExpression(Position);

/// <summary><c>struct linger</c>: <c>{onoff=1, linger=0}</c>.</summary>
/// <param name="OnOff"><c>l_onoff</c>.</param>
/// <param name="Seconds"><c>l_linger</c>.</param>
/// <param name="Position">Where it begins.</param>
public sealed record LingerExpression(int OnOff, int Seconds, ScriptPosition Position) : ScriptExpression(Position);
