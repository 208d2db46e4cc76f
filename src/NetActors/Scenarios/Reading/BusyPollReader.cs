using NetActors.Time;

namespace NetActors.Scenarios.Reading;

/// <summary>The keys of busy polling by the sockets of a program.</summary>
internal sealed class BusyPollReader(KeyTable table)
{
    private const string Limit = "1s";

    private readonly SettingKey<KernelTime?> _usecs = table.Value<KernelTime?>("busy_poll", "time, or us as a bare number", $"0ns to {Limit}",
        "net.core.busy_read", null, text => Quantity.TimeOrMicroseconds.Read(text, 0, 1_000_000_000).Then<KernelTime?>(n => KernelTime.FromNanoseconds(n)),
        "SO_BUSY_POLL: how long a read that finds nothing polls the NAPI before it sleeps");

    private readonly SettingKey<bool> _prefer = table.Switch("prefer_busy_poll", false, "SO_PREFER_BUSY_POLL: deferred interrupts stay away while it polls");

    private readonly SettingKey<int> _budget = table.Whole("busy_poll_budget", 8, 1, ushort.MaxValue, "SO_BUSY_POLL_BUDGET: packets of a poll");

    /// <summary>The settings.</summary>
    public BusyPollSettings Read(Section section, ReadingContext context)
    {
        context.RefuseIn310(section, _usecs);
        context.RefuseIn310(section, _prefer);
        context.RefuseIn310(section, _budget);
        return new BusyPollSettings((int?)section.Get(_usecs)?.Microseconds, section.Get(_prefer), section.Get(_budget));
    }
}
