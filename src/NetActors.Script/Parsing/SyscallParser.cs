using NetActors.Script.Symbols;
using NetActors.Script.Syntax;
using NetActors.Time;

namespace NetActors.Script.Parsing;

/// <summary>Reads system calls (parser.y: <c>syscall_spec</c>).</summary>
internal sealed class SyscallParser(TokenReader tokens)
{
    private readonly ExpressionParser _expressions = new(tokens);

    /// <summary>Reads a call from the end of its time on.</summary>
    public SyscallAction Read(EventTime time, ScriptPosition position)
    {
        var end = ReadEnd(time, position);
        var name = tokens.Expect(TokenKind.Word, "the name of a system call");
        tokens.Expect('(', "before the arguments");
        var arguments = _expressions.ReadList(')');
        SyscallNames.Check(name, arguments.Count);
        tokens.Expect('=', "before the result");
        var result = _expressions.Read();
        var error = ReadErrno();
        return new SyscallAction(name.Text, arguments, result, error, end, ReadNote(), name.Position);
    }

    /// <summary>Both times of a call that blocks count from the same moment (packetdrill: <c>adjust_relative_event_times</c>).</summary>
    private KernelTime? ReadEnd(EventTime time, ScriptPosition position)
    {
        if (!tokens.TryTake(TokenKind.Ellipsis, out _)) return null;
        var end = EventTimeParser.ReadTime(tokens, "when the call ends");
        if (end < time.Start) throw new ScriptSyntaxException(position, "the call ends before it begins");
        return end;
    }

    private ErrnoSpec? ReadErrno()
    {
        if (tokens.Current.Kind != TokenKind.Word || !tokens.Following.Is('(') || tokens.Current.IsFirstOnLine) return null;
        var token = tokens.Take();
        if (ErrnoSymbols.TryGet(token.Text, out var number)) return new ErrnoSpec(token.Text, number);
        throw TokenReader.UnknownName(token, "error", ErrnoSymbols.All.Select(static errno => errno.Name));
    }

    private string? ReadNote()
    {
        if (!tokens.Current.Is('(')) return null;
        tokens.Take();
        var words = new List<string>();
        while (!tokens.Current.Is(')'))
        {
            if (tokens.Current.Kind == TokenKind.End || tokens.Current.IsFirstOnLine) throw tokens.Unexpected("')' behind the note");
            words.Add(tokens.Take().Text);
        }

        tokens.Take();
        return string.Join(' ', words);
    }
}
