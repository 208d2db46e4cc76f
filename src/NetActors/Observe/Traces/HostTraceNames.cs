using System.Globalization;

namespace NetActors.Observe;

/// <summary>The names behind one host's numbers.</summary>
public sealed record HostTraceNames
{
    /// <summary>The host's name.</summary>
    public required string Name { get; init; }

    /// <summary>Device names by interface index.</summary>
    public IReadOnlyDictionary<long, string> Devices { get; init; } = new Dictionary<long, string>();

    /// <summary>Actions by interrupt number, such as <c>eth0-TxRx-3</c>.</summary>
    public IReadOnlyDictionary<long, string> Interrupts { get; init; } = new Dictionary<long, string>();

    /// <summary>NAPI instances by id, such as <c>eth0-rx-3</c> or <c>backlog</c>.</summary>
    public IReadOnlyDictionary<long, string> Napis { get; init; } = new Dictionary<long, string>();

    /// <summary>Task names by pid, such as <c>ksoftirqd/0</c>; pid 0 is the idle task and needs no entry.</summary>
    public IReadOnlyDictionary<long, string> Tasks { get; init; } = new Dictionary<long, string>();

    /// <summary>The name of a number, or the number.</summary>
    internal static string Of(IReadOnlyDictionary<long, string> names, long number) =>
        names.TryGetValue(number, out var name) ? name : number.ToString(CultureInfo.InvariantCulture);

    /// <summary>A task's name.</summary>
    internal string Task(long pid) => pid == 0 ? "<idle>" : Of(Tasks, pid);
}
