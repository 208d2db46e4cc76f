using System.Globalization;
using NetActors.Costs;
using NetActors.Time;

namespace NetActors.Scenarios.Reading;

/// <summary>Reads the top of a scenario and hands its sections to their readers.</summary>
internal static class ScenarioFileReader
{
    internal static readonly KeyTable Keys = new("(scenario)", "The file itself");
    internal static readonly KeyTable ClockKeys = new("clock", "How virtual time passes");

    private static readonly SettingKey<string> Description = Keys.Text("description", "", "one line of what the scenario shows");
    private static readonly SettingKey<ulong> Seed = Keys.Value("seed", "whole number", "0 to 18446744073709551615", "1", 1UL, ReadSeed,
        "seed of all randomness");
    private static readonly SettingKey<KernelTime> Duration = Keys.Time("duration", "100ms", "how long the run is", "1ns");
    private static readonly SettingKey<KernelVersion> Kernel = Keys.Choice("kernel", "6.x",
        "whose behaviour is emulated where kernels differ",
        ("6.x", KernelVersion.V6), ("3.10", KernelVersion.V310));
    private static readonly SettingKey Clock = Keys.Node("clock", "section", "see clock", "its defaults", "how virtual time passes");
    private static readonly SettingKey<string> CostModelName = Keys.Text("cost-model", "bdw6-2018",
        "what operations cost: a name from config/cost-models, the path of a .yaml from this file, or `none`");
    private static readonly SettingKey Hosts = Keys.Node("hosts", "section", "an entry for each host", KeyTable.Required,
        "the emulated machines, by name");
    private static readonly SettingKey Wires = Keys.Node("wires", "list", "see wires", "none", "links between devices");
    private static readonly SettingKey Traffic = Keys.Node("traffic", "list", "see traffic", "none", "sources outside any host");
    private static readonly SettingKey Events = Keys.Node("events", "list", "see events", "none", "settings written while it runs: [{ at: 10ms, host: server, set: { ... } }]");
    private static readonly SettingKey Report = Keys.Node("report", "section", "see report", "its defaults", "what is observed");

    private static readonly SettingKey<KernelTime> Quantum = ClockKeys.Time("quantum", "0ns",
        "how far a CPU may run ahead of the others; 0ns is exact, more is faster", most: "1ms");
    private static readonly SettingKey<int> Hz = ClockKeys.Choice("hz", "250", "ticks a second; exact rounds no limit to ticks",
        ("100", 100), ("250", 250), ("1000", 1000), ("exact", 0));

    /// <summary>The scenario; as complete as it can be made when there are faults.</summary>
    public static ScenarioFile Read(SettingNode tree, string file, FaultList faults)
    {
        var top = new Section(tree, new SourcePlace(file, 1, 1), Keys, faults);
        var clockSection = top.Open(Clock, ClockKeys);
        var clock = new ClockSettings(clockSection.Get(Quantum), clockSection.Get(Hz));
        var directory = Path.GetDirectoryName(file) ?? "";
        var context = new ReadingContext(faults, directory, top.Get(Kernel), clock.Hz, top.Get(Duration));
        var description = top.Get(Description);
        var costs = CostModelReader.Resolve(top.Get(CostModelName), directory, top.PlaceOf(CostModelName), faults) ?? CostModel.Zero;
        if (!top.Has(Hosts)) faults.Add(top.Place, "`hosts` is missing: a scenario needs a host at least");
        var hosts = HostReader.ReadAll(top.Named(Hosts), context);
        if (top.Has(Hosts) && hosts.Count == 0) faults.Add(top.PlaceOf(Hosts), "`hosts` has no host");
        var ports = new PortTable(hosts);
        return new ScenarioFile
        {
            Source = file,
            Name = Path.GetFileNameWithoutExtension(file),
            Description = description,
            Seed = top.Get(Seed),
            Duration = context.Duration,
            Kernel = context.Kernel,
            Clock = clock,
            CostModel = costs,
            Hosts = hosts,
            Wires = WireReader.ReadAll(top.Items(Wires), ports, context),
            Traffic = TrafficReader.ReadAll(top.Items(Traffic), ports, context),
            Events = EventReader.ReadAll(top.Items(Events), hosts, context),
            Report = ReportReader.Read(top.Open(Report, ReportReader.Keys), ports, context),
        };
    }

    private static Reading<ulong> ReadSeed(string text) =>
        ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seed)
        ? seed
        : Reading<ulong>.Bad($"`{Words.Cut(text)}` is no whole number of 64 bits");
}
