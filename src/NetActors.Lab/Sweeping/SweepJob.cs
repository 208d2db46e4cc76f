using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using NetActors.Costs;
using NetActors.Scenarios;

namespace NetActors.Lab.Sweeping;

/// <summary>One run of a sweep.</summary>
/// <param name="Point">Where it stands.</param>
/// <param name="Scenario">What runs, seed and all.</param>
/// <param name="Key">What tells it from every other run: equal keys give equal figures.</param>
internal sealed record SweepJob(SweepPoint Point, ScenarioFile Scenario, string Key)
{
    /// <summary>
    /// A key of all that a run's figures depend on: the text of the scenario, its overrides, what operations cost, the host that is studied,
    /// the seed, and this build of the emulator, since another may count otherwise.
    /// </summary>
    public static string KeyOf(string text, IReadOnlyList<string> overrides, ScenarioFile scenario, string? host)
    {
        var all = new StringBuilder(text);
        foreach (var option in overrides) all.Append('\0').Append(option);
        all.Append('\0').Append(scenario.Seed.ToString(CultureInfo.InvariantCulture)).Append('\0').Append(host);
        foreach (var nanoseconds in scenario.CostModel.Nanoseconds) all.Append('\0').Append(nanoseconds.ToString(CultureInfo.InvariantCulture));
        all.Append('\0').Append(typeof(CostModel).Module.ModuleVersionId).Append('\0').Append(typeof(SweepJob).Module.ModuleVersionId);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(all.ToString())).AsSpan(0, 16));
    }
}
