namespace NetActors.Scenarios;

/// <summary>The law of a <see cref="DrawnSizes"/>.</summary>
public enum SizeLaw
{
    /// <summary>Generalised Pareto: P(X &gt; x) = (1 + k (x - location) / scale)^(-1/k); heavy-tailed for k above 0.</summary>
    GeneralisedPareto,

    /// <summary>Generalised extreme value: P(X &lt;= x) = exp(-(1 + k (x - location) / scale)^(-1/k)).</summary>
    GeneralisedExtremeValue,
}
