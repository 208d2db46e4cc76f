namespace NetActors.Script.Symbols;

/// <summary>Events of poll() and epoll (include/uapi/asm-generic/poll.h, include/uapi/linux/eventpoll.h).</summary>
internal static class PollSymbols
{
    public static readonly (string Name, long Value)[] All =
    [
        ("POLLIN", 0x1), ("POLLPRI", 0x2), ("POLLOUT", 0x4), ("POLLERR", 0x8), ("POLLHUP", 0x10), ("POLLNVAL", 0x20), ("POLLRDNORM", 0x40),
        ("POLLRDBAND", 0x80), ("POLLWRNORM", 0x100), ("POLLWRBAND", 0x200), ("POLLMSG", 0x400), ("POLLREMOVE", 0x1000),
            ("POLLRDHUP", 0x2000),
        ("EPOLLIN", 0x1), ("EPOLLPRI", 0x2), ("EPOLLOUT", 0x4), ("EPOLLERR", 0x8), ("EPOLLHUP", 0x10), ("EPOLLNVAL", 0x20),
        ("EPOLLRDNORM", 0x40), ("EPOLLRDBAND", 0x80), ("EPOLLWRNORM", 0x100), ("EPOLLWRBAND", 0x200), ("EPOLLMSG", 0x400),
        ("EPOLLRDHUP", 0x2000), ("EPOLLEXCLUSIVE", 1 << 28), ("EPOLLWAKEUP", 1 << 29), ("EPOLLONESHOT", 1 << 30), ("EPOLLET", 1L << 31),
        ("EPOLL_CTL_ADD", 1), ("EPOLL_CTL_DEL", 2), ("EPOLL_CTL_MOD", 3), ("EPOLL_CLOEXEC", 0x80000),
    ];

    /// <summary>The events of poll() in a word, joined by bars; 0 for none (packetdrill: <c>flags_to_string</c>).</summary>
    public static string PollText(long events) => Text(events, "POLL");

    /// <summary>The events of epoll in a word, joined by bars; 0 for none.</summary>
    public static string EpollText(long events) => Text(events, "EPOLL");

    private static string Text(long events, string prefix)
    {
        if (events == 0) return "0";
        var known = All.Where(symbol => symbol.Name.StartsWith(prefix, StringComparison.Ordinal)
            && !symbol.Name.StartsWith("EPOLL_", StringComparison.Ordinal) && (events & symbol.Value) != 0).ToArray();
        var rest = known.Aggregate(events, static (left, symbol) => left & ~symbol.Value);
        return string.Join('|', known.Select(static symbol => symbol.Name).Concat(rest == 0 ? [] : [$"0x{rest:x}"]));
    }
}
