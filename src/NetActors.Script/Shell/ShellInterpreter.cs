using System.Globalization;
using System.Text;
using NetActors.Script.Parsing;
using NetActors.Sockets;

namespace NetActors.Script.Shell;

/// <summary>Runs shell commands against a host. Files that commands write are kept here and touch no disk.</summary>
/// <param name="host">What the commands act on.</param>
/// <param name="files">Where the files are that they run.</param>
public sealed class ShellInterpreter(IScriptHostCommands host, IScriptFiles files)
{
    /// <summary>The process id that packetdrill's children see as their parent's.</summary>
    internal const string ParentProcess = "1";

    private const int DeepestNesting = 16;
    private const int NotFound = 127;
    private const int MostCommands = 100_000; // of a whole script: loops in loops, and files that run themselves twice, grow fast
    private const int LongestText = 1 << 20; // of a variable or a written file
    private readonly Dictionary<string,
        string> _variables = new(StringComparer.Ordinal) { ["PPID"] = ParentProcess, ["PACKETDRILL_PID"] = ParentProcess };
    private readonly Dictionary<string, string> _written = new(StringComparer.Ordinal);
    private readonly ShellCommands _commands = new(host);
    private IReadOnlyList<string> _arguments = ["sh"];
    private int _status;
    private int _depth;
    private int _commandsRun;
    private bool _stopsOnError;

    /// <summary>Runs a command in a shell of its own, as <c>sh -c</c> does.</summary>
    public ShellResult Run(ShellProgram program)
    {
        ArgumentNullException.ThrowIfNull(program);
        var streams = new ShellStreams();
        (_status, _stopsOnError) = (0, false);
        try
        {
            RunList(program.Body, streams);
        }
        catch (ShellExitException exit)
        {
            _status = exit.Status;
        }

        return new ShellResult(_status, streams.Output.ToString(), streams.Errors.ToString());
    }

    /// <summary>Runs a command line that somebody outside of a script has given.</summary>
    public ShellResult RunLine(string line)
    {
        var faults = new ScriptFaults("sh");
        return ShellParser.ParseFile(line, faults) is { } program ? Run(program) : ShellResult.Fail($"sh: {faults.First}", NotFound);
    }

    private void RunList(ShellList list, ShellStreams streams)
    {
        foreach (var item in list.Items)
        {
            RunPipeline(item.First, streams);
            var last = item.First;
            foreach (var (isAnd, next) in item.Rest)
            {
                if (_status == 0 != isAnd) continue;
                RunPipeline(next, streams);
                last = next;
            }

            var isChecked = item.Rest.Count > 0 && !ReferenceEquals(last, item.Rest[^1].Next);
            if (_stopsOnError && _status != 0 && !isChecked && !last.IsNegated) throw new ShellExitException(_status);
        }
    }

    private void RunPipeline(ShellPipeline pipeline, ShellStreams streams)
    {
        var input = streams.Input;
        for (var i = 0; i < pipeline.Commands.Count; i++)
        {
            var isLast = i == pipeline.Commands.Count - 1;
            var output = isLast ? streams.Output : new StringBuilder();
            RunCommand(pipeline.Commands[i], streams with { Input = input, Output = output });
            if (!isLast) input = output.ToString();
        }

        if (pipeline.IsNegated) _status = _status == 0 ? 1 : 0;
    }

    private void RunCommand(ShellCommand command, ShellStreams streams)
    {
        switch (command)
        {
            case SimpleShellCommand simple: RunSimple(simple, streams); break;
            case ForShellCommand loop: RunFor(loop, streams); break;
            case IfShellCommand choice: RunIf(choice, streams); break;
        }
    }

    private void RunFor(ForShellCommand loop, ShellStreams streams)
    {
        _status = 0;
        foreach (var value in loop.Words.SelectMany(word => Expand(word, streams)).ToArray())
        {
            _variables[loop.Name] = value;
            RunList(loop.Body, streams);
        }
    }

    private void RunIf(IfShellCommand choice, ShellStreams streams)
    {
        foreach (var (test, body) in choice.Branches)
        {
            var stops = _stopsOnError;
            _stopsOnError = false; // a test may fail
            RunList(test, streams);
            _stopsOnError = stops;
            if (_status != 0) continue;
            RunList(body, streams);
            return;
        }

        _status = 0;
        if (choice.Otherwise is { } otherwise) RunList(otherwise, streams);
    }

    private void RunSimple(SimpleShellCommand command, ShellStreams streams)
    {
        if (++_commandsRun > MostCommands) throw new ScriptEndlessException($"the shell has run {MostCommands} commands: this has no end");
        var words = command.Words.SelectMany(word => Expand(word, streams)).ToArray();
        foreach (var (name, value) in command.Assignments) _variables[name] = Bounded(string.Concat(Expand(value, streams)));
        var result = words.Length == 0 ? ShellResult.Success : RunWords(words, streams, command.Position);
        _status = result.Status;
        Deliver(result, command.Redirections, streams);
    }

    private ShellResult RunWords(string[] words, ShellStreams streams, ScriptPosition position)
    {
        var arguments = words[1..];
        switch (words[0])
        {
            case "exit":
                throw new ShellExitException(arguments is [var text, ..]
                && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var status) ? status & 0xFF : _status);
            case "set": return Set(arguments);
            case "export": return Export(arguments);
            case "." or "source" or "sh" or "bash" when arguments.Length > 0: return RunFile(arguments[0], arguments[1..], streams);
            case "cat": return Cat(arguments, streams.Input);
        }

        if (words[0].EndsWith("/set_sysctls.py", StringComparison.Ordinal)) return SetSysctlsScript.Run(host, arguments, _written);
        if (words[0].Contains('/', StringComparison.Ordinal)) return RunFile(words[0], arguments, streams);
        return _commands.Run(words[0], arguments, streams.Input)
            ?? ShellResult.Fail($"{position}: the shell command '{words[0]}' is not supported", NotFound);
    }

    private ShellResult Set(string[] options)
    {
        if (Array.Find(options, static option => option is not ("-e" or "+e" or "-u" or "+u")) is { } wrong)
            return ShellResult.Fail($"the shell's 'set {wrong}' is not supported", 2);
        foreach (var option in options) if (option[1] == 'e') _stopsOnError = option[0] == '-';
        return ShellResult.Success;
    }

    private ShellResult Export(string[] names)
    {
        foreach (var name in names)
            if (name.IndexOf('=', StringComparison.Ordinal) is > 0 and var equals) _variables[name[..equals]] = name[(equals + 1)..];
        return ShellResult.Success;
    }

    private ShellResult Cat(string[] paths, string input)
    {
        if (paths.Length == 0) return ShellResult.Say(input);
        var all = new StringBuilder();
        foreach (var path in paths)
        {
            if (_written.TryGetValue(path, out var text) || ProcFiles.TryRead(host, path, out text)
                || files.TryRead(path, out text)) all.Append(text);
            else return ShellResult.Fail($"cat: {path}: No such file or directory");
        }

        return ShellResult.Say(all.ToString());
    }

    private ShellResult RunFile(string path, string[] arguments, ShellStreams streams)
    {
        if (!_written.TryGetValue(path, out var text) && !files.TryRead(path, out text))
            return ShellResult.Fail($"sh: {path}: No such file or directory", NotFound);
        if (text.StartsWith("#!", StringComparison.Ordinal)
            && !text.AsSpan(0, Math.Max(0, text.IndexOf('\n', StringComparison.Ordinal))).TrimEnd().EndsWith("sh"))
            return ShellResult.Fail($"{path}: only shell scripts can be run", 126);
        var faults = new ScriptFaults(path);
        if (ShellParser.ParseFile(text, faults) is not { } program) return ShellResult.Fail(faults.Sorted()[0].ToString(), 2);
        if (_depth == DeepestNesting) return ShellResult.Fail($"{path}: scripts are nested too deep", 126);
        var (outer, stops) = (_arguments, _stopsOnError);
        (_arguments, _stopsOnError) = ([path, .. arguments], false);
        _depth++;
        var inner = new ShellStreams { Input = streams.Input };
        try
        {
            RunList(program.Body, inner);
        }
        catch (ShellExitException exit)
        {
            _status = exit.Status;
        }
        finally
        {
            _depth--;
            (_arguments, _stopsOnError) = (outer, stops);
        }

        return new ShellResult(_status, inner.Output.ToString(), inner.Errors.ToString());
    }

    /// <summary>Sends outputs where the redirections say, left to right.</summary>
    private void Deliver(ShellResult result, IReadOnlyList<ShellRedirection> redirections, ShellStreams streams)
    {
        Action<string> output = text => streams.Output.Append(text);
        Action<string> errors = text => streams.Errors.Append(text);
        foreach (var redirection in redirections)
        {
            var target = redirection.Target is { } word ? FileWriter(string.Concat(Expand(word, streams)), redirection.Appends, streams)
                : null;
            target ??= redirection.Duplicate == 2 ? errors : output;
            if (redirection.Descriptor is 1 or -1) output = target;
            if (redirection.Descriptor is 2 or -1) errors = target;
        }

        output(result.Output);
        errors(result.Errors);
    }

    private Action<string> FileWriter(string path, bool appends, ShellStreams streams)
    {
        if (path == "/dev/null") return static _ => { };
        if (ProcFiles.SysctlName(path) is { } name) return text => WriteSysctl(name, text, streams);
        _written[path] = appends ? _written.GetValueOrDefault(path, "") : "";
        return text => _written[path] = Bounded(_written[path] + text);
    }

    private static string Bounded(string text) => text.Length <= LongestText
        ? text
        : throw new ScriptEndlessException($"the shell holds a text of more than {LongestText} characters: this has no end");

    private void WriteSysctl(string name, string text, ShellStreams streams)
    {
        if (text.Length == 0 || host.SetSysctl(name, text.TrimEnd('\n')) is var error && error == Errno.None) return;
        streams.Errors.Append(CultureInfo.InvariantCulture, $"sh: cannot write {name}: {error}\n");
        _status = 1;
    }

    private IEnumerable<string> Expand(ShellWord word, ShellStreams streams) =>
        new ShellExpander(part => Value(part, streams)).Expand(word);

    private string Value(ShellPart part, ShellStreams streams) => part switch
    {
        LiteralPart literal => literal.Text,
        VariablePart variable => Variable(variable.Name),
        ArithmeticPart arithmetic => ShellArithmetic.Evaluate(arithmetic.Expression, Variable).ToString(CultureInfo.InvariantCulture),
        SubstitutionPart substitution => Substitute(substitution.Body, streams),
        _ => "",
    };

    private string Substitute(ShellList body, ShellStreams streams)
    {
        var inner = new ShellStreams { Errors = streams.Errors };
        RunList(body, inner);
        return inner.Output.ToString().TrimEnd('\n');
    }

    private string Variable(string name) => name switch
    {
        "?" => _status.ToString(CultureInfo.InvariantCulture),
        "$" => "2",
        "#" => (_arguments.Count - 1).ToString(CultureInfo.InvariantCulture),
        "@" or "*" => string.Join(' ', _arguments.Skip(1)),
        [>= '0' and <= '9'] => _arguments.ElementAtOrDefault(name[0] - '0') ?? "",
        _ => _variables.GetValueOrDefault(name, ""),
    };
}
