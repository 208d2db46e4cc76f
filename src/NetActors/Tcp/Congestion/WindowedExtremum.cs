namespace NetActors.Tcp;

/// <summary>
/// The least or greatest value of a sliding window of time, kept as the best three of its parts (kernel: lib/win_minmax.c). Times are in
/// any unit that wraps at 32 bits.
/// </summary>
internal struct WindowedExtremum
{
    private Sample _first, _second, _third;

    /// <summary>The extremum.</summary>
    public readonly uint Value => _first.Value;

    /// <summary>Forgets all but <paramref name="value"/> (kernel: <c>minmax_reset</c>).</summary>
    public uint Reset(uint time, uint value)
    {
        _first = _second = _third = new Sample(time, value);
        return value;
    }

    /// <summary>Adds a value of which the least is wanted (kernel: <c>minmax_running_min</c>).</summary>
    public uint RunningMin(uint window, uint time, uint value)
    {
        if (value <= _first.Value || time - _third.Time > window) return Reset(time, value);
        var sample = new Sample(time, value);
        if (value <= _second.Value) _second = _third = sample;
        else if (value <= _third.Value) _third = sample;
        return Age(window, sample);
    }

    /// <summary>Adds a value of which the greatest is wanted (kernel: <c>minmax_running_max</c>).</summary>
    public uint RunningMax(uint window, uint time, uint value)
    {
        if (value >= _first.Value || time - _third.Time > window) return Reset(time, value);
        var sample = new Sample(time, value);
        if (value >= _second.Value) _second = _third = sample;
        else if (value >= _third.Value) _third = sample;
        return Age(window, sample);
    }

    /// <summary>The best grows old: the next takes over, of a later part of the window (kernel: <c>minmax_subwin_update</c>).</summary>
    private uint Age(uint window, Sample sample)
    {
        var age = sample.Time - _first.Time;
        if (age > window)
        {
            (_first, _second, _third) = (_second, _third, sample);
            if (sample.Time - _first.Time > window) (_first, _second, _third) = (_second, _third, sample);
        }
        else if (_second.Time == _first.Time && age > window / 4)
        {
            _second = _third = sample;
        }
        else if (_third.Time == _second.Time && age > window / 2)
        {
            _third = sample;
        }

        return _first.Value;
    }

    private readonly record struct Sample(uint Time, uint Value);
}
