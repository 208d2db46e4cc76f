namespace NetActors.Script.Code;

/// <summary>Runs blocks of code; variables that one block sets are there in the next, as in packetdrill's one Python program.</summary>
internal sealed class CodeRunner
{
    private readonly List<string> _printed = [];

    /// <summary>Only the constants are known.</summary>
    public CodeRunner()
    {
        foreach (var (name, value) in CodeNames.Constants) Variables[name] = new CodeInteger(value);
    }

    /// <summary>What names mean now.</summary>
    public Dictionary<string, CodeValue> Variables { get; } = new(StringComparer.Ordinal);

    /// <summary>What <c>print()</c> has written, a line each.</summary>
    public IReadOnlyList<string> Printed => _printed;

    /// <summary>Runs a block.</summary>
    /// <exception cref="CodeErrorException">An assertion does not hold, or a statement cannot be run.</exception>
    public void Run(CodeProgram program)
    {
        foreach (var statement in program.Statements) Run(statement);
    }

    private void Run(CodeStatement statement)
    {
        switch (statement)
        {
            case AssignCode assign: Variables[assign.Name] = Evaluate(assign.Value); break;
            case EvaluateCode evaluate: Evaluate(evaluate.Value); break;
            case AssertCode assert when !Evaluate(assert.Test).IsTrue: throw Failed(assert);
        }
    }

    /// <summary>The assertion, its message, and what the names in it stand for.</summary>
    private CodeErrorException Failed(AssertCode assert)
    {
        var names = new List<string>();
        CollectNames(assert.Test, names);
        var values = string.Join(", ", names.Distinct().Select(name => $"{name} = {Variables[name].Representation}"));
        var message = assert.Message is null ? "" : $": {Evaluate(assert.Message).Text}";
        return new CodeErrorException(assert.Position, $"{assert.Text} failed{message}{(values.Length == 0 ? "" : $" ({values})")}");
    }

    private static void CollectNames(CodeExpression expression, List<string> names)
    {
        switch (expression)
        {
            case NameCode name: names.Add(name.Name); break;
            case UnaryCode unary: CollectNames(unary.Operand, names); break;
            case BinaryCode binary: CollectAll([binary.Left, binary.Right], names); break;
            case LogicalCode logical: CollectAll([logical.Left, logical.Right], names); break;
            case CompareCode compare: CollectAll([compare.First, .. compare.Rest.Select(static item => item.Operand)], names); break;
            case CallCode call: CollectAll(call.Arguments, names); break;
            case SequenceCode sequence: CollectAll(sequence.Items, names); break;
        }
    }

    private static void CollectAll(IEnumerable<CodeExpression> expressions, List<string> names)
    {
        foreach (var expression in expressions) CollectNames(expression, names);
    }

    private CodeValue Evaluate(CodeExpression expression) => expression switch
    {
        LiteralCode literal => literal.Value,
        NameCode name => Variables.TryGetValue(name.Name, out var value)
            ? value
            : throw new CodeErrorException(name.Position, $"the stack does not say '{name.Name}'"),
        UnaryCode unary => Unary(unary),
        BinaryCode binary => CodeArithmetic.Apply(binary.Operator, Evaluate(binary.Left), Evaluate(binary.Right), binary.Position),
        LogicalCode logical => Evaluate(logical.Left) is var left && left.IsTrue == logical.IsAnd ? Evaluate(logical.Right) : left,
        CompareCode compare => new CodeBoolean(Compare(compare)),
        CallCode call => CodeFunctions.Call(call, [.. call.Arguments.Select(Evaluate)], _printed),
        SequenceCode sequence => new CodeSequence([.. sequence.Items.Select(Evaluate)], sequence.IsTuple),
        _ => throw new InvalidOperationException($"no such expression: {expression.GetType().Name}"),
    };

    private CodeValue Unary(UnaryCode unary)
    {
        var value = Evaluate(unary.Operand);
        if (unary.Operator == "not") return new CodeBoolean(!value.IsTrue);
        if (CodeArithmetic.AsInteger(value) is { } integer) return unary.Operator switch
        {
            "-" => new CodeInteger(-integer),
            "~" => new CodeInteger(~integer),
            _ => new CodeInteger(integer),
        };
        if (value is CodeFloat number && unary.Operator != "~") return unary.Operator == "-" ? new CodeFloat(-number.Value) : number;
        throw new CodeErrorException(unary.Position, $"'{unary.Operator}' is not defined for {value.TypeName}");
    }

    private bool Compare(CompareCode compare)
    {
        var left = Evaluate(compare.First);
        foreach (var (name, operand) in compare.Rest)
        {
            var right = Evaluate(operand);
            if (!Holds(name, left, right, operand.Position)) return false;
            left = right;
        }

        return true;
    }

    private static bool Holds(string name, CodeValue left, CodeValue right, ScriptPosition position) => name switch
    {
        "==" => CodeArithmetic.AreEqual(left, right),
        "!=" => !CodeArithmetic.AreEqual(left, right),
        "in" => IsIn(left, right, position),
        "not in" => !IsIn(left, right, position),
        "<" => CodeArithmetic.Compare(name, left, right, position) < 0,
        "<=" => CodeArithmetic.Compare(name, left, right, position) <= 0,
        ">" => CodeArithmetic.Compare(name, left, right, position) > 0,
        _ => CodeArithmetic.Compare(name, left, right, position) >= 0,
    };

    private static bool IsIn(CodeValue item, CodeValue container, ScriptPosition position) => (item, container) switch
    {
        (_, CodeSequence sequence) => sequence.Items.Any(other => CodeArithmetic.AreEqual(item, other)),
        (CodeText part, CodeText whole) => whole.Value.Contains(part.Value, StringComparison.Ordinal),
        _ => throw new CodeErrorException(position, $"'in' is not defined for {container.TypeName}"),
    };
}
