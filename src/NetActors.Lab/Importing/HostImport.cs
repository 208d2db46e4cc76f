using System.Globalization;
using NetActors.Scenarios;

namespace NetActors.Lab.Importing;

/// <summary>What an import gave.</summary>
/// <param name="Yaml">A scenario that reads without faults.</param>
/// <param name="Scenario">The same, read.</param>
/// <param name="Notes">What could not be read or said.</param>
/// <param name="Taken">How many settings were taken over.</param>
internal sealed record ImportedHost(string Yaml, ScenarioFile Scenario, IReadOnlyList<ImportNote> Notes, int Taken);

/// <summary>Makes a scenario of what <c>collect.sh</c> saved of a host.</summary>
internal static class HostImport
{
    private const string Host = "imported";
    private const int MostRounds = 50;

    /// <summary>Reads a directory; null, with notes, when nothing of it makes a host.</summary>
    public static (ImportedHost? Host, IReadOnlyList<ImportNote> Notes) Read(string directory)
    {
        var notes = new List<ImportNote>();
        var files = new HostFiles(directory, notes);
        var devices = files.Devices;
        if (devices.Count == 0) return (null, [new ImportNote(directory, "holds nothing of a network card: save a host with collect.sh first")]);
        var (count, nodes, smt) = CpuImport.Read(files, notes);
        var settings = new List<ImportedSetting> { new(["hosts", Host, "cpus"], $"{{ count: {count}, nodes: {nodes}, smt: {smt} }}", "lscpu.json") };
        settings.AddRange(Sysctls(files, devices, notes));
        var interrupts = new InterruptImport(files);
        for (var i = 0; i < devices.Count; i++) settings.AddRange(new DeviceImport(Host, devices[i], files, interrupts, notes).Read(i));
        var kernel = files.Lines("uname") is [var release, ..] ? new string([.. release.Where(c => c is > ' ' and <= '~').Take(64)]) : "";
        return (Checked(settings, devices, Math.Min(count, 1024), kernel, Softnet(files), notes), notes);
    }

    /// <summary>Leaves out what the reader of scenarios refuses, until it refuses nothing.</summary>
    private static ImportedHost? Checked(List<ImportedSetting> settings, IReadOnlyList<string> devices, int cpus, string kernel, IReadOnlyList<string> comments, List<ImportNote> notes)
    {
        for (var round = 0; round < MostRounds; round++)
        {
            var text = new ScenarioText(kernel, comments);
            foreach (var setting in settings) text.Add(setting);
            var (yaml, byLine) = text.End(Host, devices, cpus);
            var read = ScenarioReader.ReadText(yaml, "imported.yaml");
            if (read.Scenario is { } scenario) return new ImportedHost(yaml, scenario, notes, settings.Count);
            var wrong = read.Faults.Where(f => byLine.ContainsKey(f.Line)).ToList();
            if (wrong.Count == 0)
            {
                notes.AddRange(read.Faults.Select(f => new ImportNote("(scenario)", f.Message)));
                return null;
            }

            foreach (var fault in wrong)
            {
                if (settings.Remove(byLine[fault.Line])) notes.Add(new ImportNote(byLine[fault.Line].From, fault.Message));
            }
        }

        return null;
    }

    private static List<ImportedSetting> Sysctls(HostFiles files, IReadOnlyList<string> devices, List<ImportNote> notes)
    {
        var (settings, others) = (new List<ImportedSetting>(), 0);
        foreach (var line in files.Lines("sysctl"))
        {
            var equals = line.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0) continue;
            var (name, value) = (line[..equals].Trim(), string.Join(' ', line[(equals + 1)..].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)));
            if (!name.StartsWith("net.core.", StringComparison.Ordinal) && !name.StartsWith("net.ipv4.", StringComparison.Ordinal)) continue;
            if (SysctlCatalogue.Find(name) is not { } entry)
            {
                others++;
                continue;
            }

            var device = SysctlCatalogue.Interface(entry.Name, name);
            if (value.Length == 0 || device is not (null or "all" or "default") && !devices.Contains(device)) continue;
            if (entry.Form is SysctlForm.Number or SysctlForm.Numbers && value == string.Join(' ', entry.Default(KernelVersion.V6, 0))) continue; // says nothing
            settings.Add(new ImportedSetting(["hosts", Host, "sysctl", name], ScenarioText.Quoted(value), "sysctl"));
        }

        if (others > 0) notes.Add(new ImportNote("sysctl", $"{others} of net.core and net.ipv4 are not emulated"));
        return settings;
    }

    /// <summary>Lines that tell what the host's CPUs had handled; they set nothing.</summary>
    private static List<string> Softnet(HostFiles files)
    {
        var rows = files.Lines("softnet_stat").Select(l => l.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Where(w => w.Length >= 3).ToList();
        static long Hex(string word) => long.TryParse(word, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value) ? value : 0;
        var all = rows.Sum(r => Hex(r[0]));
        if (all == 0) return [];
        var most = rows.Select((r, i) => (Cpu: i, Packets: Hex(r[0]))).OrderByDescending(r => r.Packets).Take(4);
        return
        [
            $"softnet_stat: {all} packets, {rows.Sum(r => Hex(r[1]))} dropped, {rows.Sum(r => Hex(r[2]))} squeezed; most on CPU "
                + string.Join(", ", most.Select(m => string.Create(CultureInfo.InvariantCulture, $"{m.Cpu} ({100.0 * m.Packets / all:F0} %)"))),
        ];
    }
}
