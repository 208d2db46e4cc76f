namespace NetActors.Lab.Comparing;

/// <summary>One of the things that are compared.</summary>
/// <param name="Name">What tables call it.</param>
/// <param name="Scenario">Path or name of its scenario.</param>
/// <param name="Set">Its overrides, <c>KEY=VALUE</c>, in order.</param>
/// <param name="Published">Figures that somebody measured, by key of a metric; empty without any.</param>
internal sealed record Variant(string Name, string Scenario, IReadOnlyList<string> Set, IReadOnlyDictionary<string, double> Published)
{
    /// <summary>A variant of which nobody published anything.</summary>
    public Variant(string name, string scenario, IReadOnlyList<string> set)
        : this(name, scenario, set, new Dictionary<string, double>())
    {
    }
}

/// <summary>What is compared: variants, the first being what the others are measured by.</summary>
internal sealed record Comparison
{
    /// <summary>The key in <see cref="Within"/> that holds for ratios of throughput.</summary>
    public const string Ratio = "ratio";

    /// <summary>One line of what it is about; empty when it says nothing.</summary>
    public string Description { get; init; } = "";

    /// <summary>Where the published figures come from; empty without any.</summary>
    public string Source { get; init; } = "";

    /// <summary>The host that is studied; null to choose it by the scenario.</summary>
    public string? Host { get; init; }

    /// <summary>Seeds to run each variant with; null for the default.</summary>
    public int? Seeds { get; init; }

    /// <summary>How far a figure may be off what was published, as a share of it, by key of a metric or <see cref="Ratio"/>.</summary>
    public IReadOnlyDictionary<string, double> Within { get; init; } = new Dictionary<string, double>();

    /// <summary>What is compared.</summary>
    public required IReadOnlyList<Variant> Variants { get; init; }
}
