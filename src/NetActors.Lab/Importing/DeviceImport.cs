using System.Globalization;
using System.Text.RegularExpressions;

namespace NetActors.Lab.Importing;

/// <summary>Reads what was saved of one card.</summary>
/// <param name="host">The host's name in the scenario.</param>
/// <param name="device">The card.</param>
/// <param name="files">All files.</param>
/// <param name="interrupts">The host's interrupts.</param>
/// <param name="notes">Takes what cannot be read.</param>
internal sealed partial class DeviceImport(string host, string device, HostFiles files, InterruptImport interrupts, List<ImportNote> notes)
{
    private readonly List<ImportedSetting> _settings = [];

    /// <summary>Its settings, each a line of the scenario.</summary>
    public IReadOnlyList<ImportedSetting> Read(int number)
    {
        Link(number);
        var queues = Channels();
        Rings();
        Coalescing();
        Pause();
        Features();
        Hashing(queues);
        Affinity(queues);
        Sysfs(queues);
        return _settings;
    }

    private void Link(int number)
    {
        var link = files.Lines($"{device}.link");
        if (link.Count > 0) Add($"{device}.link", ScenarioText.Quoted(link[0]), "mtu");
        if (link.Count > 1) Add($"{device}.link", ScenarioText.Quoted(link[1]), "mac");
        var addresses = files.Lines($"{device}.ip").Select(l => Address().Match(l)).Where(m => m.Success).Select(m => m.Groups[1].Value).ToList();
        if (addresses.Count == 0)
        {
            addresses.Add($"10.{100 + number}.0.1/24");
            notes.Add(new ImportNote($"{device}.ip", $"no IPv4 address: {addresses[0]} is taken"));
        }

        Add($"{device}.ip", $"[{string.Join(", ", addresses)}]", "addresses");
        var speed = Speed().Match(string.Join('\n', files.Lines($"{device}.ethtool")));
        if (speed.Success) Add($"{device}.ethtool", $"{speed.Groups[1].Value}Mbit", "speed");
        else notes.Add(new ImportNote($"{device}.ethtool", "no speed is told: 10Gbit is taken"));
    }

    private int Channels()
    {
        var file = $"{device}.ethtool-l";
        var now = EthtoolText.Values(files.Lines(file), "Current hardware settings:");
        var (combined, rx) = (EthtoolText.Number(now, "Combined") ?? 0, EthtoolText.Number(now, "RX") ?? 0);
        var queues = combined + rx;
        if (combined > 0 && rx > 0) notes.Add(new ImportNote(file, $"{combined} combined and {rx} receive queues are taken as {queues} pairs"));
        else if (rx > 0 && rx != (EthtoolText.Number(now, "TX") ?? rx)) notes.Add(new ImportNote(file, "as many transmit queues as receive queues are taken"));
        if (queues == 0)
        {
            queues = files.Lines($"{device}.queues").Where(l => l.StartsWith("rx-", StringComparison.Ordinal)).Select(l => l.Split(' ')[0]).Distinct().Count();
            if (queues == 0) queues = 1;
            notes.Add(new ImportNote(file, $"no count of queues is told: {queues} is taken"));
        }

        if (queues > 64)
        {
            notes.Add(new ImportNote(file, $"{queues} queues are more than 64"));
            queues = 64;
        }

        Add(file, Number(queues), "queues");
        return queues;
    }

    private void Rings()
    {
        var file = $"{device}.ethtool-g";
        var now = EthtoolText.Values(files.Lines(file), "Current hardware settings:");
        foreach (var (name, key) in new[] { ("RX", "rx"), ("TX", "tx") })
        {
            if (EthtoolText.Number(now, name) is { } size) Add(file, Number(size), "ring", key);
        }
    }

    private void Coalescing()
    {
        var file = $"{device}.ethtool-c";
        var values = EthtoolText.Values(files.Lines(file));
        foreach (var name in new[] { "rx-usecs", "rx-frames", "tx-usecs", "tx-frames" })
        {
            if (EthtoolText.Number(values, name) is { } value) Add(file, name.EndsWith("usecs", StringComparison.Ordinal) ? $"{Number(value)}us" : Number(value), "coalesce", name);
        }

        foreach (var (name, key) in new[] { ("Adaptive", "adaptive"), ("CQE mode", "cqe-mode") })
        {
            var (rx, tx) = EthtoolText.RxTx(values, name);
            if (rx is not null) Add(file, rx, "coalesce", key + "-rx");
            if (tx is not null) Add(file, tx, "coalesce", key + "-tx");
            if (key == "cqe-mode" && (rx ?? tx) is not null) Add(file, "completion-queue", "coalesce", "model");
        }
    }

    private void Pause()
    {
        var file = $"{device}.ethtool-a";
        var values = EthtoolText.Values(files.Lines(file));
        foreach (var (name, key) in new[] { ("RX", "rx"), ("TX", "tx") })
        {
            if (EthtoolText.Switch(values, name) is { } on) Add(file, on, "pause", key);
        }
    }

    private void Features()
    {
        var file = $"{device}.ethtool-k";
        var values = EthtoolText.Values(files.Lines(file));
        foreach (var (name, key) in new[]
        {
            ("rx-checksumming", "rx"), ("tx-checksumming", "tx"), ("scatter-gather", "sg"), ("tcp-segmentation-offload", "tso"), ("generic-segmentation-offload", "gso"),
            ("generic-receive-offload", "gro"), ("receive-hashing", "rxhash"), ("ntuple-filters", "ntuple"), ("rx-vlan-offload", "rxvlan"), ("tx-vlan-offload", "txvlan"),
        })
        {
            if (EthtoolText.Switch(values, name) is { } on) Add(file, on, "features", key);
        }

        if (EthtoolText.Switch(values, "large-receive-offload") == "on") notes.Add(new ImportNote(file, "large-receive-offload is on there; it is not emulated"));
    }

    private void Hashing(int queues)
    {
        foreach (var type in new[] { "tcp4", "udp4" })
        {
            var file = $"{device}.ethtool-n-{type}";
            if (files.Lines(file) is not { Count: > 0 } lines) continue;
            if (EthtoolText.FlowHash(lines) is { } letters) Add(file, letters, "rx-flow-hash", type);
            else notes.Add(new ImportNote(file, "does not tell the hashed fields"));
        }

        var x = files.Lines($"{device}.ethtool-x");
        if (EthtoolText.HashKey(x) is { } key) Add($"{device}.ethtool-x", $"\"{key}\"", "rxfh", "hkey");
        if (EthtoolText.HashFunction(x) is { } function) Add($"{device}.ethtool-x", function, "rxfh", "hfunc");
        var table = EthtoolText.Indirection(x);
        if (table.Count > 0)
        {
            Add($"{device}.ethtool-x", Number(table.Count), "rxfh", "size");
            if (!table.Select((q, i) => q == i % queues).All(same => same)) Add($"{device}.ethtool-x", $"[{string.Join(", ", table)}]", "rxfh", "indir");
        }

        var rules = EthtoolText.Rules(files.Lines($"{device}.ethtool-n"), $"{device}.ethtool-n", notes);
        if (rules.Count == 0) return;
        Add($"{device}.ethtool-n", $"[{string.Join(", ", rules.Select(ScenarioText.Quoted))}]", "ntuple");
        var off = _settings.FindIndex(s => s.Path is [.., "features", "ntuple"] && s.Value == "off");
        if (off < 0) return;
        _settings[off] = _settings[off] with { Value = "on" }; // some drivers keep rules in spite of it; here it is needed
        notes.Add(new ImportNote($"{device}.ethtool-k", "ntuple-filters is off although there are rules: taken as on"));
    }

    private void Affinity(int queues)
    {
        var vectors = interrupts.VectorsOf(device, files);
        if (vectors.Count == 0) notes.Add(new ImportNote("interrupts", $"no interrupt of {device} is found: vector i on CPU i is taken"));
        foreach (var (queue, cpus) in vectors.Where(v => v.Queue < queues)) Add("smp_affinity_list", $"\"{cpus}\"", "smp_affinity_list", $"{device}-TxRx-{Number(queue)}");
    }

    private void Sysfs(int queues)
    {
        foreach (var line in files.Lines($"{device}.queues").Select(l => l.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Where(w => w.Length >= 3))
        {
            var (queue, file, value) = (line[0], line[1], line[2]);
            if (value.All(c => c is '0' or ',') || !QueueName().IsMatch(queue)) continue; // off, as it is unless written
            if (int.Parse(queue[3..], CultureInfo.InvariantCulture) >= queues) continue;
            if (file.StartsWith("byte_queue_limits/", StringComparison.Ordinal))
            {
                if (!(file.EndsWith("limit_max", StringComparison.Ordinal) && value == "1879048192") && !(file.EndsWith("hold_time", StringComparison.Ordinal) && value == "1000"))
                    Add($"{device}.queues", ScenarioText.Quoted(value), "queues-sysfs", queue, "byte_queue_limits", file["byte_queue_limits/".Length..]);
            }
            else Add($"{device}.queues", ScenarioText.Quoted(value), "queues-sysfs", queue, file);
        }

        foreach (var line in files.Lines($"{device}.napi").Select(l => l.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Where(w => w.Length == 2))
        {
            switch (line[0])
            {
                case "gro_flush_timeout": Add($"{device}.napi", ScenarioText.Quoted(line[1] + "ns"), "napi", line[0]); break;
                case "napi_defer_hard_irqs": Add($"{device}.napi", ScenarioText.Quoted(line[1]), "napi", line[0]); break;
                case "threaded": Add($"{device}.napi", line[1] == "0" ? "off" : "on", "napi", line[0]); break;
                case "tx_queue_len": Add($"{device}.napi", ScenarioText.Quoted(line[1]), "txqueuelen"); break;
                default: break;
            }
        }
    }

    private void Add(string from, string value, params string[] path) => _settings.Add(new ImportedSetting(["hosts", host, "devices", device, .. path], value, from));

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);

    [GeneratedRegex(@"\binet (\d{1,3}(?:\.\d{1,3}){3}/\d{1,2})\b")]
    private static partial Regex Address();

    [GeneratedRegex(@"^Speed: (\d{1,7})Mb/s", RegexOptions.Multiline)]
    private static partial Regex Speed();

    [GeneratedRegex(@"^[rt]x-\d{1,4}$")]
    private static partial Regex QueueName();
}
