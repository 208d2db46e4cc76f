namespace NetActors.Attach.Tests;

/// <summary>A fact that needs tshark, and is skipped without it.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class TsharkFactAttribute : FactAttribute
{
    public TsharkFactAttribute() => Skip = Tshark.SkipReason;
}
