using System.Globalization;

namespace NetActors.Observe;

/// <summary>The names behind the numbers of trace events. A number without a name prints as itself.</summary>
public sealed record TraceNames
{
    /// <summary>The hosts, by index.</summary>
    public IReadOnlyList<HostTraceNames> Hosts { get; init; } = [];

    /// <summary>The wires' names, by index.</summary>
    public IReadOnlyList<string> Wires { get; init; } = [];

    /// <summary>The names of one host; a nameless one when the index is unknown.</summary>
    internal HostTraceNames Host(int index) =>
        index < Hosts.Count ? Hosts[index] : new HostTraceNames { Name = $"host{index.ToString(CultureInfo.InvariantCulture)}" };

    /// <summary>A wire's name.</summary>
    internal string Wire(long index) =>
        index >= 0 && index < Wires.Count ? Wires[(int)index] : index.ToString(CultureInfo.InvariantCulture);
}
