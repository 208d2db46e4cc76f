namespace NetActors.Attach.Tests;

/// <summary>A theory that needs tshark, and is skipped without it.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class TsharkTheoryAttribute : TheoryAttribute
{
    public TsharkTheoryAttribute() => Skip = Tshark.SkipReason;
}
