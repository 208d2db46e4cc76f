using System.Globalization;
using NetActors.Script.Syntax;
using NetActors.Time;

namespace NetActors.Script.Parsing;

/// <summary>Reads times (parser.y: <c>event_time</c>, <c>time</c>).</summary>
internal static class EventTimeParser
{
    /// <summary>Reads the time of an event.</summary>
    public static EventTime Read(TokenReader tokens)
    {
        var position = tokens.Current.Position;
        if (tokens.TryTake('*')) return new EventTime(EventTimeKind.Any, KernelTime.Zero, KernelTime.Zero);
        var isRelative = tokens.TryTake('+');
        var start = ReadTime(tokens, isRelative ? "a time behind '+'" : "a time (.1, +.1, *, 1~2 or +0~+.5)");
        if (!tokens.TryTake('~')) return new EventTime(isRelative ? EventTimeKind.Relative : EventTimeKind.Absolute, start, start);
        if (isRelative) tokens.Expect('+', "before the end of a range that counts from the event before");
        var end = ReadTime(tokens, "the end of the range");
        if (end < start) throw new ScriptSyntaxException(position, "the range of times is backwards");
        return new EventTime(isRelative ? EventTimeKind.RelativeRange : EventTimeKind.AbsoluteRange, start, end);
    }

    /// <summary>Reads seconds, with decimals or without.</summary>
    public static KernelTime ReadTime(TokenReader tokens, string what)
    {
        if (tokens.Current.Kind is not (TokenKind.Integer or TokenKind.Float)) throw tokens.Unexpected(what);
        var token = tokens.Take();
        const NumberStyles Style = NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign;
        if (!decimal.TryParse(token.Text, Style, CultureInfo.InvariantCulture, out var seconds) || seconds > 1_000_000_000)
            throw new ScriptSyntaxException(token.Position, $"{token.Text} s is no time");
        if (seconds < 0) throw new ScriptSyntaxException(token.Position, "a time cannot be negative");
        return KernelTime.FromNanoseconds((long)(seconds * 1_000_000_000));
    }
}
