namespace NetActors.Script.Syntax;

/// <summary>What of the type-of-service byte a script states.</summary>
public enum TosCheck
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>The two ECN bits: <c>[ect0]</c>.</summary>
    Ecn,

    /// <summary>ECN is on, either codepoint: <c>[ect01]</c>.</summary>
    EctEither,

    /// <summary>The whole byte: <c>[tos 0x10]</c>.</summary>
    Tos,
}

/// <summary>What a script says of a packet's IP header.</summary>
/// <param name="TosCheck">How much of <paramref name="Tos"/> counts.</param>
/// <param name="Tos">The byte, or its ECN bits.</param>
/// <param name="Ttl">Time to live or hop limit; null when not said.</param>
/// <param name="FlowLabel">The IPv6 flow label; null when not said.</param>
public sealed record IpSpec(TosCheck TosCheck, byte Tos, byte? Ttl, uint? FlowLabel)
{
    /// <summary>Nothing is said.</summary>
    public static IpSpec Unstated { get; } = new(TosCheck.None, 0, null, null);
}
