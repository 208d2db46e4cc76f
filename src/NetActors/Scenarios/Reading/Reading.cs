namespace NetActors.Scenarios.Reading;

/// <summary>What reading one value gave: the value, or why it is refused.</summary>
internal readonly record struct Reading<T>
{
    private Reading(T? value, string? fault, string? suggestion, int at) =>
        (Value, Fault, Suggestion, At) = (value, fault, suggestion, at);

    /// <summary>The value; meaningless with a <see cref="Fault"/>.</summary>
    public T? Value { get; }

    /// <summary>Why the text is refused; null when it is not.</summary>
    public string? Fault { get; }

    /// <summary>The nearest valid word.</summary>
    public string? Suggestion { get; }

    /// <summary>Characters from the begin of the text to the fault.</summary>
    public int At { get; }

    /// <summary>A good value.</summary>
    public static implicit operator Reading<T>(T value) => new(value, null, null, 0);

    /// <summary>A refusal.</summary>
    public static Reading<T> Bad(string fault, string? suggestion = null, int at = 0) => new(default, fault, suggestion, at);

    /// <summary>The same outcome for another type.</summary>
    public Reading<TOther> Then<TOther>(Func<T, TOther> convert) =>
        Fault is null ? convert(Value!) : Reading<TOther>.Bad(Fault, Suggestion, At);
}
