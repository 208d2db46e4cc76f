using NetActors.Script.Code;
using NetActors.Script.Shell;
using NetActors.Script.Syntax;

namespace NetActors.Script.Parsing;

/// <summary>Reads what follows the options: a command, the events, another command (parser.y: <c>script</c>, <c>event</c>).</summary>
internal sealed class BodyParser(TokenReader tokens, ScriptSettings settings, ScriptFaults faults)
{
    private readonly PacketParser _packets = new(tokens, settings);
    private readonly SyscallParser _syscalls = new(tokens);
    private readonly CodeNames _names = new();
    private readonly List<ScriptEvent> _events = [];
    private CommandAction? _init;
    private CommandAction? _cleanup;

    /// <summary>The commands around the events, and the events.</summary>
    public (CommandAction? Init, IReadOnlyList<ScriptEvent> Events, CommandAction? Cleanup) Read()
    {
        while (tokens.Current.Kind != TokenKind.End)
        {
            var begin = tokens.Current;
            try
            {
                ReadStatement();
            }
            catch (ScriptSyntaxException error)
            {
                faults.Add(error);
                SkipStatement(begin);
            }
        }

        if (_events.Count == 0 && faults.Count == 0) faults.Add(tokens.Current.Position, "the script has no events");
        CheckOrder();
        return (_init, _events, _cleanup);
    }

    private void ReadStatement()
    {
        if (_cleanup is not null && tokens.Current.Kind != TokenKind.Command)
            throw new ScriptSyntaxException(tokens.Current.Position, "only the last command of a script may be without a time");
        switch (tokens.Current.Kind)
        {
            case TokenKind.Option: throw new ScriptSyntaxException(tokens.Current.Position, "options must come before everything else");
            case TokenKind.Command: ReadUntimedCommand(); break;
            default: _events.Add(ReadEvent()); break;
        }
    }

    private void ReadUntimedCommand()
    {
        var position = tokens.Current.Position;
        var command = ReadCommand();
        if (_events.Count > 0 && _cleanup is null) _cleanup = command;
        else if (_events.Count == 0 && _init is null) _init = command;
        else throw new ScriptSyntaxException(position, "a second command needs a time: +0 `...`");
    }

    private ScriptEvent ReadEvent()
    {
        var position = tokens.Current.Position;
        var time = EventTimeParser.Read(tokens);
        ScriptAction action = tokens.Current switch
        {
            { Kind: TokenKind.Command } => ReadCommand(),
            { Kind: TokenKind.Code } => ReadCode(),
            { Kind: TokenKind.Word or TokenKind.Ellipsis } => _syscalls.Read(time, position),
            var token when token.Is('<') || token.Is('>') => new PacketAction(_packets.Read()),
            _ => throw tokens.Unexpected("a packet (< or >), a system call, `command` or %{ code }%"),
        };
        if (time.Kind != EventTimeKind.Any && !time.IsRange) return new ScriptEvent(time, action, position);
        if (action is PacketAction { Packet.Direction: PacketDirection.Outbound }) return new ScriptEvent(time, action, position);
        throw new ScriptSyntaxException(
            position, (time.IsRange ? "a range of times" : "the time *") + " can only be used with an outbound packet (>)");
    }

    private CommandAction ReadCommand() => new(ShellParser.Parse(tokens.Take(), faults));

    private CodeAction ReadCode() => new(CodeParser.Parse(tokens.Take(), _names, faults));

    /// <summary>Goes on at the next line that begins as an event does.</summary>
    private void SkipStatement(Token begin)
    {
        if (tokens.Current == begin) tokens.Take();
        while (tokens.Current.Kind != TokenKind.End && !IsEventStart(tokens.Current)) tokens.Take();
    }

    private static bool IsEventStart(Token token) => token.IsFirstOnLine
        && (token.Kind is TokenKind.Integer or TokenKind.Float or TokenKind.Command || token.Is('+') || token.Is('*'));

    /// <summary>Absolute times must not go backwards, and the first is zero (packetdrill: <c>get_next_event</c>).</summary>
    private void CheckOrder()
    {
        if (_events is [{ Time.Start.Nanoseconds: not 0 } first, ..]) faults.Add(first.Position, "the first event must be at time 0");
        for (var i = 1; i < _events.Count; i++)
        {
            var (before, after) = (_events[i - 1].Time, _events[i].Time);
            if (IsAbsolute(before) && IsAbsolute(after) && after.Start < before.Start)
                faults.Add(_events[i].Position,
                    $"time goes backwards, from {before.Start.Seconds:0.######} s to {after.Start.Seconds:0.######} s");
        }
    }

    private static bool IsAbsolute(EventTime time) => time.Kind is EventTimeKind.Absolute or EventTimeKind.AbsoluteRange;
}
