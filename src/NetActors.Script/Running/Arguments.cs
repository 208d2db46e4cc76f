using System.Buffers.Binary;
using NetActors.Script.Syntax;

namespace NetActors.Script.Running;

/// <summary>Reads the arguments of one system call and says which one is of the wrong kind.</summary>
internal sealed class Arguments(SyscallAction action, ScriptSockets sockets)
{
    /// <summary>The call.</summary>
    public SyscallAction Action => action;

    /// <summary>The argument as it is written.</summary>
    public ScriptExpression this[int index] => action.Arguments[index];

    /// <summary>How many there are.</summary>
    public int Count => action.Arguments.Count;

    /// <summary>True for <c>...</c>.</summary>
    public bool IsEllipsis(int index) => this[index] is EllipsisExpression;

    /// <summary>A number of 32 bits, with a sign or without.</summary>
    public int Int32(int index) => ToInt32(this[index]);

    /// <summary>A number of 64 bits.</summary>
    public long Int64(int index) => ToInt64(this[index]);

    /// <summary>The stack's descriptor for one of the script.</summary>
    public int Fd(int index) => ToFd(this[index]);

    /// <summary>True for <c>...</c>, false for 0, a bad pointer.</summary>
    public bool IsBuffer(int index) => this[index] switch
    {
        EllipsisExpression => true,
        IntegerExpression { Value: 0 } => false,
        var other => throw Wrong(other, "'...', or 0 for a bad pointer"),
    };

    /// <summary>The length of a buffer; none can be negative on the way to the stack.</summary>
    public int Length(int index) =>
        ToInt32(this[index]) is var length and >= 0 ? length : throw Wrong(this[index], "a length of 0 or more");

    /// <summary>The only item of a list.</summary>
    public ScriptExpression Only(int index) =>
        this[index] is ListExpression { Items: [var only] } ? only : throw Wrong(this[index], "a list of one item, such as [1]");

    /// <summary>The items of a list.</summary>
    public IReadOnlyList<ScriptExpression> List(int index) =>
        this[index] is ListExpression list ? list.Items : throw Wrong(this[index], "a list, such as [1]");

    /// <summary>The argument as a structure of a kind.</summary>
    public T Structure<T>(int index, string what)
        where T : ScriptExpression => this[index] as T ?? throw Wrong(this[index], what);

    /// <summary>The value of an expression as a number.</summary>
    public long ToInt64(ScriptExpression expression) => expression switch
    {
        IntegerExpression integer => integer.Value,
        OrExpression or => ToInt64(or.Left) | ToInt64(or.Right),
        _ => throw Wrong(expression, "a number"),
    };

    /// <summary>The value of an expression as a number of 32 bits, with a sign or without.</summary>
    public int ToInt32(ScriptExpression expression) => ToInt64(expression) is var value and >= int.MinValue and <= uint.MaxValue
        ? unchecked((int)value)
        : throw Wrong(expression, "a number of 32 bits");

    /// <summary>The stack's descriptor.</summary>
    public int ToFd(ScriptExpression expression)
    {
        var scriptFd = ToInt32(expression);
        return sockets.TryGetLiveFd(scriptFd, out var liveFd)
            ? liveFd
            : throw new ScriptMismatchException(expression.Position, $"{action.Name}(): the script has no open descriptor {scriptFd}");
    }

    /// <summary>Bytes for setsockopt(); null for a bad pointer.</summary>
    public byte[]? Value(int index)
    {
        switch (this[index])
        {
            case IntegerExpression { Value: 0 }: return null;
            case StringExpression text: return [.. text.Bytes];
            case LingerExpression linger: return LingerBytes(linger);
            case In6AddrExpression address:
                var bytes = new byte[16];
                BinaryPrimitives.WriteUInt128BigEndian(bytes, address.Address);
                return bytes;
            case ListExpression { Items: [var only] }:
                var number = new byte[4];
                BinaryPrimitives.WriteInt32LittleEndian(number, ToInt32(only));
                return number;
            default: throw Wrong(this[index], "[number], \"text\", {onoff=1, linger=2} or inet6_addr(...)");
        }
    }

    /// <summary><c>struct linger</c>.</summary>
    public static byte[] LingerBytes(LingerExpression linger)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, linger.OnOff);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(4), linger.Seconds);
        return bytes;
    }

    /// <summary>The fault of an argument that is something else.</summary>
    public ScriptMismatchException Wrong(ScriptExpression expression, string expected) =>
        new(expression.Position, $"{action.Name}(): expected {expected} here");
}
