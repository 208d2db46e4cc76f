using NetActors.Scenarios.Reading;
using NetActors.Script.Parsing;

namespace NetActors.Script.Shell;

/// <summary>
/// Reads the part of POSIX sh that scripts use: lists, pipelines, &amp;&amp; and ||, for over words, if, redirections. Anything else, and
/// any command that nothing here stands for, is refused by its name.
/// </summary>
internal sealed class ShellParser
{
    private static readonly string[] Refused = ["while", "until", "case", "function", "select", "[[", "{", "(", "&", "<<", ";;", "time",
        "coproc"];

    private const int DeepestNesting = 32;
    private readonly ShellLexer _lexer;
    private ShellToken _current;
    private int _depth;

    /// <summary>Reads <paramref name="text"/>, which begins at <paramref name="start"/> of a file, inside so many others.</summary>
    public ShellParser(string text, ScriptPosition start, int depth = 0)
    {
        if (depth > DeepestNesting) throw TooDeep(start); // the first word may hold the next $(
        _depth = depth;
        _lexer = new ShellLexer(text, start, depth);
        _current = _lexer.Next();
    }

    /// <summary>Reads a command of a script.</summary>
    public static ShellProgram Parse(Token token, ScriptFaults faults)
    {
        try
        {
            return new ShellProgram(token.Text.Trim(), new ShellParser(token.Text, token.Content).ReadAll(), token.Position);
        }
        catch (ScriptSyntaxException error)
        {
            faults.Add(error);
            return new ShellProgram(token.Text.Trim(), new ShellList([]), token.Position);
        }
    }

    /// <summary>Reads a settings file such as <c>defaults.sh</c>; null when something in it is wrong.</summary>
    public static ShellProgram? ParseFile(string text, ScriptFaults faults)
    {
        try
        {
            return new ShellProgram(text, new ShellParser(text, new ScriptPosition(1, 1)).ReadAll(), new ScriptPosition(1, 1));
        }
        catch (ScriptSyntaxException error)
        {
            faults.Add(error);
            return null;
        }
    }

    /// <summary>Reads to the end.</summary>
    public ShellList ReadAll()
    {
        var list = ReadList();
        return _current.IsEnd ? list : throw Unexpected("a command");
    }

    private void Take() => _current = _lexer.Next();

    private bool TryTake(string text)
    {
        if (!_current.Is(text)) return false;
        Take();
        return true;
    }

    private void Expect(string text)
    {
        if (!TryTake(text)) throw Unexpected($"'{text}'");
    }

    private void SkipSeparators()
    {
        while (TryTake("\n") || TryTake(";")) { }
    }

    private ShellList ReadList(params ReadOnlySpan<string> ends)
    {
        var items = new List<ShellAndOr>();
        SkipSeparators();
        while (!_current.IsEnd && !IsOneOf(ends))
        {
            items.Add(ReadAndOr());
            if (!_current.IsEnd && !_current.Is("\n") && !_current.Is(";")
                && !IsOneOf(ends)) throw Refusal() ?? Unexpected("the end of the command");
            SkipSeparators();
        }

        return new ShellList(items);
    }

    private bool IsOneOf(ReadOnlySpan<string> words)
    {
        foreach (var word in words)
            if (_current.Is(word)) return true;
        return false;
    }

    private ShellAndOr ReadAndOr()
    {
        var first = ReadPipeline();
        var rest = new List<(bool, ShellPipeline)>();
        while (_current.Is("&&") || _current.Is("||"))
        {
            var isAnd = _current.Is("&&");
            Take();
            while (TryTake("\n")) { }
            rest.Add((isAnd, ReadPipeline()));
        }

        return new ShellAndOr(first, rest);
    }

    private ShellPipeline ReadPipeline()
    {
        var isNegated = TryTake("!");
        var commands = new List<ShellCommand> { ReadCommand() };
        while (TryTake("|"))
        {
            while (TryTake("\n")) { }
            commands.Add(ReadCommand());
        }

        return new ShellPipeline(commands, isNegated);
    }

    private ShellCommand ReadCommand()
    {
        var position = _current.Position;
        if (Refusal() is { } refusal) throw refusal;
        if (++_depth > DeepestNesting) throw TooDeep(position);
        var command = TryTake("for") ? ReadFor(position) : TryTake("if") ? ReadIf(position) : ReadSimple(position) as ShellCommand;
        _depth--;
        return command;
    }

    private ForShellCommand ReadFor(ScriptPosition position)
    {
        var name = _current.Word?.Plain ?? throw Unexpected("the name of a variable behind 'for'");
        Take();
        Expect("in");
        var words = new List<ShellWord>();
        for (; _current.Word is { } word; Take()) words.Add(word);
        SkipSeparators();
        Expect("do");
        var body = ReadList("done");
        Expect("done");
        return new ForShellCommand(name, words, body, position);
    }

    private IfShellCommand ReadIf(ScriptPosition position)
    {
        var branches = new List<(ShellList, ShellList)>();
        do
        {
            var test = ReadList("then");
            Expect("then");
            branches.Add((test, ReadList("elif", "else", "fi")));
        }
        while (TryTake("elif"));
        var otherwise = TryTake("else") ? ReadList("fi") : null;
        Expect("fi");
        return new IfShellCommand(branches, otherwise, position);
    }

    private SimpleShellCommand ReadSimple(ScriptPosition position)
    {
        var assignments = new List<(string, ShellWord)>();
        var words = new List<ShellWord>();
        var redirections = new List<ShellRedirection>();
        while (true)
        {
            if (TryReadRedirection(redirections)) continue;
            if (_current.Word is not { } word) break;
            if (words.Count == 0 && Assignment(word) is { } assignment) assignments.Add(assignment);
            else words.Add(word);
            Take();
        }

        if (words.Count + assignments.Count + redirections.Count == 0) throw Unexpected("a command");
        if (words.Count > 0) CheckName(words[0]);
        return new SimpleShellCommand(assignments, words, redirections, position);
    }

    /// <summary>A name that stands for nothing is told while the script is read, before anything runs.</summary>
    private static void CheckName(ShellWord word)
    {
        if (word.Literal is not { } name || name.Contains('/', StringComparison.Ordinal) || ShellCommands.Names.Contains(name)) return;
        throw new ScriptSyntaxException(word.Position, $"the shell command '{name}' is not supported",
            NearestName.Of(name, ShellCommands.Names));
    }

    private static (string, ShellWord)? Assignment(ShellWord word)
    {
        if (word.Parts is not [LiteralPart { IsQuoted: false } first, ..]) return null;
        var equals = first.Text.IndexOf('=', StringComparison.Ordinal);
        if (equals <= 0 || !first.Text.Take(equals).All(static character =>
            char.IsAsciiLetterOrDigit(character) || character == '_')) return null;
        return (first.Text[..equals], new ShellWord([new LiteralPart(first.Text[(equals + 1)..], false), .. word.Parts.Skip(1)],
            word.Position));
    }

    private bool TryReadRedirection(List<ShellRedirection> redirections)
    {
        var descriptor = 1;
        var given = _current.Operator is [>= '0' and <= '9'];
        if (given)
        {
            descriptor = _current.Operator![0] - '0';
            Take();
        }

        var name = _current.Operator;
        if (name is not (">" or ">>" or "<" or ">&" or "&>" or "&>>")) return given ? throw Unexpected("a redirection") : false;
        Take();
        var target = _current.Word ?? throw Unexpected("where the redirection goes to");
        Take();
        if (name == ">&" && target.Literal is [>= '0' and <= '2'] other) redirections.Add(new ShellRedirection(descriptor, null,
            other[0] - '0', false));
        else if (name[0] == '&' || name == ">&") redirections.Add(new ShellRedirection(-1, target, 0, name == "&>>"));
        else redirections.Add(new ShellRedirection(name == "<" ? 0 : descriptor, target, 0, name == ">>"));
        return true;
    }

    private ScriptSyntaxException? Refusal() =>
        Array.Find(Refused, _current.Is) is { } name
            ? new ScriptSyntaxException(_current.Position, $"the shell's '{name}' is not supported") : null;

    private static ScriptSyntaxException TooDeep(ScriptPosition position) => new(position, "the shell command is nested too deep");

    private ScriptSyntaxException Unexpected(string expected) =>
        new(_current.Position, $"expected {expected} in the shell command, found {_current}");
}
