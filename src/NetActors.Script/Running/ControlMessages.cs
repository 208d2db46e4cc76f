using System.Buffers.Binary;
using NetActors.Script.Symbols;
using NetActors.Script.Syntax;
using NetActors.Time;

namespace NetActors.Script.Running;

/// <summary>Control messages as x86-64 lays them out: a header of 16 bytes, data, and padding to 8 (include/linux/socket.h).</summary>
internal static class ControlMessages
{
    private const int HeaderSize = 16;
    private const int TimespecSize = 16;
    private const int ExtendedErrorSize = 16;

    /// <summary>The bytes of messages whose data are numbers.</summary>
    public static byte[] Write(Arguments args, ListExpression messages)
    {
        var bytes = new byte[messages.Items.Count * (HeaderSize + 8)];
        var rest = bytes.AsSpan();
        foreach (var item in messages.Items)
        {
            if (item is not CmsgExpression message) throw args.Wrong(item, "{cmsg_level=L, cmsg_type=T, cmsg_data=N}");
            BinaryPrimitives.WriteInt64LittleEndian(rest, HeaderSize + 4);
            BinaryPrimitives.WriteInt32LittleEndian(rest[8..], args.ToInt32(message.Level));
            BinaryPrimitives.WriteInt32LittleEndian(rest[12..], args.ToInt32(message.Type));
            BinaryPrimitives.WriteInt32LittleEndian(rest[HeaderSize..], args.ToInt32(message.Data));
            rest = rest[(HeaderSize + 8)..];
        }

        return bytes;
    }

    /// <summary>Compares what recvmsg() gave with what the script says, message by message; null when it is the same.</summary>
    public static string? Compare(Arguments args, IReadOnlyList<ScriptExpression> expected, ReadOnlySpan<byte> actual, ScriptClock clock,
        KernelTime tolerance)
    {
        foreach (var item in expected)
        {
            if (item is not CmsgExpression message) throw args.Wrong(item, "{cmsg_level=L, cmsg_type=T, cmsg_data=D}");
            if (!TryTake(ref actual, out var level, out var type, out var data))
                return "a control message that the script expects is missing";
            if (level != args.ToInt32(message.Level) || type != args.ToInt32(message.Type))
                return $"control message: expected level {args.ToInt32(message.Level)} type {args.ToInt32(message.Type)}, "
                    + $"actual level {level} type {type}";
            if (CompareData(args, message.Data, data, clock, tolerance) is { } fault) return fault;
        }

        return actual.IsEmpty ? null : "there is a control message that the script does not expect";
    }

    private static bool TryTake(ref ReadOnlySpan<byte> bytes, out int level, out int type, out ReadOnlySpan<byte> data)
    {
        (level, type) = (0, 0);
        data = default;
        if (bytes.Length < HeaderSize) return false;
        var length = BinaryPrimitives.ReadInt64LittleEndian(bytes);
        if (length < HeaderSize || length > bytes.Length) return false;
        (level, type) = (BinaryPrimitives.ReadInt32LittleEndian(bytes[8..]), BinaryPrimitives.ReadInt32LittleEndian(bytes[12..]));
        data = bytes[HeaderSize..(int)length];
        bytes = bytes[Math.Min(bytes.Length, ((int)length + 7) & ~7)..];
        return true;
    }

    private static string? CompareData(Arguments args, ScriptExpression expected, ReadOnlySpan<byte> actual, ScriptClock clock,
        KernelTime tolerance) =>
        expected switch
        {
            EllipsisExpression => null,
            ScmTimestampingExpression time => CompareTime(time, actual, clock, tolerance),
            ExtendedErrorExpression error => CompareError(args, error, actual),
            BraceListExpression attributes => CompareAttributes(args, attributes, actual),
            _ when actual.Length < 4 => "the data of a control message is too short",
            _ => CompareNumber("cmsg_data", args.ToInt32(expected), BinaryPrimitives.ReadInt32LittleEndian(actual)),
        };

    /// <summary>Scripts count the time from their begin; only the first of the three times is compared.</summary>
    private static string? CompareTime(ScmTimestampingExpression expected, ReadOnlySpan<byte> actual, ScriptClock clock,
        KernelTime tolerance)
    {
        if (actual.Length < TimespecSize) return "the data of SCM_TIMESTAMPING is too short";
        var live = KernelTime.FromNanoseconds(
            (BinaryPrimitives.ReadInt64LittleEndian(actual) * 1_000_000_000) + BinaryPrimitives.ReadInt64LittleEndian(actual[8..]));
        var (wanted, found) = (KernelTime.FromNanoseconds((expected.Seconds * 1_000_000_000) + expected.Nanoseconds), clock.ToScript(live));
        return found >= wanted - tolerance && found <= wanted + tolerance
            ? null
            : $"scm_timestamping: expected {ScriptClock.Text(wanted)} s, actual {ScriptClock.Text(found)} s";
    }

    private static string? CompareError(Arguments args, ExtendedErrorExpression expected, ReadOnlySpan<byte> actual)
    {
        if (actual.Length < ExtendedErrorSize) return "the data of an extended error is too short";
        return CompareNumber("ee_errno", args.ToInt32(expected.Errno), BinaryPrimitives.ReadInt32LittleEndian(actual))
            ?? CompareNumber("ee_origin", args.ToInt32(expected.Origin), actual[4])
            ?? CompareNumber("ee_type", args.ToInt32(expected.Type), actual[5])
            ?? CompareNumber("ee_code", args.ToInt32(expected.Code), actual[6])
            ?? CompareNumber("ee_info", args.ToInt32(expected.Info), BinaryPrimitives.ReadInt32LittleEndian(actual[8..]))
            ?? CompareNumber("ee_data", args.ToInt32(expected.Data), BinaryPrimitives.ReadInt32LittleEndian(actual[12..]));
    }

    /// <summary>Netlink attributes (SCM_TIMESTAMPING_OPT_STATS): those that the script names must be there with their values.</summary>
    private static string? CompareAttributes(Arguments args, BraceListExpression expected, ReadOnlySpan<byte> actual)
    {
        var found = new Dictionary<int, long>();
        while (actual.Length >= 4)
        {
            var length = BinaryPrimitives.ReadUInt16LittleEndian(actual);
            if (length < 4 || length > actual.Length) return "the attributes of a control message cannot be read";
            Span<byte> wide = [0, 0, 0, 0, 0, 0, 0, 0];
            actual[4..Math.Min((int)length, 12)].CopyTo(wide);
            found[BinaryPrimitives.ReadUInt16LittleEndian(actual[2..])] = BinaryPrimitives.ReadInt64LittleEndian(wide);
            actual = actual[Math.Min(actual.Length, (length + 3) & ~3)..];
        }

        foreach (var item in expected.Items)
        {
            if (item is not AssignExpression attribute) throw args.Wrong(item, "NAME = value");
            if (!found.TryGetValue((int)attribute.Key, out var value)) return $"{attribute.Name} is missing";
            if (attribute.Value is not EllipsisExpression && args.ToInt64(attribute.Value) is var wanted && wanted != value)
                return $"{attribute.Name}: expected {wanted}, actual {value}";
        }

        return null;
    }

    private static string? CompareNumber(string name, int expected, int actual) =>
        expected == actual ? null : $"{name}: expected {expected}, actual {(name == "ee_errno" ? ErrnoSymbols.Describe(actual) : actual)}";
}
