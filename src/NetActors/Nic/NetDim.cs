using NetActors.Time;

namespace NetActors.Nic;

/// <summary>
/// Dynamic interrupt moderation: climbs along five profiles as long as the traffic gets better (kernel: <c>net_dim</c> and
/// <c>net_dim_decision</c>, lib/dim/net_dim.c). Measures over 64 interrupts; from a decision until the driver has programmed the device it
/// does not measure.
/// </summary>
public sealed class NetDim
{
    /// <summary>Interrupts that one measurement spans (<c>DIM_NEVENTS</c>).</summary>
    public const int SampleEvents = 64;

    /// <summary>Profiles (<c>NET_DIM_PARAMS_NUM_PROFILES</c>).</summary>
    public const int Profiles = 5;

    private Sample _start;
    private Rates _previous;
    private ushort _events;
    private int _stepsRight;
    private int _stepsLeft;
    private int _tired;

    /// <summary>What it is about (kernel: <c>enum dim_state</c>).</summary>
    public DimPhase Phase { get; private set; }

    /// <summary>Where its search stands (kernel: <c>enum dim_tune_state</c>).</summary>
    public DimState State { get; private set; }

    /// <summary>The profile it has chosen, 0 (least moderation) to 4; drivers begin with 0, since they clear the structure.</summary>
    public int Profile { get; private set; }

    /// <summary>An interrupt of this queue was taken (<c>event_ctr</c>, 16 bits).</summary>
    public void OnInterrupt() => _events++;

    /// <summary>NAPI completed. True when another profile was chosen: the driver's work is to program it and to call
    /// <see cref="OnProgrammed"/>.</summary>
    /// <param name="now">The time.</param>
    /// <param name="packets">Packets ever, as the driver counts them.</param>
    /// <param name="bytes">Their bytes.</param>
    public bool OnSample(KernelTime now, long packets, long bytes)
    {
        var sample = new Sample(now.Microseconds, (uint)packets, (uint)bytes, _events);
        if (Phase == DimPhase.ApplyNewProfile) return false;
        if (Phase == DimPhase.MeasureInProgress)
        {
            if ((ushort)(sample.Events - _start.Events) < SampleEvents) return false;
            var microseconds = (uint)(sample.Microseconds - _start.Microseconds);
            if (microseconds == 0) return false;
            if (Decide(Rates.Of(_start, sample, microseconds)))
            {
                Phase = DimPhase.ApplyNewProfile;
                return true;
            }
        }

        (_start, Phase) = (sample, DimPhase.MeasureInProgress);
        return false;
    }

    /// <summary>The device has the profile (a driver's <c>rx_dim_work</c>).</summary>
    public void OnProgrammed() => Phase = DimPhase.StartMeasure;

    private bool Decide(in Rates rates)
    {
        var (state, profile) = (State, Profile);
        switch (State)
        {
            case DimState.ParkingOnTop:
                if (rates.CompareTo(_previous) != 0) ExitParking();
                break;
            case DimState.ParkingTired:
                if (--_tired == 0) ExitParking();
                break;
            default:
                if (rates.CompareTo(_previous) <= 0) Turn();
                if (IsOnTop) ParkOnTop();
                else if (_tired == Profiles * 2) ParkTired();
                else if (!TryStep()) ParkOnTop();
                break;
        }

        if (state != DimState.ParkingOnTop || State != DimState.ParkingOnTop) _previous = rates;
        return Profile != profile;
    }

    /// <summary>The last step back was one too many after several the other way (kernel: <c>dim_on_top</c>).</summary>
    private bool IsOnTop => State == DimState.GoingRight ? _stepsLeft > 1 && _stepsRight == 1 : _stepsRight > 1 && _stepsLeft == 1;

    private void Turn()
    {
        if (State == DimState.GoingRight) (State, _stepsLeft) = (DimState.GoingLeft, 0);
        else (State, _stepsRight) = (DimState.GoingRight, 0);
    }

    /// <summary>A step (kernel: <c>net_dim_step</c>). False at the edge.</summary>
    private bool TryStep()
    {
        if (Profile == (State == DimState.GoingRight ? Profiles - 1 : 0)) return false;
        if (State == DimState.GoingRight) (Profile, _stepsRight) = (Profile + 1, _stepsRight + 1);
        else (Profile, _stepsLeft) = (Profile - 1, _stepsLeft + 1);
        _tired++;
        return true;
    }

    private void ExitParking()
    {
        State = Profile > 0 ? DimState.GoingLeft : DimState.GoingRight;
        TryStep();
    }

    private void ParkOnTop() => (State, _stepsRight, _stepsLeft, _tired) = (DimState.ParkingOnTop, 0, 0, 0);

    private void ParkTired() => (State, _stepsRight, _stepsLeft) = (DimState.ParkingTired, 0, 0);

    private readonly record struct Sample(long Microseconds, uint Packets, uint Bytes, ushort Events);

    /// <summary>Rates a millisecond, rounded up (kernel: <c>struct dim_stats</c>, <c>dim_calc_stats</c>).</summary>
    private readonly record struct Rates(long Bytes, long Packets, long Events)
    {
        public static Rates Of(in Sample start, in Sample end, uint microseconds) => new(
            PerMillisecond(end.Bytes - start.Bytes, microseconds), PerMillisecond(end.Packets - start.Packets, microseconds), PerMillisecond(SampleEvents, microseconds));

        /// <summary>1 better, -1 worse, 0 the same (kernel: <c>net_dim_stats_compare</c>).</summary>
        public int CompareTo(in Rates previous)
        {
            if (previous.Bytes == 0) return Bytes > 0 ? 1 : 0;
            if (Differs(Bytes, previous.Bytes)) return Bytes > previous.Bytes ? 1 : -1;
            if (previous.Packets == 0) return Packets > 0 ? 1 : 0;
            if (Differs(Packets, previous.Packets)) return Packets > previous.Packets ? 1 : -1;
            if (previous.Events == 0 || !Differs(Events, previous.Events)) return 0;
            return Events < previous.Events ? 1 : -1;
        }

        private static long PerMillisecond(uint amount, uint microseconds) => ((amount * 1000L) + microseconds - 1) / microseconds;

        private static bool Differs(long value, long reference) => 100 * Math.Abs(value - reference) / reference > 10;
    }
}

/// <summary>What <see cref="NetDim"/> is about (kernel: <c>enum dim_state</c>).</summary>
public enum DimPhase : byte
{
    /// <summary>The next sample begins a measurement.</summary>
    StartMeasure,

    /// <summary>It measures.</summary>
    MeasureInProgress,

    /// <summary>The device does not have the chosen profile yet.</summary>
    ApplyNewProfile,
}

/// <summary>Where the search of <see cref="NetDim"/> stands (kernel: <c>enum dim_tune_state</c>).</summary>
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
