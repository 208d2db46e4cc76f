using System.Diagnostics.CodeAnalysis;
using NetActors.Script.Syntax;

namespace NetActors.Script;

/// <summary>A script, or all that is wrong with it.</summary>
/// <param name="Script">The script; null when there are faults.</param>
/// <param name="Faults">What is wrong, in the order of the file.</param>
public sealed record ScriptParseResult(PacketScript? Script, IReadOnlyList<ScriptFault> Faults)
{
    /// <summary>True when nothing is wrong.</summary>
    [MemberNotNullWhen(true, nameof(Script))]
    public bool IsValid => Script is not null;
}
