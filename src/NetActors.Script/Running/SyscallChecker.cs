using System.Buffers.Binary;
using System.Text;
using NetActors.Script.Symbols;
using NetActors.Script.Syntax;
using NetActors.Script.Wire;
using NetActors.Sockets;

namespace NetActors.Script.Running;

/// <summary>Compares what a system call answered with what the script says, and notes what the script may use from now on.</summary>
internal sealed class SyscallChecker(ScriptSettings settings, ScriptSockets sockets, ScriptClock clock)
{
    private static readonly string[] MakesDescriptor = ["socket", "accept", "accept4", "epoll_create", "epoll_create1"];

    /// <summary>Checks a completed call.</summary>
    /// <exception cref="ScriptMismatchException">It answered otherwise.</exception>
    public void Check(Arguments args, ScriptCall call)
    {
        var answer = call.Answer;
        if (answer.Result >= 0) NoteEffects(args, call); // even when the answer is not the expected one, for calls that follow a warning
        CheckResult(args, answer);
        CheckOutputs(args, answer);
    }

    /// <summary>The answer as a script writes it.</summary>
    public static string Text(ScriptAnswer answer) =>
        answer.Errno == Errno.None ? $"{answer.Result}" : $"{answer.Result} {ErrnoSymbols.Describe((int)answer.Errno)}";

    private static void CheckResult(Arguments args, ScriptAnswer answer)
    {
        var action = args.Action;
        if (action.Result is EllipsisExpression) return;
        var expected = args.ToInt64(action.Result);
        var isDescriptor = Array.IndexOf(MakesDescriptor, action.Name) >= 0;
        var isSame = isDescriptor && expected >= 0 ? answer.Result >= 0 : answer.Result == expected;
        if (isSame && (action.Error is null || (int)answer.Errno == action.Error.Number)) return;
        throw new ScriptMismatchException(
            action.Position, $"{action.Name}() answered otherwise",
            action.Error is null ? $"{expected}" : $"{expected} {ErrnoSymbols.Describe(action.Error.Number)}", Text(answer));
    }

    private void NoteEffects(Arguments args, ScriptCall call)
    {
        switch (args.Action.Name)
        {
            case "socket" when call.Syscall is SocketCall made:
                var socketFd = Open(args, args.Action.Result, call.Answer.Result);
                sockets.OnSocket(socketFd, (int)call.Answer.Result, made.Domain, made.Protocol);
                break;
            case "accept" or "accept4": NoteAccept(args, call.Answer); break;
            case "epoll_create" or "epoll_create1": Open(args, args.Action.Result, call.Answer.Result); break;
            case "listen" when sockets.ByFd(args.Int32(0)) is { } listener: listener.State = ScriptSocketState.PassiveListening; break;
            case "close": sockets.OnClose(args.Int32(0)); break;
            case "pipe" when args.List(0) is [var read, var write]:
                Open(args, read, call.Answer.Pipe.Read);
                Open(args, write, call.Answer.Pipe.Write);
                break;
            case "pipe": throw args.Wrong(args[0], "[READ_FD, WRITE_FD]");
        }
    }

    private int Open(Arguments args, ScriptExpression scriptFd, long liveFd)
    {
        var number = args.ToInt32(scriptFd);
        if (number < 0) throw new ScriptMismatchException(
            args.Action.Position, $"{args.Action.Name}() answered otherwise", $"{number}", $"{liveFd}");
        if (!sockets.TryOpen(number, (int)liveFd))
            throw new ScriptMismatchException(scriptFd.Position, $"{args.Action.Name}(): the descriptor {number} is open already");
        return number;
    }

    private void NoteAccept(Arguments args, ScriptAnswer answer)
    {
        sockets.Forget(args.ToInt32(args.Action.Result)); // packetdrill asks only that socket() gives a new one
        var scriptFd = Open(args, args.Action.Result, answer.Result);
        if (!ScriptAddress.TryReadSockaddr(answer.Address, out var address, out var port))
            throw new ScriptMismatchException(args.Action.Position, "accept() gave no address of a peer");
        var peer = new WireEndpoint(address.Unmapped(), port);
        if (!sockets.TryAccept(scriptFd, (int)answer.Result, peer))
            throw new ScriptMismatchException(args.Action.Position,
                $"accept() gave a connection from {peer}, which the script has not opened");
    }

    private void CheckOutputs(Arguments args, ScriptAnswer answer)
    {
        if (answer.Result < 0) return;
        var fault = args.Action.Name switch
        {
            "getsockopt" => CompareOption(args, answer),
            "ioctl" when args.Count > 2 => CompareBytes(args, args.Only(2), answer.Data, "the value"),
            "poll" => ComparePoll(args, answer),
            "epoll_wait" => CompareEpoll(args, answer),
            "recvmsg" => CompareMessage(args, answer),
            _ => null,
        };
        if (fault is not null) throw new ScriptMismatchException(args.Action.Position, $"{args.Action.Name}(): {fault}");
    }

    private static string? CompareOption(Arguments args, ScriptAnswer answer)
    {
        var length = args.Only(4) is EllipsisExpression ? answer.Data.Length : args.ToInt32(args.Only(4));
        if (length != answer.Data.Length) return $"expected a value of {length} bytes, actual {answer.Data.Length}";
        return args[3] switch
        {
            EllipsisExpression => null,
            StringExpression text => CompareText(text, answer.Data),
            LingerExpression linger when !answer.Data.AsSpan().SequenceEqual(Arguments.LingerBytes(linger)) =>
                $"expected {{onoff={linger.OnOff}, linger={linger.Seconds}}}, actual 0x{Convert.ToHexStringLower(answer.Data)}",
            LingerExpression => null,
            In6AddrExpression address => answer.Data.Length == 16 && BinaryPrimitives.ReadUInt128BigEndian(answer.Data) == address.Address
                ? null : "another IPv6 address",
            _ => CompareBytes(args, args.Only(3), answer.Data, "the value"),
        };
    }

    private static string? CompareText(StringExpression expected, byte[] actual)
    {
        byte[] wanted = [.. expected.Bytes];
        var isSame = expected.IsPrefix ? actual.AsSpan().StartsWith(wanted) : actual.AsSpan().SequenceEqual(wanted);
        return isSame ? null : $"expected \"{Encoding.Latin1.GetString(wanted)}\", actual \"{Encoding.Latin1.GetString(actual)}\"";
    }

    /// <summary>A number of one to eight bytes; those of four compare without regard to the sign.</summary>
    private static string? CompareBytes(Arguments args, ScriptExpression expected, byte[] actual, string what)
    {
        if (expected is EllipsisExpression) return null;
        if (actual.Length is 0 or > 8) return $"{what} has {actual.Length} bytes, which is no number";
        Span<byte> wide = [0, 0, 0, 0, 0, 0, 0, 0];
        actual.CopyTo(wide);
        var value = BinaryPrimitives.ReadInt64LittleEndian(wide);
        var mask = actual.Length == 8 ? -1L : (1L << (8 * actual.Length)) - 1;
        var wanted = args.ToInt64(expected);
        if ((wanted & mask) == value) return null;
        var name = expected is IntegerExpression { Name: { } symbol } ? symbol : $"{wanted}";
        var shown = actual.Length == 4 ? $"{unchecked((int)value)}" : $"{value}";
        if (expected is IntegerExpression { Name: ['E', ..] }) shown = ErrnoSymbols.Describe((int)value);
        return $"expected {what} {name}, actual {shown}";
    }

    private static string? ComparePoll(Arguments args, ScriptAnswer answer)
    {
        var entries = args.List(0).OfType<PollfdExpression>().ToArray();
        for (var i = 0; i < entries.Length; i++)
        {
            var expected = entries[i].Revents is { } revents ? args.ToInt32(revents) : 0;
            var actual = i < answer.Revents.Count ? answer.Revents[i] & 0xFFFF : 0;
            if (expected != actual)
                return $"expected revents {PollSymbols.PollText(expected)} for descriptor {args.ToInt32(entries[i].Fd)}, "
                    + $"actual {PollSymbols.PollText(actual)}";
        }

        return null;
    }

    /// <summary>Without events the script writes one of zeros (packetdrill compares its cleared buffer).</summary>
    private static string? CompareEpoll(Arguments args, ScriptAnswer answer)
    {
        IReadOnlyList<ScriptExpression> items = args[1] is ListExpression list ? list.Items : [args[1]];
        for (var i = 0; i < items.Count; i++)
        {
            if (items[i] is EllipsisExpression) continue;
            if (items[i] is not EpollEventExpression expression) throw args.Wrong(items[i], "{events=E, fd=N}");
            var actual = i < answer.Events.Count ? answer.Events[i] : default;
            var events = unchecked((uint)args.ToInt64(expression.Events));
            if (events != actual.Events)
                return $"expected events {PollSymbols.EpollText(events)}, actual {PollSymbols.EpollText(actual.Events)}";
            var data = SyscallBinder.EpollEvent(args, expression).Data;
            var mask = expression.DataKind is EpollDataKind.Fd or EpollDataKind.U32 ? uint.MaxValue : ulong.MaxValue;
            if ((data & mask) != (actual.Data & mask))
                return $"expected data {data} (0x{data:x}), actual {actual.Data} (0x{actual.Data:x})";
        }

        return null;
    }

    private string? CompareMessage(Arguments args, ScriptAnswer answer)
    {
        var message = (MsghdrExpression)args[1];
        var flags = args.ToInt32(message.Flags);
        if (flags != answer.MessageFlags) return $"expected msg_flags 0x{flags:x}, actual 0x{answer.MessageFlags:x}";
        return ControlMessages.Compare(args, message.Control?.Items ?? [], answer.Control, clock, settings.Tolerance);
    }
}
