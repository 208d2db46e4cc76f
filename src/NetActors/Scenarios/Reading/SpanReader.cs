using NetActors.Time;

namespace NetActors.Scenarios.Reading;

/// <summary>The keys <c>start</c> and <c>stop</c> of traffic and tasks.</summary>
internal sealed class SpanReader(KeyTable keys)
{
    private readonly SettingKey<KernelTime> _start = keys.Time("start", "0ns", "when it begins");
    private readonly SettingKey<KernelTime> _stop = keys.Value("stop", "time", "after start, to 3600s", "the duration", KernelTime.Never,
        text => Quantity.Time.Read(text, 0, KernelTime.FromSeconds(3600).Nanoseconds).Then(KernelTime.FromNanoseconds), "when it ends");

    /// <summary>Begin and end, the end not after that of the run.</summary>
    public (KernelTime Start, KernelTime Stop) Read(Section section, KernelTime duration)
    {
        var (start, stop) = (section.Get(_start), section.Get(_stop));
        if (stop <= start) section.Faults.Add(section.PlaceOf(_stop), "`stop` is not after `start`");
        return (start, KernelTime.Min(stop, duration));
    }
}
