using System.Globalization;
using System.Text.Json;

namespace NetActors.Lab.Importing;

/// <summary>Reads <c>lscpu -J</c>.</summary>
internal static class CpuImport
{
    /// <summary>Its CPUs, or some that stand for them; notes what cannot be said.</summary>
    public static (int Count, int Nodes, int Smt) Read(HostFiles files, List<ImportNote> notes)
    {
        const string File = "lscpu.json";
        if (files.Text(File) is not { } text) return Unknown(notes);
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        try
        {
            using var json = JsonDocument.Parse(text);
            if (json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty("lscpu", out var list)) Collect(list, fields, 0);
        }
        catch (JsonException e)
        {
            notes.Add(new ImportNote(File, $"is no JSON: {e.Message}"));
            return Unknown(notes);
        }

        if (Number(fields, "CPU(s):") is not { } count || count < 1)
        {
            notes.Add(new ImportNote(File, "does not say how many CPU(s) there are"));
            return Unknown(notes);
        }

        var (nodes, smt) = (Number(fields, "NUMA node(s):") ?? 1, Number(fields, "Thread(s) per core:") ?? 1);
        if (nodes < 1 || smt is < 1 or > 2 || count % (nodes * smt) != 0)
        {
            notes.Add(new ImportNote(File, $"{count} CPUs on {nodes} nodes with {smt} threads a core are not alike: taken as one node without threads"));
            return (count, 1, 1);
        }

        if (nodes > 1) CheckNumbers(fields, count, nodes, smt, notes);
        return (count, nodes, smt);
    }

    // Here CPU numbers go through the cores of all nodes first, then through their second threads.
    private static void CheckNumbers(Dictionary<string, string> fields, int count, int nodes, int smt, List<ImportNote> notes)
    {
        var cores = count / smt;
        var here = Enumerable.Range(0, count).Where(c => c % cores / (cores / nodes) == 0);
        if (!fields.TryGetValue("NUMA node0 CPU(s):", out var list)) return;
        if (Scenarios.CpuSet.TryParseList(list, out var there) && !there.SequenceEqual(here))
            notes.Add(new ImportNote("lscpu.json", $"node 0 has CPUs {list} there and {new Scenarios.CpuSet(here)} here: numbers of CPUs mean other places"));
    }

    private static void Collect(JsonElement list, Dictionary<string, string> fields, int depth)
    {
        if (list.ValueKind != JsonValueKind.Array || depth > 8) return;
        foreach (var item in list.EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.Object) continue;
            if (item.TryGetProperty("field", out var field) && item.TryGetProperty("data", out var data) && field.ValueKind == JsonValueKind.String)
                fields.TryAdd(field.GetString()!, data.ToString());
            if (item.TryGetProperty("children", out var children)) Collect(children, fields, depth + 1);
        }
    }

    private static int? Number(Dictionary<string, string> fields, string name) =>
        fields.TryGetValue(name, out var text) && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : null;

    private static (int Count, int Nodes, int Smt) Unknown(List<ImportNote> notes)
    {
        const int Some = 8;
        notes.Add(new ImportNote("lscpu.json", $"how many CPUs the host has is not known: {Some} are taken"));
        return (Some, 1, 1);
    }
}
