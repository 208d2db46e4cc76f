namespace NetActors.Tests.Qdisc;

/// <summary>Compares with iproute2's own files; skipped where it is not installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class IprouteTheoryAttribute : TheoryAttribute
{
    public const string Tables = "/usr/lib/x86_64-linux-gnu/tc";

    public IprouteTheoryAttribute()
    {
        if (!Directory.Exists(Tables)) Skip = "iproute2's distribution tables are not installed";
    }
}
