using System.Globalization;
using System.Text;
using NetActors.Buffers;

namespace NetActors.Attach;

/// <summary>
/// What the comment of a packet is put together from: <c>cpu 3</c> and <c>dropped CPU_BACKLOG</c>. Each part is made once, so the
/// cache has as many entries as there are CPUs and drop reasons, not as there are pairs.
/// </summary>
internal sealed class PcapngComments
{
    private readonly Dictionary<int, byte[]> _cpus = [];
    private readonly Dictionary<SkbDropReason, byte[]> _drops = [];
    private readonly Dictionary<SkbDropReason, byte[]> _dropsAfterCpu = [];

    /// <summary>True when the packet was freed against its sender's will.</summary>
    public static bool IsDrop(SkbDropReason reason) => reason is not (SkbDropReason.NOT_DROPPED_YET or SkbDropReason.CONSUMED);

    /// <summary>The CPU's part; empty when there is none.</summary>
    public ReadOnlySpan<byte> Cpu(int cpu)
    {
        if (cpu < 0) return default;
        if (!_cpus.TryGetValue(cpu, out var text))
            _cpus[cpu] = text = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"cpu {cpu}"));
        return text;
    }

    /// <summary>The drop's part; empty when the packet was not dropped.</summary>
    public ReadOnlySpan<byte> Drop(SkbDropReason reason, bool afterCpu)
    {
        if (!IsDrop(reason)) return default;
        var cache = afterCpu ? _dropsAfterCpu : _drops;
        if (!cache.TryGetValue(reason, out var text))
            cache[reason] = text = Encoding.UTF8.GetBytes((afterCpu ? ", dropped " : "dropped ") + reason);
        return text;
    }
}
