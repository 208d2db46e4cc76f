using System.Globalization;
using System.Text;
using NetActors.Costs;
using NetActors.Scenarios.Reading;

namespace NetActors.Scenarios;

/// <summary>The written reference of every key, made from the tables that the reader checks with.</summary>
public static class ScenarioReference
{
    /// <summary>The tables of keys as Markdown: <c>config/scenarios/README.md</c> holds them word for word.</summary>
    public static string Markdown()
    {
        var text = new StringBuilder();
        foreach (var table in ScenarioTables.Scenario) Append(text, table);
        text.Append("### sysctl\n\nUnder `hosts.HOST.sysctl`, by full name; `*` is `all`, `default` or a device.\n\n");
        text.Append("| sysctl | range | default 6.x | default 3.10 | meaning | source |\n|---|---|---|---|---|---|\n");
        foreach (var sysctl in SysctlCatalogue.All)
            text.Append(CultureInfo.InvariantCulture,
                $"| `{sysctl.Name}` | {Range(sysctl)} | {Value(sysctl, sysctl.Default6)} | {Value(sysctl, sysctl.Default310)} | {sysctl.Doc} | {sysctl.Source} |\n");
        text.Append("\n### Cost models\n\n");
        foreach (var table in ScenarioTables.CostModel) Append(text, table);
        text.Append("Operations: ").AppendJoin(", ", Enum.GetNames<CostOp>().Select(op => $"`{op}`")).Append(".\n");
        return text.ToString();
    }

    private static void Append(StringBuilder text, KeyTable table)
    {
        text.Append(CultureInfo.InvariantCulture, $"### {table.Path}\n\n{table.About}.\n\n");
        if (table.Own.Count == 0) return;
        text.Append("| key | value | range | default | meaning |\n|---|---|---|---|---|\n");
        foreach (var key in table.Own)
            text.Append(CultureInfo.InvariantCulture,
                $"| `{key.Name}` | {Cell(key.Unit)} | {Cell(key.Range)} | {Cell(key.Default)} | {Cell(key.Doc)} |\n");
        text.Append('\n');
    }

    private static string Range(SysctlEntry sysctl) => sysctl.Form switch
    {
        SysctlForm.CpuMask => "mask of CPUs",
        SysctlForm.Word => Words.Or(sysctl.Words),
        SysctlForm.Ports => "ports and ranges",
        _ => string.Create(CultureInfo.InvariantCulture, $"{sysctl.Least} to {sysctl.Most}"),
    };

    private static string Value(SysctlEntry sysctl, IReadOnlyList<long>? value) => value switch
    {
        null => "absent",
        [] => sysctl.Form == SysctlForm.Ports ? "none" : "0",
        _ => sysctl.Text(value),
    };

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);
}
