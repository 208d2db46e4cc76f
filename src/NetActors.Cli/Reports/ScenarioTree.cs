using NetActors.Costs;
using NetActors.Scenarios;
using NetActors.Scenarios.Reading;
using Spectre.Console;

namespace NetActors.Cli.Reports;

/// <summary>What a scenario builds, as a tree with the names of Linux's knobs.</summary>
internal static class ScenarioTree
{
    /// <summary>Prints it.</summary>
    public static void Write(Screen screen, ScenarioFile scenario)
    {
        screen.Heading(scenario.Description.Length == 0 ? scenario.Name : $"{scenario.Name}: {scenario.Description}");
        var tree = new Tree(new Text(scenario.Source));
        var kernel = scenario.Kernel == KernelVersion.V310 ? "3.10" : "6.x";
        var hz = scenario.Clock.Hz == 0 ? "exact" : $"{scenario.Clock.Hz}";
        var (duration, quantum) = (Figures.Time(scenario.Duration), Figures.Time(scenario.Clock.Quantum));
        Add(tree, $"duration {duration}, seed {scenario.Seed}, kernel {kernel}, HZ {hz}, quantum {quantum}");
        foreach (var host in scenario.Hosts) HostTree.AddTo(Add(tree, $"host {host.Name}"), host, scenario);
        foreach (var wire in scenario.Wires) Add(tree, Wire(wire));
        foreach (var traffic in scenario.Traffic) TrafficTree.AddTo(tree, traffic);
        AddReport(tree, scenario.Report);
        AddCosts(tree, scenario.CostModel);
        screen.Draw(tree);
    }

    /// <summary>Adds a line.</summary>
    public static TreeNode Add(IHasTreeNodes parent, string text) => parent.AddNode(new Text(text));

    private static string Wire(WireSettings wire)
    {
        var rate = Quantity.BitRate.Text(wire.Rate);
        var text = $"wire {wire.A} - {wire.B}: rate {rate}, delay {Figures.Time(wire.Delay)}, queue {wire.Queue}";
        foreach (var (name, share) in ((string, double)[])[
            ("loss", wire.Loss), ("duplicate", wire.Duplicate), ("reorder", wire.Reorder), ("corrupt", wire.Corrupt)])
        {
            if (share > 0) text += string.Create(System.Globalization.CultureInfo.InvariantCulture, $", {name} {share * 100:0.####}%");
        }

        return wire.Reorder > 0 ? $"{text}, reorder-delay {Figures.Time(wire.ReorderDelay)}" : text;
    }

    private static void AddReport(Tree tree, ReportSettings report)
    {
        var capture = report.Capture.Count == 0 ? "all devices" : string.Join(", ", report.Capture);
        Add(tree, $"report: --pcap takes {capture}; warm-up {Figures.Time(report.WarmUp)}");
    }

    private static void AddCosts(Tree tree, CostModel model)
    {
        var node = Add(tree, $"cost model {model.Name}: {model.Description.ReplaceLineEndings(" ").Trim()}");
        if (ReferenceEquals(model, CostModel.Zero)) return;
        foreach (var op in Enum.GetValues<CostOp>())
        {
            var figure = model.Figure(op);
            Add(node, $"{op} {figure.Nanoseconds} ns ({Mark(figure.Mark)}: {figure.Source.ReplaceLineEndings(" ").Trim()})");
        }
    }

    private static string Mark(CostMark mark) => mark switch
    {
        CostMark.Primary => "read",
        CostMark.Secondary => "read elsewhere",
        CostMark.Derived => "derived",
        _ => "from memory",
    };
}
