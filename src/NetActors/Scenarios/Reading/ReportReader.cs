using NetActors.Time;

namespace NetActors.Scenarios.Reading;

/// <summary>Reads what a run observes.</summary>
internal static class ReportReader
{
    internal static readonly KeyTable Keys = new("report", "What a run observes");

    private static readonly SettingKey<KernelTime> WarmUp = Keys.Time("warm-up", "0ns",
        "begin of the run that rates, shares of time and latencies leave out; counters of /proc and of the JSON have it");
    private static readonly SettingKey Capture = Keys.Node("capture", "list", "host.device", "none",
        "devices whose frames and drops --pcap writes; all without it");

    /// <summary>The settings.</summary>
    public static ReportSettings Read(Section section, PortTable ports, ReadingContext context)
    {
        var warmUp = section.Get(WarmUp);
        if (section.Has(WarmUp) && warmUp >= context.Duration)
            section.Faults.Add(section.PlaceOf(WarmUp),
                $"`warm-up` leaves nothing of the run: {Quantity.Time.Text(warmUp.Nanoseconds)} of {Quantity.Time.Text(context.Duration.Nanoseconds)}");
        var capture = section.Items(Capture).Select(item => Section.Value(item, "capture", ports.Read, default, section.Faults)).Distinct();
        return new ReportSettings(warmUp, [.. capture]);
    }
}
