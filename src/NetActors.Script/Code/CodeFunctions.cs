namespace NetActors.Script.Code;

/// <summary>The built-in functions that code may call.</summary>
internal static class CodeFunctions
{
    /// <summary>Calls a function.</summary>
    /// <param name="call">Which, and where.</param>
    /// <param name="arguments">The values it is given.</param>
    /// <param name="printed">Takes what <c>print()</c> writes.</param>
    /// <exception cref="CodeErrorException">It does not take these values.</exception>
    public static CodeValue Call(CallCode call, IReadOnlyList<CodeValue> arguments, List<string> printed)
    {
        switch (call.Function)
        {
            case "print":
                printed.Add(string.Join(' ', arguments.Select(static argument => argument.Text)));
                return CodeNone.Instance;
            case "min": return Extreme(call, arguments, -1);
            case "max": return Extreme(call, arguments, 1);
        }

        if (arguments is not [var value, ..] || arguments.Count > (call.Function == "round" ? 2 : 1)) throw Wrong(call, arguments);
        return call.Function switch
        {
            "abs" when CodeArithmetic.AsInteger(value) is { } integer => new CodeInteger(Int128.Abs(integer)),
            "abs" when value is CodeFloat number => new CodeFloat(Math.Abs(number.Value)),
            "int" when CodeArithmetic.AsInteger(value) is { } integer => new CodeInteger(integer),
            "int" when value is CodeFloat number && double.IsFinite(number.Value) => new CodeInteger((Int128)Math.Truncate(number.Value)),
            "float" when CodeArithmetic.AsNumber(value) is { } number => new CodeFloat(number),
            "round" => Round(call, arguments),
            "len" when value is CodeSequence sequence => new CodeInteger(sequence.Items.Count),
            "len" when value is CodeText text => new CodeInteger(text.Value.Length),
            "str" => new CodeText(value.Text),
            _ => throw Wrong(call, arguments),
        };
    }

    /// <summary>Halves go to the even neighbour, as in Python.</summary>
    private static CodeValue Round(CallCode call, IReadOnlyList<CodeValue> arguments)
    {
        if (CodeArithmetic.AsNumber(arguments[0]) is not { } number) throw Wrong(call, arguments);
        if (arguments.Count == 1) return new CodeInteger((Int128)Math.Round(number, MidpointRounding.ToEven));
        if (CodeArithmetic.AsInteger(arguments[1]) is not { } digits || digits < 0 || digits > 15) throw Wrong(call, arguments);
        return new CodeFloat(Math.Round(number, (int)digits, MidpointRounding.ToEven));
    }

    private static CodeValue Extreme(CallCode call, IReadOnlyList<CodeValue> arguments, int sign)
    {
        var values = arguments is [CodeSequence sequence] ? sequence.Items : arguments;
        if (values.Count == 0) throw Wrong(call, arguments);
        return values.Aggregate((best, next) =>
            sign * CodeArithmetic.Compare(call.Function, next, best, call.Position) > 0 ? next : best);
    }

    private static CodeErrorException Wrong(CallCode call, IReadOnlyList<CodeValue> arguments) =>
        new(call.Position, $"{call.Function}() does not take ({Types(arguments)})");

    private static string Types(IReadOnlyList<CodeValue> arguments) =>
        string.Join(", ", arguments.Select(static argument => argument.TypeName));
}
