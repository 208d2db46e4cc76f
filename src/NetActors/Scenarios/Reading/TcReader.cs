using NetActors.Qdisc;

namespace NetActors.Scenarios.Reading;

/// <summary>Reads a device's commands of tc; each is tried, after those before it.</summary>
internal static class TcReader
{
    /// <summary>The commands; those with faults are left out.</summary>
    public static List<string> ReadAll(IReadOnlyList<SettingNode> items, TcCheck check, FaultList faults)
    {
        var commands = new List<string>();
        foreach (var item in items)
        {
            if (item is not ScalarNode { IsNothing: false } line)
            {
                faults.Add(item.Place, $"a command of tc is one line of words, not {item.Kind}");
                continue;
            }

            if (check.Fault(line.Text, out var at) is { } fault) faults.Add(line.PlaceAt(at), $"`tc`: {fault}");
            else commands.Add(line.Text);
        }

        return commands;
    }
}
