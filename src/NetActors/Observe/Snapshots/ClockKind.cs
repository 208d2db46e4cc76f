namespace NetActors.Observe;

/// <summary>Which of the two clocks a run used.</summary>
public enum ClockKind
{
    /// <summary>Time passes as work is charged: the result is predicted, and reproducible.</summary>
    Virtual,

    /// <summary>Time passes as the machine runs: the result is measured.</summary>
    Real,
}
