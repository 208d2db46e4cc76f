using System.Globalization;
using System.Text;

namespace NetActors.Script.Code;

/// <summary>Operators with Python's meaning: <c>/</c> always gives a float, <c>//</c> and <c>%</c> round towards minus infinity.</summary>
internal static class CodeArithmetic
{
    /// <summary>A binary operator applied.</summary>
    /// <exception cref="CodeErrorException">The values do not allow it.</exception>
    public static CodeValue Apply(string name, CodeValue left, CodeValue right, ScriptPosition position)
    {
        if (name == "%" && left is CodeText format) return Format(format.Value, right, position);
        if (name == "+" && left is CodeText first && right is CodeText second) return new CodeText(first.Value + second.Value);
        try
        {
            if (AsInteger(left) is { } a && AsInteger(right) is { } b) return Integers(name, a, b, position);
            if (AsNumber(left) is { } x && AsNumber(right) is { } y) return Floats(name, x, y, position)
                ?? throw Unsupported(name, left, right, position);
        }
        catch (OverflowException)
        {
            throw new CodeErrorException(position, $"the result of '{name}' does not fit into 128 bits");
        }

        throw Unsupported(name, left, right, position);
    }

    /// <summary>Left against right: negative, zero, positive.</summary>
    /// <exception cref="CodeErrorException">They have no order.</exception>
    public static int Compare(string name, CodeValue left, CodeValue right, ScriptPosition position)
    {
        if (AsInteger(left) is { } a && AsInteger(right) is { } b) return a.CompareTo(b);
        if (AsNumber(left) is { } x && AsNumber(right) is { } y) return x.CompareTo(y);
        if (left is CodeText first && right is CodeText second) return string.CompareOrdinal(first.Value, second.Value);
        throw Unsupported(name, left, right, position);
    }

    /// <summary>Python's <c>==</c>.</summary>
    public static bool AreEqual(CodeValue left, CodeValue right) => (left, right) switch
    {
        (CodeText a, CodeText b) => a.Value == b.Value,
        (CodeNone, CodeNone) => true,
        (CodeSequence a, CodeSequence b) =>
            a.IsTuple == b.IsTuple && a.Items.Count == b.Items.Count
            && a.Items.Zip(b.Items).All(static pair => AreEqual(pair.First, pair.Second)),
        _ => AsInteger(left) is { } x && AsInteger(right) is { } y
            ? x == y
            : AsNumber(left) is { } u && AsNumber(right) is { } v && u.Equals(v),
    };

    /// <summary>The value as a whole number; null when it is none.</summary>
    public static Int128? AsInteger(CodeValue value) => value switch
    {
        CodeInteger integer => integer.Value,
        CodeBoolean boolean => boolean.Value ? 1 : 0,
        _ => null,
    };

    /// <summary>The value as a float; null when it is no number.</summary>
    public static double? AsNumber(CodeValue value) => value is CodeFloat number ? number.Value : (double?)AsInteger(value);

    private static CodeValue Integers(string name, Int128 a, Int128 b, ScriptPosition position)
    {
        if (b == 0 && (name is "/" or "//" or "%")) throw new CodeErrorException(position, "division by zero");
        if ((name is "<<" or ">>") && (b < 0 || b > 127)) throw new CodeErrorException(position, $"cannot shift by {b}");
        return name switch
        {
            "+" => new CodeInteger(checked(a + b)),
            "-" => new CodeInteger(checked(a - b)),
            "*" => new CodeInteger(checked(a * b)),
            "/" => new CodeFloat((double)a / (double)b),
            "//" => new CodeInteger(FloorDivide(a, b)),
            "%" => new CodeInteger(a - (FloorDivide(a, b) * b)),
            "**" => b < 0 ? new CodeFloat(Math.Pow((double)a, (double)b)) : new CodeInteger(Power(a, b)),
            "&" => new CodeInteger(a & b),
            "|" => new CodeInteger(a | b),
            "^" => new CodeInteger(a ^ b),
            "<<" => new CodeInteger(checked(a * ((Int128)1 << (int)b))),
            _ => new CodeInteger(a >> (int)b),
        };
    }

    private static CodeFloat? Floats(string name, double x, double y, ScriptPosition position)
    {
        if (y == 0 && (name is "/" or "//" or "%")) throw new CodeErrorException(position, "division by zero");
        return name switch
        {
            "+" => new CodeFloat(x + y),
            "-" => new CodeFloat(x - y),
            "*" => new CodeFloat(x * y),
            "/" => new CodeFloat(x / y),
            "//" => new CodeFloat(Math.Floor(x / y)),
            "%" => new CodeFloat(x - (Math.Floor(x / y) * y)),
            "**" => new CodeFloat(Math.Pow(x, y)),
            _ => null,
        };
    }

    private static Int128 FloorDivide(Int128 a, Int128 b)
    {
        var (quotient, rest) = Int128.DivRem(a, b);
        return rest != 0 && Int128.IsNegative(rest) != Int128.IsNegative(b) ? quotient - 1 : quotient;
    }

    private static Int128 Power(Int128 a, Int128 b)
    {
        if (b == 0 || a == 1) return 1;
        if (a == 0 || a == -1) return a == 0 || b % 2 != 0 ? a : 1;
        Int128 result = 1;
        for (var i = (Int128)0; i < b; i++) result = checked(result * a); // overflows after 127 steps at most
        return result;
    }

    /// <summary>Text with <c>%d %i %u %x %f %s %r %%</c>, without widths.</summary>
    private static CodeText Format(string format, CodeValue right, ScriptPosition position)
    {
        var values = right is CodeSequence { IsTuple: true } tuple ? tuple.Items : [right];
        var text = new StringBuilder();
        var used = 0;
        for (var i = 0; i < format.Length; i++)
        {
            if (format[i] != '%') text.Append(format[i]);
            else if (i + 1 < format.Length && format[i + 1] == '%') text.Append(format[++i]);
            else if (++i >= format.Length || used == values.Count) throw new CodeErrorException(position,
                "not enough arguments for format string");
            else text.Append(FormatOne(format[i], values[used++], position));
        }

        return used == values.Count ? new CodeText(text.ToString()) : throw new CodeErrorException(position, "not all arguments converted");
    }

    private static string FormatOne(char letter, CodeValue value, ScriptPosition position) => letter switch
    {
        's' => value.Text,
        'r' => value.Representation,
        'd' or 'i' or 'u' when AsInteger(value) is { } number => number.ToString(CultureInfo.InvariantCulture),
        'd' or 'i' or 'u' when AsNumber(value) is { } number => Math.Truncate(number).ToString("F0", CultureInfo.InvariantCulture),
        'x' when AsInteger(value) is { } number => number.ToString("x", CultureInfo.InvariantCulture),
        'f' when AsNumber(value) is { } number => number.ToString("F6", CultureInfo.InvariantCulture),
        _ => throw new CodeErrorException(position, $"the format %{letter} for {value.TypeName} is not supported"),
    };

    private static CodeErrorException Unsupported(string name, CodeValue left, CodeValue right, ScriptPosition position) =>
        new(position, $"'{name}' is not defined for {left.TypeName} and {right.TypeName}");
}
