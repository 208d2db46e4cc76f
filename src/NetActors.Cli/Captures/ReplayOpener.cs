using NetActors.Attach;
using NetActors.Links;
using NetActors.Scenarios;

namespace NetActors.Cli.Captures;

/// <summary>Opens the captures that a scenario replays, and keeps them, since what was read of them goes into the report.</summary>
internal sealed class ReplayOpener(ScenarioFile scenario) : IDisposable
{
    private readonly List<OpenCapture> _captures = [];

    /// <summary>The captures opened so far.</summary>
    public IReadOnlyList<OpenCapture> Captures => _captures;

    /// <summary>Opens one. Ends the command when the file holds nothing that can be replayed.</summary>
    public IFrameSource Open(ReplaySettings replay)
    {
        var options = new ReplayOptions
        {
            Timing = (Attach.ReplayTiming)replay.Timing,
            Speed = replay.Speed,
            Start = replay.Start,
            LinkBitsPerSecond = RateInto(replay.To),
        };
        var source = new CaptureSource(CaptureReader.Open(replay.File), options)
        {
            End = replay.Stop,
            FirstId = ((long)IndexOf(replay) << 48) | 1, // beside the numbers of other sources
        };
        _captures.Add(new OpenCapture(replay.File, source));
        if (source.NextArrival.IsNever && source.Records == 0)
            throw CliException.Usage($"{replay.File}: {CaptureWords.Nothing(source.Fault)}");
        return source;
    }

    /// <inheritdoc />
    public void Dispose()
    {
        foreach (var capture in _captures) capture.Source.Dispose();
    }

    private int IndexOf(ReplaySettings replay)
    {
        for (var i = 0; i < scenario.Traffic.Count; i++)
        {
            if (ReferenceEquals(scenario.Traffic[i], replay)) return i;
        }

        return 0;
    }

    private long RateInto(DevicePort port)
    {
        foreach (var wire in scenario.Wires)
        {
            if ((wire.A == port || wire.B == port) && wire.Rate > 0) return wire.Rate;
        }

        return scenario.Hosts.First(h => h.Name == port.Host).Devices.First(d => d.Name == port.Device).Speed;
    }
}

/// <summary>A capture that is being replayed.</summary>
/// <param name="File">As the user or the scenario named it.</param>
/// <param name="Source">What reads it.</param>
internal sealed record OpenCapture(string File, CaptureSource Source);
