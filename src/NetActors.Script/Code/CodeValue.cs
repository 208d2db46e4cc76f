using System.Globalization;

namespace NetActors.Script.Code;

/// <summary>A value of Python.</summary>
internal abstract record CodeValue
{
    /// <summary>What <c>if</c> makes of it.</summary>
    public abstract bool IsTrue { get; }

    /// <summary>What <c>type(x).__name__</c> says.</summary>
    public abstract string TypeName { get; }

    /// <summary>What <c>str()</c> makes of it.</summary>
    public abstract string Text { get; }

    /// <summary>What <c>repr()</c> makes of it.</summary>
    public virtual string Representation => Text;
}

/// <summary>An <c>int</c>; 128 bits are enough for all that <c>struct tcp_info</c> has, with room to multiply.</summary>
/// <param name="Value">The number.</param>
internal sealed record CodeInteger(Int128 Value) : CodeValue
{
    public override bool IsTrue => Value != 0;

    public override string TypeName => "int";

    public override string Text => Value.ToString(CultureInfo.InvariantCulture);
}

/// <summary>A <c>bool</c>.</summary>
/// <param name="Value">The truth.</param>
internal sealed record CodeBoolean(bool Value) : CodeValue
{
    public override bool IsTrue => Value;

    public override string TypeName => "bool";

    public override string Text => Value ? "True" : "False";
}

/// <summary>A <c>float</c>.</summary>
/// <param name="Value">The number.</param>
internal sealed record CodeFloat(double Value) : CodeValue
{
    public override bool IsTrue => Value != 0;

    public override string TypeName => "float";

    public override string Text
    {
        get
        {
            var text = Value.ToString("R", CultureInfo.InvariantCulture);
            return text.AsSpan().ContainsAny('.', 'E') || !double.IsFinite(Value) ? text : text + ".0";
        }
    }
}

/// <summary>A <c>str</c>.</summary>
/// <param name="Value">The text.</param>
internal sealed record CodeText(string Value) : CodeValue
{
    public override bool IsTrue => Value.Length > 0;

    public override string TypeName => "str";

    public override string Text => Value;

    public override string Representation => $"'{Value}'";
}

/// <summary>A <c>tuple</c> or <c>list</c>.</summary>
/// <param name="Items">What it holds.</param>
/// <param name="IsTuple">True for a tuple.</param>
internal sealed record CodeSequence(IReadOnlyList<CodeValue> Items, bool IsTuple) : CodeValue
{
    public override bool IsTrue => Items.Count > 0;

    public override string TypeName => IsTuple ? "tuple" : "list";

    public override string Text
    {
        get
        {
            var inner = string.Join(", ", Items.Select(static item => item.Representation));
            return IsTuple ? $"({inner}{(Items.Count == 1 ? "," : "")})" : $"[{inner}]";
        }
    }
}

/// <summary><c>None</c>.</summary>
internal sealed record CodeNone : CodeValue
{
    public static readonly CodeNone Instance = new();

    public override bool IsTrue => false;

    public override string TypeName => "NoneType";

    public override string Text => "None";
}
