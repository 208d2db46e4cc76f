namespace NetActors.Tcp;

/// <summary>One setting of TCP: how it is read and set on a host, and what scenarios may write (kernel: <c>struct ctl_table</c>).</summary>
/// <param name="Name">Its full name, such as <c>net.ipv4.tcp_sack</c>.</param>
/// <param name="Get">Its value as /proc prints it.</param>
/// <param name="Set">Takes a value as /proc does. False for one that it does not take.</param>
internal sealed record TcpSysctl(string Name, Func<TcpHost, string> Get, Func<TcpHost, string, bool> Set)
{
    /// <summary>The <see cref="Default310"/> of a setting whose default is that of 6.x.</summary>
    public static IReadOnlyList<long> SameAs6 { get; } = [];

    /// <summary>Least value of each of its numbers.</summary>
    public long Least { get; init; }

    /// <summary>Greatest value of each of its numbers.</summary>
    public long Most { get; init; } = int.MaxValue;

    /// <summary>The words it takes; none for numbers.</summary>
    public IReadOnlyList<string> Words { get; init; } = [];

    /// <summary>What it does, with units.</summary>
    public string Doc { get; init; } = "";

    /// <summary>Default of Linux 3.10; null when 3.10 has no such setting.</summary>
    public IReadOnlyList<long>? Default310 { get; init; }

    /// <summary>The value with which we do as 3.10, which has no such setting, did; null when the default serves.</summary>
    public long? As310 { get; init; }

    /// <summary>Neither numbers nor words: set while the host runs, and not by scenarios.</summary>
    public bool IsText { get; init; }

    /// <summary>It is told only (mode 0444).</summary>
    public bool IsReadOnly { get; init; }
}
