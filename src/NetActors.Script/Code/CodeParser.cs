using NetActors.Scenarios.Reading;
using NetActors.Script.Parsing;

namespace NetActors.Script.Code;

/// <summary>
/// Reads the part of Python that assertions use: assert, assignment, print; comparisons in chains, and/or/not/in, arithmetic, bit
/// operations, abs/min/max/int/float/round. Anything else is refused by its name.
/// </summary>
internal sealed class CodeParser
{
    /// <summary>The built-in functions.</summary>
    public static readonly string[] Functions = ["abs", "min", "max", "print", "int", "float", "round", "len", "str"];

    private static readonly string[] Refused =
    [
        "if", "elif", "else", "for", "while", "def", "class", "import", "from", "return", "lambda", "try", "except", "with", "raise",
        "global", "del", "yield", "async", "await", "pass", "break", "continue", "nonlocal", "is",
    ];

    private readonly string _code;
    private readonly IReadOnlyList<CodeToken> _tokens;
    private readonly CodeNames _names;
    private int _next;
    private int _depth;

    private CodeParser(string code, IReadOnlyList<CodeToken> tokens, CodeNames names) => (_code, _tokens, _names) = (code, tokens, names);

    private CodeToken Current => _tokens[_next];

    /// <summary>Reads a block of code.</summary>
    /// <param name="token">The block.</param>
    /// <param name="names">What is known; the block's assignments are added.</param>
    /// <param name="faults">Takes what is wrong, one fault a statement.</param>
    public static CodeProgram Parse(Token token, CodeNames names, ScriptFaults faults)
    {
        var statements = new List<CodeStatement>();
        try
        {
            var parser = new CodeParser(token.Text, new CodeLexer(token.Text, token.Content).Read(), names);
            while (parser.Current.Kind != CodeTokenKind.End) parser.ReadStatement(statements, faults);
        }
        catch (ScriptSyntaxException error)
        {
            faults.Add(error); // no token: what follows cannot be read
        }

        return new CodeProgram(token.Text.Trim(), statements, token.Position);
    }

    private void ReadStatement(List<CodeStatement> statements, ScriptFaults faults)
    {
        if (TakeIf(CodeTokenKind.Separator)) return;
        try
        {
            statements.Add(ReadSimple());
            if (Current.Kind is not (CodeTokenKind.Separator or CodeTokenKind.End)) throw Unexpected("the end of the statement");
        }
        catch (ScriptSyntaxException error)
        {
            faults.Add(error);
            while (Current.Kind is not (CodeTokenKind.Separator or CodeTokenKind.End)) _next++;
        }
    }

    private CodeStatement ReadSimple()
    {
        var first = Current;
        if (TakeIf("assert"))
        {
            var test = ReadExpression();
            var message = TakeIf(",") ? ReadExpression() : null;
            return new AssertCode(test, message, first.Position, TextFrom(first));
        }

        if (first.Kind == CodeTokenKind.Name && _tokens[Math.Min(_next + 1, _tokens.Count - 1)].Is("=")) return ReadAssignment(first);
        return new EvaluateCode(ReadExpression(), first.Position, TextFrom(first));
    }

    private AssignCode ReadAssignment(CodeToken name)
    {
        if (_names.Contains(name.Text) && !_names.IsAssigned(name.Text))
            throw new ScriptSyntaxException(name.Position, $"'{name.Text}' is read from the socket and cannot be assigned");
        _next += 2;
        var value = ReadExpression();
        _names.Assign(name.Text);
        return new AssignCode(name.Text, value, name.Position, TextFrom(name));
    }

    private string TextFrom(CodeToken first) => _code[first.Start.._tokens[_next - 1].End];

    private CodeExpression ReadExpression()
    {
        const int DeepestNesting = 64;
        if (_depth == DeepestNesting) throw new ScriptSyntaxException(Current.Position, "the expression is nested too deep");
        _depth++;
        var left = ReadAnd();
        while (TakeIf("or")) left = new LogicalCode(false, left, ReadAnd(), left.Position);
        _depth--;
        return left;
    }

    private CodeExpression ReadAnd()
    {
        var left = ReadNot();
        while (TakeIf("and")) left = new LogicalCode(true, left, ReadNot(), left.Position);
        return left;
    }

    private CodeExpression ReadNot()
    {
        var position = Current.Position;
        return TakeIf("not") ? new UnaryCode("not", ReadNot(), position) : ReadComparison();
    }

    private CodeExpression ReadComparison()
    {
        var first = ReadBinary(0);
        var rest = new List<(string, CodeExpression)>();
        while (TakeComparison() is { } comparison) rest.Add((comparison, ReadBinary(0)));
        return rest.Count == 0 ? first : new CompareCode(first, rest, first.Position);
    }

    private string? TakeComparison()
    {
        foreach (var comparison in (ReadOnlySpan<string>)["==", "!=", "<=", ">=", "<", ">", "in"])
            if (TakeIf(comparison)) return comparison;
        if (!Current.Is("not")) return null;
        _next++;
        return TakeIf("in") ? "not in" : throw Unexpected("'in' behind 'not'");
    }

    /// <summary>Binary operators from the loosest (0) to the tightest.</summary>
    private CodeExpression ReadBinary(int level)
    {
        string[][] levels = [["|"], ["^"], ["&"], ["<<", ">>"], ["+", "-"], ["*", "//", "/", "%"]];
        if (level == levels.Length) return ReadUnary();
        var left = ReadBinary(level + 1);
        while (Array.Find(levels[level], Current.Is) is { } found)
        {
            var position = Current.Position;
            _next++;
            left = new BinaryCode(found, left, ReadBinary(level + 1), position);
        }

        return left;
    }

    private CodeExpression ReadUnary()
    {
        var token = Current;
        if (!TakeIf("-") && !TakeIf("+") && !TakeIf("~")) return ReadPower();
        if (++_depth > 64) throw new ScriptSyntaxException(token.Position, "the expression is nested too deep");
        var operand = ReadUnary();
        _depth--;
        return new UnaryCode(token.Text, operand, token.Position);
    }

    private CodeExpression ReadPower()
    {
        var operand = ReadOperand();
        var position = Current.Position;
        return TakeIf("**") ? new BinaryCode("**", operand, ReadUnary(), position) : operand;
    }

    private CodeExpression ReadOperand()
    {
        var token = Current;
        switch (token.Kind)
        {
            case CodeTokenKind.Literal:
                _next++;
                return new LiteralCode(token.Value!, token.Position);
            case CodeTokenKind.Name: return ReadName();
        }

        if (TakeIf("(")) return ReadParenthesis(token.Position);
        if (TakeIf("[")) return new SequenceCode(ReadItems("]"), false, token.Position);
        throw Unexpected("a value");
    }

    private CodeExpression ReadName()
    {
        var token = Current;
        _next++;
        switch (token.Text)
        {
            case "True": return new LiteralCode(new CodeBoolean(true), token.Position);
            case "False": return new LiteralCode(new CodeBoolean(false), token.Position);
            case "None": return new LiteralCode(CodeNone.Instance, token.Position);
        }

        if (Array.IndexOf(Refused, token.Text) >= 0)
            throw new ScriptSyntaxException(token.Position, $"Python's '{token.Text}' is not supported in %{{ }}%");
        if (TakeIf("("))
        {
            if (Array.IndexOf(Functions, token.Text) < 0) throw new ScriptSyntaxException(
                token.Position, $"the function {token.Text}() is not supported in %{{ }}%", NearestName.Of(token.Text, Functions));
            return new CallCode(token.Text, ReadItems(")"), token.Position);
        }

        return _names.Contains(token.Text)
            ? new NameCode(token.Text, token.Position)
            : throw new ScriptSyntaxException(token.Position, $"unknown name '{token.Text}' in %{{ }}%",
                NearestName.Of(token.Text, _names.All));
    }

    private CodeExpression ReadParenthesis(ScriptPosition position)
    {
        if (TakeIf(")")) return new SequenceCode([], true, position);
        var first = ReadExpression();
        if (TakeIf(")")) return first;
        if (!TakeIf(",")) throw Unexpected("')'");
        return new SequenceCode([first, .. ReadItems(")")], true, position);
    }

    private List<CodeExpression> ReadItems(string close)
    {
        var items = new List<CodeExpression>();
        while (!TakeIf(close))
        {
            items.Add(ReadExpression());
            if (!TakeIf(",") && !Current.Is(close)) throw Unexpected($"',' or '{close}'");
        }

        return items;
    }

    private bool TakeIf(string text)
    {
        if (!Current.Is(text)) return false;
        _next++;
        return true;
    }

    private bool TakeIf(CodeTokenKind kind)
    {
        if (Current.Kind != kind) return false;
        _next++;
        return true;
    }

    private ScriptSyntaxException Unexpected(string expected) => new(Current.Position, $"expected {expected} in %{{ }}%, found {Current}");
}
