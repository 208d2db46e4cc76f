namespace NetActors.Script;

/// <summary>What the caller says on top of the script, as packetdrill's command line does.</summary>
public sealed record ScriptParserOptions
{
    /// <summary>Nothing on top.</summary>
    public static ScriptParserOptions None { get; } = new();

    /// <summary>Words that stand for other text (<c>-D NAME=value</c>); they win over those that the script defines.</summary>
    public IReadOnlyDictionary<string, string> Defines { get; init; } = new Dictionary<string, string>();

    /// <summary>Options without their dashes, such as <c>ip_version=ipv6</c>; they win over those of the script.</summary>
    public IReadOnlyList<string> Options { get; init; } = [];
}
