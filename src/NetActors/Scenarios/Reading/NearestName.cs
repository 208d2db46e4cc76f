namespace NetActors.Scenarios.Reading;

/// <summary>Finds the valid name that a wrong one was probably meant to be.</summary>
internal static class NearestName
{
    private const int LongestName = 64;

    /// <summary>The candidate fewest typing errors away; null when none is near. Case and <c>-</c> against <c>_</c> count nothing.</summary>
    public static string? Of(string name, IEnumerable<string> candidates)
    {
        if (name.Length is 0 or > LongestName) return null;
        var wanted = Normal(name);
        string? best = null;
        var least = (Distance: Math.Max(1, name.Length / 3), Differing: int.MaxValue);
        foreach (var candidate in candidates)
        {
            if (candidate.Length > LongestName) continue;
            var other = Normal(candidate);
            var distance = Distance(wanted, other);
            var rank = (distance,
                -wanted.Zip(other).TakeWhile(pair => pair.First == pair.Second).Count()); // of two as near, that which begins alike
            if (distance >= Math.Max(wanted.Length, other.Length) || rank.CompareTo(least) >= 0) continue;
            (best, least) = (candidate, rank);
        }

        return best == name ? null : best;
    }

    /// <summary>Insertions, deletions, replacements and swaps of neighbours between two words (optimal string alignment).</summary>
    internal static int Distance(string left, string right)
    {
        var cells = new int[left.Length + 1, right.Length + 1];
        for (var i = 0; i <= left.Length; i++) cells[i, 0] = i;
        for (var j = 0; j <= right.Length; j++) cells[0, j] = j;
        for (var i = 1; i <= left.Length; i++)
            for (var j = 1; j <= right.Length; j++)
            {
                var replace = cells[i - 1, j - 1] + (left[i - 1] == right[j - 1] ? 0 : 1);
                cells[i, j] = Math.Min(replace, Math.Min(cells[i - 1, j], cells[i, j - 1]) + 1);
                if (i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1])
                    cells[i, j] = Math.Min(cells[i, j], cells[i - 2, j - 2] + 1);
            }

        return cells[left.Length, right.Length];
    }

    /// <summary>The names differ in case and in <c>-</c> and <c>_</c> at most.</summary>
    public static bool IsSame(string left, string right) => Normal(left) == Normal(right);

    private static string Normal(string name) => name.ToUpperInvariant().Replace('_', '-');
}
