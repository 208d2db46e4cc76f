namespace NetActors.Script.Parsing;

/// <summary>The system calls that scripts may make, with how many arguments each takes (packetdrill: <c>system_call_table</c>).</summary>
internal static class SyscallNames
{
    private static readonly (string Name, int Least, int Most)[] Supported =
    [
        ("socket", 3, 3), ("bind", 3, 3), ("listen", 2, 2), ("accept", 3, 3), ("accept4", 4, 4), ("connect", 3, 3), ("read", 3, 3),
        ("readv", 3, 3), ("recv", 4, 4), ("recvfrom", 6, 6), ("recvmsg", 3, 3), ("write", 3, 3), ("writev", 3, 3), ("send", 4, 4),
        ("sendto", 6, 6), ("sendmsg", 3, 3), ("fcntl", 2, 3), ("ioctl", 2, 3), ("close", 1, 1), ("shutdown", 2, 2), ("getsockopt", 5, 5),
        ("setsockopt", 5, 5), ("poll", 3, 3), ("epoll_create", 1, 1), ("epoll_create1", 1, 1), ("epoll_ctl", 4, 4), ("epoll_wait", 4, 4),
        ("pipe", 1, 1), ("splice", 6, 6),
    ];

    private static readonly string[] Unsupported = ["open", "sendfile", "cap_set", "psp_rx_assoc", "psp_tx_assoc"];

    /// <summary>Ends the statement when there is no such call or it takes another number of arguments.</summary>
    public static void Check(Token name, int arguments)
    {
        if (Array.IndexOf(Unsupported, name.Text) >= 0) throw TokenReader.Unsupported(name, $"the system call {name.Text}()");
        var index = Array.FindIndex(Supported, call => call.Name == name.Text);
        if (index < 0) throw TokenReader.UnknownName(name, "system call", Supported.Select(static call => call.Name));
        var (_, least, most) = Supported[index];
        if (arguments >= least && arguments <= most) return;
        var wanted = least == most ? $"{least}" : $"{least} or {most}";
        throw new ScriptSyntaxException(name.Position, $"{name.Text}() takes {wanted} arguments, not {arguments}");
    }
}
