using System.Globalization;

namespace NetActors.Scenarios.Reading;

/// <summary>Reads the sysctls of a host against the <see cref="SysctlCatalogue"/>.</summary>
internal static class SysctlReader
{
    /// <summary>The sysctls written, checked.</summary>
    public static SysctlSettings Read(IReadOnlyList<SettingEntry> entries, IReadOnlyList<string> devices, int cpus, ReadingContext context)
    {
        var written = new Dictionary<string, IReadOnlyList<long>>(StringComparer.Ordinal);
        foreach (var entry in entries)
            if (Find(entry, devices, context) is { } sysctl)
                written[entry.Name] = Section.Value(entry.Value, entry.Name, text => Value(text, sysctl, cpus), [], context.Faults);
        return new SysctlSettings(context.Kernel, context.Hz, written.Where(sysctl => sysctl.Value.Count > 0 || MayBeEmpty(sysctl.Key)));
    }

    private static bool MayBeEmpty(string name) => SysctlCatalogue.Find(name)?.Form is SysctlForm.CpuMask or SysctlForm.Ports;

    private static SysctlEntry? Find(SettingEntry entry, IReadOnlyList<string> devices, ReadingContext context)
    {
        var sysctl = SysctlCatalogue.Find(entry.Name);
        if (SysctlCatalogue.Refused.TryGetValue(entry.Name, out var reason))
        {
            context.Faults.Add(entry.Place, $"`{entry.Name}` changes nothing here: {reason}");
            return null;
        }

        if (sysctl is null)
        {
            context.Faults.Add(entry.Place, $"no sysctl here is called `{Words.Cut(entry.Name)}`",
                NearestName.Of(entry.Name, Names(devices)));
            return null;
        }

        if (!sysctl.IsIn(context.Kernel))
        {
            context.Faults.Add(entry.Place, $"`{entry.Name}` is not in Linux 3.10");
            return null;
        }

        if (SysctlCatalogue.Interface(sysctl.Name, entry.Name) is not { } device || device == "all" || device == "default"
            || devices.Contains(device))
            return sysctl;
        var near = NearestName.Of(device, [.. devices, "all", "default"]);
        context.Faults.Add(entry.Place, $"`{Words.Cut(entry.Name)}` names no device of this host", near is null ? null
            : sysctl.Name.Replace("*", near, StringComparison.Ordinal));
        return null;
    }

    private static IEnumerable<string> Names(IReadOnlyList<string> devices) => SysctlCatalogue.All.SelectMany(sysctl =>
        sysctl.Name.Contains('*', StringComparison.Ordinal)
            ? devices.Prepend("default").Prepend("all").Select(device => sysctl.Name.Replace("*", device, StringComparison.Ordinal))
            : [sysctl.Name]);

    private static Reading<IReadOnlyList<long>> Value(string text, SysctlEntry sysctl, int cpus)
    {
        switch (sysctl.Form)
        {
            case SysctlForm.CpuMask: return CpuReader.Mask(text, cpus).Then<IReadOnlyList<long>>(set => [.. set.Select(cpu => (long)cpu)]);
            case SysctlForm.Word: return Word(text, sysctl);
            case SysctlForm.Ports: return Ports(text);
            default: return Numbers(text, sysctl);
        }
    }

    private static Reading<IReadOnlyList<long>> Word(string text, SysctlEntry sysctl)
    {
        var at = sysctl.Words.TakeWhile(word => word != text).Count();
        if (at < sysctl.Words.Count) return new long[] { at };
        return Reading<IReadOnlyList<long>>.Bad($"`{Words.Cut(text)}` is none of {Words.Or(sysctl.Words)}", NearestName.Of(text, sysctl.Words));
    }

    private static Reading<IReadOnlyList<long>> Ports(string text)
    {
        var ports = new SortedSet<long>();
        foreach (var part in text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var range = Values.Ports(part);
            if (range.Fault is not null)
                return Reading<IReadOnlyList<long>>.Bad(range.Fault, range.Suggestion, Math.Max(0, text.IndexOf(part, StringComparison.Ordinal)));
            for (var port = range.Value.First; port <= range.Value.Last; port++) ports.Add(port);
        }

        return ports.ToArray();
    }

    private static Reading<IReadOnlyList<long>> Numbers(string text, SysctlEntry sysctl)
    {
        var words = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (words.Length != sysctl.Default6.Count) return Reading<IReadOnlyList<long>>.Bad($"`{Words.Cut(text)}` is not {Count(sysctl)}");
        var numbers = new List<long>();
        foreach (var word in words)
        {
            var number = Values.Whole(word, sysctl.Least, sysctl.Most);
            if (number.Fault is not null)
                return Reading<IReadOnlyList<long>>.Bad(number.Fault, at: Math.Max(0, text.IndexOf(word, StringComparison.Ordinal)));
            numbers.Add(number.Value);
        }

        if (numbers.Count > 1 && numbers.Zip(numbers.Skip(1)).Any(pair => pair.First > pair.Second))
            return Reading<IReadOnlyList<long>>.Bad($"the numbers of `{Words.Cut(text)}` do not rise");
        return numbers;
    }

    private static string Count(SysctlEntry sysctl) => sysctl.Default6.Count == 1
        ? $"one whole number: {sysctl.Least} to {sysctl.Most}"
        : string.Create(CultureInfo.InvariantCulture, $"{sysctl.Default6.Count} whole numbers with blanks between");
}
