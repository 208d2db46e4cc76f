using NetActors.Time;

namespace NetActors.Nic;

/// <summary>
/// Dynamic interrupt moderation: climbs along five profiles as long as the traffic gets better (kernel: <c>net_dim</c>,
/// lib/dim/net_dim.c). The new profile holds at once, where the kernel programs it from a work item.
/// </summary>
public sealed class DynamicModeration
{
    /// <summary>Interrupts that one measurement spans (<c>DIM_NEVENTS</c>).</summary>
    public const int SampleEvents = 64;

    private static readonly (int Usecs, int Frames)[] FromEvent = [(1, 256), (8, 256), (64, 256), (128, 256), (256, 256)];
    private static readonly (int Usecs, int Frames)[] FromCompletion = [(2, 256), (8, 128), (16, 64), (32, 64), (64, 64)];

    private readonly (int Usecs, int Frames)[] _profiles;
    private Sample _start;
    private Rates _previous;
    private long _events;
    private int _stepsRight;
    private int _stepsLeft;
    private int _tired;
    private bool _measuring;

    /// <summary>The algorithm at its first profile, 1.</summary>
    /// <param name="fromCompletion">The timer restarts with each completion, as mlx5 has it (<c>START_FROM_CQE</c>).</param>
    public DynamicModeration(bool fromCompletion = false) => _profiles = fromCompletion ? FromCompletion : FromEvent;

    /// <summary>What the algorithm is doing (kernel: <c>enum dim_tune_state</c>).</summary>
    public DimState State { get; private set; } = DimState.ParkingOnTop;

    /// <summary>The profile in force, 0 (least moderation) to 4.</summary>
    public int Profile { get; private set; } = 1;

    /// <summary>Its microseconds.</summary>
    public int Usecs => _profiles[Profile].Usecs;

    /// <summary>Its completions.</summary>
    public int Frames => _profiles[Profile].Frames;

    /// <summary>An interrupt was taken.</summary>
    public void OnInterrupt() => _events++;

    /// <summary>NAPI completed. True when the profile changed.</summary>
    /// <param name="now">The time.</param>
    /// <param name="packets">Packets ever polled.</param>
    /// <param name="bytes">Bytes ever polled.</param>
    public bool OnSample(KernelTime now, long packets, long bytes)
    {
        var sample = new Sample(now.Microseconds, packets, bytes, _events);
        if (_measuring)
        {
            var microseconds = sample.Microseconds - _start.Microseconds;
            if (sample.Events - _start.Events < SampleEvents || microseconds == 0) return false;
            var rates = new Rates(
                PerMillisecond(bytes - _start.Bytes, microseconds),
                PerMillisecond(packets - _start.Packets, microseconds),
                PerMillisecond(SampleEvents, microseconds));
            if (Decide(rates))
            {
                _measuring = false;
                return true;
            }
        }

        (_start, _measuring) = (sample, true);
        return false;
    }

    private readonly record struct Sample(long Microseconds, long Packets, long Bytes, long Events);

    private readonly record struct Rates(long Bytes, long Packets, long Events);

    private static long PerMillisecond(long amount, long microseconds) => ((amount * 1000) + microseconds - 1) / microseconds;

    private bool Decide(Rates rates)
    {
        var (state, profile) = (State, Profile);
        switch (State)
        {
            case DimState.ParkingOnTop:
                if (Compare(rates) != 0) ExitParking();
                break;
            case DimState.ParkingTired:
                if (--_tired == 0) ExitParking();
                break;
            default:
                if (Compare(rates) <= 0) Turn();
                if (IsOnTop) Park(DimState.ParkingOnTop);
                else Step(parkAtEnd: true);
                break;
        }

        if (state != DimState.ParkingOnTop || State != DimState.ParkingOnTop) _previous = rates;
        return Profile != profile;
    }

    private bool IsOnTop => State == DimState.GoingRight ? _stepsLeft > 1 && _stepsRight == 1 : _stepsRight > 1 && _stepsLeft == 1;

    /// <summary>1 better, -1 worse, 0 the same as the measurement before (kernel: <c>net_dim_stats_compare</c>).</summary>
    private int Compare(Rates rates)
    {
        if (_previous.Bytes == 0) return rates.Bytes > 0 ? 1 : 0;
        if (Differs(rates.Bytes, _previous.Bytes)) return rates.Bytes > _previous.Bytes ? 1 : -1;
        if (_previous.Packets == 0) return rates.Packets > 0 ? 1 : 0;
        if (Differs(rates.Packets, _previous.Packets)) return rates.Packets > _previous.Packets ? 1 : -1;
        if (_previous.Events == 0 || !Differs(rates.Events, _previous.Events)) return 0;
        return rates.Events < _previous.Events ? 1 : -1;
    }

    private static bool Differs(long value, long reference) => 100 * Math.Abs(value - reference) / reference > 10;

    private void Turn()
    {
        if (State == DimState.GoingRight) (State, _stepsLeft) = (DimState.GoingLeft, 0);
        else (State, _stepsRight) = (DimState.GoingRight, 0);
    }

    private void Step(bool parkAtEnd)
    {
        if (_tired == _profiles.Length * 2)
        {
            if (parkAtEnd) Park(DimState.ParkingTired);
            return;
        }

        if (Profile == (State == DimState.GoingRight ? _profiles.Length - 1 : 0))
        {
            if (parkAtEnd) Park(DimState.ParkingOnTop);
            return;
        }

        if (State == DimState.GoingRight) (Profile, _stepsRight) = (Profile + 1, _stepsRight + 1);
        else (Profile, _stepsLeft) = (Profile - 1, _stepsLeft + 1);
        _tired++;
    }

    private void ExitParking()
    {
        State = Profile > 0 ? DimState.GoingLeft : DimState.GoingRight;
        Step(parkAtEnd: false);
    }

    private void Park(DimState state)
    {
        (State, _stepsRight, _stepsLeft) = (state, 0, 0);
        if (state == DimState.ParkingOnTop) _tired = 0;
    }
}

/// <summary>What <see cref="DynamicModeration"/> is doing (kernel: <c>enum dim_tune_state</c>).</summary>
public enum DimState : byte
{
    /// <summary>The profile is good until the traffic changes.</summary>
    ParkingOnTop,

    /// <summary>Too many steps led nowhere: it rests for as many measurements.</summary>
    ParkingTired,

    /// <summary>Towards more moderation.</summary>
    GoingRight,

    /// <summary>Towards less moderation.</summary>
    GoingLeft,
}
