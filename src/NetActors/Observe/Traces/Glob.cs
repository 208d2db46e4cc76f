namespace NetActors.Observe;

/// <summary>Names with <c>*</c> and <c>?</c> (kernel: <c>glob_match</c>, without classes).</summary>
internal static class Glob
{
    /// <summary>Whether <paramref name="glob"/> describes the whole of <paramref name="name"/>; case matters.</summary>
    public static bool Matches(ReadOnlySpan<char> glob, ReadOnlySpan<char> name)
    {
        if (glob.IsEmpty) return name.IsEmpty;
        if (glob[0] == '*') return Matches(glob[1..], name) || (!name.IsEmpty && Matches(glob, name[1..]));
        return !name.IsEmpty && (glob[0] == '?' || glob[0] == name[0]) && Matches(glob[1..], name[1..]);
    }
}
