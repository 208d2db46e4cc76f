namespace NetActors.Hosts;

/// <summary>What <see cref="KnobActor"/> is told.</summary>
internal static class KnobProtocol
{
    /// <summary>Write a setting.</summary>
    /// <param name="Key">What.</param>
    /// <param name="Value">What to write.</param>
    /// <param name="Answered">Gets why it was refused, or an empty text; null when nobody waits.</param>
    public sealed record Write(string Key, string Value, TaskCompletionSource<string>? Answered);
}
