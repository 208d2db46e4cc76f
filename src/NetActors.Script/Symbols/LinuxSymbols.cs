using System.Collections.Frozen;
using NetActors.Scenarios.Reading;

namespace NetActors.Script.Symbols;

/// <summary>The constants that scripts name, with the values of Linux on x86-64 (packetdrill: symbols_linux.c).</summary>
public static class LinuxSymbols
{
    private static readonly FrozenDictionary<string, long> Values = SocketSymbols.All
        .Concat(OptionSymbols.All)
        .Concat(FileSymbols.All)
        .Concat(PollSymbols.All)
        .Concat(TimestampingSymbols.All)
        .Concat(ErrnoSymbols.All.Select(static errno => (errno.Name, (long)errno.Number)))
        .ToFrozenDictionary(static symbol => symbol.Name, static symbol => symbol.Item2, StringComparer.Ordinal);

    /// <summary>All names.</summary>
    public static IReadOnlyCollection<string> Names => Values.Keys;

    /// <summary>Looks up a constant. False when there is none of this name.</summary>
    public static bool TryGet(string name, out long value) => Values.TryGetValue(name, out value);

    /// <summary>The constant that was probably meant; null when none is near.</summary>
    public static string? Nearest(string name) => NearestName.Of(name, Values.Keys.Order(StringComparer.Ordinal));
}
