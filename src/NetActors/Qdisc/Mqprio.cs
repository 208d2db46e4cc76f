using System.Globalization;
using System.Text;
using NetActors.Time;

namespace NetActors.Qdisc;

/// <summary>
/// A holder of one qdisc for each transmit queue that also says which queues the packets of a priority may use (kernel:
/// net/sched/sch_mqprio.c without hardware offload).
/// </summary>
public sealed class Mqprio : Mq
{
    private const int MaxClasses = 16;
    private byte[] _map = [0, 1, 2, 3, 4, 5, 6, 7, 0, 1, 1, 1, 3, 3, 3, 3]; // iproute2's default
    private (int Count, int Offset)[] _classes = [];

    /// <summary>Over the given qdiscs, one for each transmit queue.</summary>
    public Mqprio(QdiscContext context, QdiscBase[] queues)
        : base(context, queues)
    {
    }

    /// <inheritdoc />
    public override string Kind => "mqprio";

    /// <summary>The transmit queues for a priority: how many and the first (kernel: <c>netdev_get_prio_tc_map</c>, <c>tc_to_txq</c>).</summary>
    public (int Count, int Offset) QueuesOf(uint priority) => _classes[_map[priority & PrioMap.Max]];

    /// <inheritdoc />
    internal override void Configure(TcWords words, KernelTime now)
    {
        var (classes, map) = (Math.Min(8, Queues.Count), _map.ToArray());
        var ranges = new List<(int Count, int Offset)>();
        while (words.HasNext)
        {
            var option = words.Next();
            switch (option)
            {
                case "num_tc": classes = (int)words.Whole(option, 1, MaxClasses); break;
                case "map": map = PrioMap.Read(words, classes, map); break;
                case "queues":
                    while (words.NextIsNumber) ranges.Add(ReadRange(words));
                    break;
                case "hw":
                    if (words.Whole(option, 0, 1) == 1) words.Fail("mqprio: the card offers no priorities: hw 0");
                    break;
                default: words.Unknown(option); break;
            }
        }

        if (ranges.Count == 0)
        {
            for (var i = 0; i < classes; i++) ranges.Add((1, i));
        }

        if (words.Fault is not null) return;
        if (ranges.Count != classes) words.Fail($"mqprio: {classes} classes need as many ranges of queues, not {ranges.Count}");
        else if (ranges.Any(r => r.Offset + r.Count > Queues.Count)) words.Fail($"mqprio: the device has {Queues.Count} transmit queues");
        else if (map.Any(c => c >= classes)) words.Fail($"mqprio: map names a class beyond the last of {classes}");
        else if (Overlap(ranges)) words.Fail("mqprio: ranges of queues overlap");
        else (_map, _classes) = (map, [.. ranges]);
    }

    /// <inheritdoc />
    internal override void DumpOptions(StringBuilder text)
    {
        text.Append(CultureInfo.InvariantCulture, $"tc {_classes.Length} map ");
        foreach (var entry in _map) text.Append(CultureInfo.InvariantCulture, $"{entry} ");
        text.Append("\n             queues:");
        foreach (var (count, offset) in _classes) text.Append(CultureInfo.InvariantCulture, $"({offset}:{offset + count - 1}) ");
    }

    private static bool Overlap(List<(int Count, int Offset)> ranges)
    {
        for (var i = 0; i < ranges.Count; i++)
        {
            for (var j = 0; j < i; j++)
            {
                if (ranges[i].Offset < ranges[j].Offset + ranges[j].Count && ranges[j].Offset < ranges[i].Offset + ranges[i].Count) return true;
            }
        }

        return false;
    }

    private static (int Count, int Offset) ReadRange(TcWords words)
    {
        var word = words.Next();
        var at = word.IndexOf('@', StringComparison.Ordinal);
        if (at > 0 && int.TryParse(word.AsSpan(0, at), NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count > 0
            && int.TryParse(word.AsSpan(at + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var offset) && offset < 65536 && count < 65536) return (count, offset);
        words.Fail($"Illegal \"queues\": \"{word}\" is not count@offset");
        return (1, 0);
    }
}
