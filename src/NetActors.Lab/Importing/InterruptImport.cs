using System.Globalization;
using System.Text.RegularExpressions;

namespace NetActors.Lab.Importing;

/// <summary>Reads /proc/interrupts and the CPUs that each interrupt may go to.</summary>
internal sealed partial class InterruptImport
{
    private readonly List<(int Irq, string Action)> _actions = [];
    private readonly Dictionary<int, string> _affinity = [];

    /// <summary>Reads them.</summary>
    public InterruptImport(HostFiles files)
    {
        foreach (var line in files.Lines("interrupts"))
        {
            var match = Line().Match(line);
            if (match.Success) _actions.Add((int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture), match.Groups[2].Value));
        }

        foreach (var words in files.Lines("smp_affinity_list").Select(l => l.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Where(w => w.Length == 2))
        {
            if (int.TryParse(words[0], NumberStyles.None, CultureInfo.InvariantCulture, out var irq) && Scenarios.CpuSet.TryParseList(words[1], out _)) _affinity[irq] = words[1];
        }
    }

    /// <summary>
    /// The receive vectors of a device with their CPUs: of its own interrupts (<c>msi_irqs</c>), else of those that bear its name, those
    /// whose name ends as drivers call queues, in the order of their numbers.
    /// </summary>
    public IReadOnlyList<(int Queue, string Cpus)> VectorsOf(string device, HostFiles files)
    {
        var own = files.Lines($"{device}.msi_irqs").Select(l => int.TryParse(l, NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n : -1).ToHashSet();
        var vectors = new SortedDictionary<int, string>();
        foreach (var (irq, action) in _actions)
        {
            if (!own.Contains(irq) && !action.Contains(device, StringComparison.Ordinal)) continue;
            var queue = Queue().Match(action);
            if (queue.Success && _affinity.TryGetValue(irq, out var cpus)) vectors.TryAdd(int.Parse(queue.Groups[1].Value, CultureInfo.InvariantCulture), cpus);
        }

        return [.. vectors.Select((v, i) => (i, v.Value))];
    }

    [GeneratedRegex(@"^(\d{1,6}):(?:\s+\d+)+\s+\S.*?\s(\S+)$")]
    private static partial Regex Line();

    // ixgbe eth0-TxRx-3, i40e i40e-eth0-TxRx-3, ena eth0-Tx-Rx-3, virtio virtio0-input.3, mlx5 mlx5_comp3@pci:..., bnxt eth0-TxRx-3, tg3 eth0-rx-1, gve eth0-ntfy-block.3
    [GeneratedRegex(@"(?:tx-?rx|rx|input|comp|fp|queue|ntfy-block)[-_.]?(\d{1,4})(?:@\S*)?$", RegexOptions.IgnoreCase)]
    private static partial Regex Queue();
}
