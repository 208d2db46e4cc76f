using System.Buffers.Binary;
using System.Globalization;
using NetActors.Script.Hosting;
using NetActors.Script.Running;
using NetActors.Sockets;
using NetActors.Time;

namespace NetActors.Script.Tests.Oracle;

/// <summary>Plays the calls of a section on a fresh emulated host and tells the answers in oracle.py's words.</summary>
internal sealed class CallPlayer : IDisposable
{
    private readonly EmulatedScriptHost _host = new(new ScriptSettings
    {
        LocalAddress = ScriptAddress.FromIpv4(0xC0A8_0001),
        GatewayAddress = ScriptAddress.FromIpv4(0xC0A8_0002),
        RemoteAddress = ScriptAddress.FromIpv4(0xC000_0201),
        PrefixLength = 24,
    });

    private readonly CallWords _words = new();
    private readonly Dictionary<string, int> _names = [];
    private readonly Dictionary<string, ScriptCall> _begun = [];
    private readonly Dictionary<string, Func<ScriptAnswer, string>> _told = [];

    public void Dispose() => _host.Dispose();

    public string Play(string line)
    {
        var words = CallWords.Split(line);
        string? name = null;
        if (words.Count > 2 && words[1] == "=") (name, words) = (words[0], words[2..]);
        var answer = Play(words[0], [.. words.Skip(1)]);
        if (name is null) return answer;
        var isNumber = int.TryParse(answer, out var fd);
        _names[name] = isNumber ? fd : -1;
        return isNumber ? "ok" : answer;
    }

    private string Play(string call, string[] args)
    {
        switch (call)
        {
            case "socket": return Result(new SocketCall(Int(args[0]), Int(args[1]), Int(args[2])));
            case "bind": return Ok(new BindCall(Fd(args[0]), _words.Sockaddr(args[1])));
            case "connect": return Ok(new ConnectCall(Fd(args[0]), _words.Sockaddr(args[1])));
            case "listen": return Ok(new ListenCall(Fd(args[0]), Int(args[1])));
            case "accept": return Result(new AcceptCall(Fd(args[0]), 0, args.Length > 1 ? Int(args[1]) : 0));
            case "shutdown": return Ok(new ShutdownCall(Fd(args[0]), Int(args[1])));
            case "close": return Ok(new CloseCall(Fd(args[0])));
            case "send": return Send(TransferApi.Socket, args[0], args[1], "-", args[2], []);
            case "sendto": return Send(TransferApi.Address, args[0], args[1], args[2], args[3], []);
            case "sendmsg": return Send(TransferApi.Message, args[0], args[1], args[2], args[3], args[4..]);
            case "recv" or "recvfrom" or "recvmsg" or "recvpacket": return Receive(call, args);
            case "setsockopt": return SetOption(args);
            case "filter": return Ok(new SetSockOptCall(Fd(args[0]), 1, 26, 16, Filter(args[1..])));
            case "getsockopt": return GetOption(args);
            case "getsockname" or "getpeername": return GetName(call, args);
            case "ioctl": return Ioctl(args);
            case "fcntl": return Result(new FcntlCall(Fd(args[0]), Int(args[1]), args.Length > 2 ? Int(args[2]) : 0));
            case "poll": return Poll(args);
            case "epoll_create": return Result(new EpollCreateCall(Int(args[0]), 0));
            case "epoll_ctl": return Ok(new EpollCtlCall(Fd(args[0]), Int(args[1]), Fd(args[2]), EventOf(args)));
            case "epoll_wait": return EpollWait(args);
            case "inject": _host.Inject(CallWords.Data(args[0])); return "ok";
            case "packet": return Packet();
            case "sleep": _host.AdvanceTo(_host.Now + KernelTime.FromMilliseconds(Int(args[0]))); return "ok";
            case "nofile": return _host.SetOpenFileLimit(Int(args[0])) == Errno.None ? "ok" : "failed";
            case "select": return Select(args);
            case "begin": return Begin(args);
            case "ended": return string.Join(" | ", args.Select(name => _begun[name].IsCompleted ? $"{name}: {_told[name](_begun[name].Answer)}" : $"{name} sleeps"));
            case "sysctl": return _host.Commands.SetSysctl(args[0].Split('=')[0], args[0].Split('=')[1].Replace(',', ' ')) == Errno.None ? "ok" : "failed";
            default: throw new InvalidOperationException($"unknown call {call}");
        }
    }

    private int Fd(string word) => _names.TryGetValue(word, out var fd) ? fd : int.Parse(word, CultureInfo.InvariantCulture);

    private static int Int(string word) => unchecked((int)CallWords.Number(word));

    private ScriptAnswer Make(ScriptSyscall syscall)
    {
        var call = _host.Begin(syscall);
        if (!call.IsCompleted) _host.RunUntilCompleted(call, _host.Now + KernelTime.FromSeconds(30));
        return call.IsCompleted ? call.Answer : throw new InvalidOperationException($"{syscall.Name}() does not come back");
    }

    /// <summary>A call that may sleep, and how its answer is told.</summary>
    private string Begin(string[] args)
    {
        var (name, call, rest) = (args[0], args[1], args[2..]);
        var fd = call is "poll" or "select" ? -1 : Fd(rest[0]);
        (ScriptSyscall Call, Func<ScriptAnswer, string> Tell) made = call switch
        {
            "epoll_wait" => (new EpollWaitCall(fd, Int(rest[1]), Int(rest[2])), EpollText),
            "accept" => (new AcceptCall(fd, 0, 0), a => a.Result.ToString(CultureInfo.InvariantCulture)),
            "recv" => (new ReceiveCall(fd, TransferApi.Message, Int(rest[1]), [new ReceiveBuffer(Int(rest[2]), true)], 128, 0), a => $"{a.Result} {CallWords.Text(a.Data)}"),
            "connect" => (new ConnectCall(fd, _words.Sockaddr(rest[1])), _ => "ok"),
            "poll" => (PollOf(rest), PollText),
            _ => throw new InvalidOperationException($"begin {call}"),
        };
        (_begun[name], _told[name]) = (_host.Begin(made.Call), answer => Text(answer, made.Tell));
        return "ok";
    }

    private string Result(ScriptSyscall syscall) => Text(Make(syscall), a => a.Result.ToString(CultureInfo.InvariantCulture));

    private string Ok(ScriptSyscall syscall) => Text(Make(syscall), _ => "ok");

    private static string Text(ScriptAnswer answer, Func<ScriptAnswer, string> good) => answer.Errno != Errno.None ? answer.Errno.ToString() : good(answer);

    private string Send(TransferApi api, string fd, string flags, string address, string data, string[] control)
    {
        var bytes = CallWords.Data(data);
        return Result(new SendCall(Fd(fd), api, Int(flags) | 0x4000, _words.Sockaddr(address), Control(control), [new Script.Running.SendBuffer(bytes.Length, bytes)]));
    }

    private static byte[] Control(string[] messages)
    {
        using var control = new MemoryStream();
        foreach (var parts in messages.Select(message => message.Split(',')))
        {
            var body = parts[2].StartsWith("0x", StringComparison.Ordinal) ? CallWords.Data(parts[2]) : BitConverter.GetBytes(Int(parts[2]));
            control.Write([.. BitConverter.GetBytes(16L + body.Length), .. BitConverter.GetBytes(Int(parts[0])), .. BitConverter.GetBytes(Int(parts[1])), .. body, .. new byte[-body.Length & 7]]);
        }

        return control.ToArray();
    }

    private string Receive(string call, string[] args)
    {
        var room = call switch { "recvmsg" when args.Length > 3 => Int(args[3]), "recvmsg" or "recvpacket" => 256, _ => 0 };
        var answer = Make(new ReceiveCall(Fd(args[0]), TransferApi.Message, Int(args[1]), [new ReceiveBuffer(Int(args[2]), true)], 128, room));
        return Text(answer, a => call switch
        {
            "recv" => $"{a.Result} {CallWords.Text(a.Data)}",
            "recvfrom" => $"{a.Result} {CallWords.Text(a.Data)} {CallWords.Address(a.Address)}",
            "recvmsg" => $"{a.Result} {CallWords.Text(a.Data)} {CallWords.Address(a.Address)} 0x{a.MessageFlags:x} {CallWords.Messages(a.Control)}",
            _ => $"{a.Result} {CallWords.Clean(a.Data)} {CallWords.Address(a.Address)} 0x{a.MessageFlags:x}",
        });
    }

    private string SetOption(string[] args)
    {
        var isData = args[3].StartsWith("0x", StringComparison.Ordinal) || args[3].StartsWith('"') || args[3] == "-";
        var value = isData ? CallWords.Data(args[3]) : BitConverter.GetBytes(Int(args[3]));
        return Ok(new SetSockOptCall(Fd(args[0]), Int(args[1]), Int(args[2]), value.Length, value));
    }

    private string GetOption(string[] args)
    {
        var room = args.Length > 3 ? Int(args[3]) : 4;
        return Text(Make(new GetSockOptCall(Fd(args[0]), Int(args[1]), Int(args[2]), room, new byte[room])), a => a.Data.Length == 4
            ? BinaryPrimitives.ReadInt32LittleEndian(a.Data).ToString(CultureInfo.InvariantCulture)
            : "0x" + Convert.ToHexStringLower(a.Data));
    }

    private string GetName(string call, string[] args)
    {
        var answer = Make(new GetNameCall(Fd(args[0]), call == "getpeername", 128));
        if (answer.Errno == Errno.None && args.Length > 1) _words.Ports[args[1]] = BinaryPrimitives.ReadUInt16BigEndian(answer.Address.AsSpan(2));
        return Text(answer, a => CallWords.Address(a.Address));
    }

    private string Ioctl(string[] args)
    {
        var argument = BitConverter.GetBytes(args.Length > 2 ? Int(args[2]) : 0);
        return Text(Make(new IoctlCall(Fd(args[0]), (ulong)CallWords.Number(args[1]), argument)), a => BitConverter.ToInt32(a.Data).ToString(CultureInfo.InvariantCulture));
    }

    private string Poll(string[] args) => Text(Make(PollOf(args)), PollText);

    private PollCall PollOf(string[] args) =>
        new([.. args.Skip(1).Select(word => new PollEntry(Fd(word.Split(':')[0]), (short)Int(word.Split(':')[1])))], Int(args[0]));

    private static string PollText(ScriptAnswer a) => string.Join(' ', [$"{a.Result}", .. a.Revents.Select(e => $"0x{(ushort)e:x}")]);

    /// <summary>Milliseconds, the number of descriptors or <c>max:</c> and names, then r=, w= and e= with names.</summary>
    private string Select(string[] args)
    {
        var timeout = Int(args[0]);
        var nfds = args[1].StartsWith("max:", StringComparison.Ordinal) ? args[1][4..].Split(',').Max(Fd) + 1 : Int(args[1]);
        var names = args.Skip(2).ToDictionary(word => word[0], word => word[2..].Split(','));
        byte[]? SetOf(char kind)
        {
            if (!names.TryGetValue(kind, out var list)) return null;
            var set = new byte[256];
            foreach (var fd in list.Select(Fd)) set[fd >> 3] |= (byte)(1 << (fd & 7));
            return set;
        }

        var answer = Make(new SelectCall(nfds, SetOf('r'), SetOf('w'), SetOf('e'), timeout * 1000L));
        string Ready(char kind, byte[]? set) =>
            $"{kind}={string.Join(',', names[kind].Where(name => (set![Fd(name) >> 3] & (1 << (Fd(name) & 7))) != 0))}";
        return Text(answer, a => string.Join(' ', new[]
        {
            $"{a.Result}", a.Sets.Readable is null ? "" : Ready('r', a.Sets.Readable), a.Sets.Writable is null ? "" : Ready('w', a.Sets.Writable),
            a.Sets.Exceptional is null ? "" : Ready('e', a.Sets.Exceptional),
        }.Where(part => part.Length > 0)));
    }

    private static Script.Running.EpollEvent EventOf(string[] args) => args.Length > 3
        ? new Script.Running.EpollEvent((uint)CallWords.Number(args[3]), ulong.Parse(args[4], CultureInfo.InvariantCulture))
        : default;

    private string EpollWait(string[] args)
    {
        var answer = Make(new EpollWaitCall(Fd(args[0]), Int(args[1]), Int(args[2])));
        return Text(answer, EpollText);
    }

    private static string EpollText(ScriptAnswer a) => string.Join(' ', [$"{a.Result}", .. a.Events.Select(e => $"0x{e.Events:x}:{e.Data}")]);

    private static byte[] Filter(string[] instructions)
    {
        using var program = new MemoryStream();
        foreach (var parts in instructions.Select(word => word.Split(',')))
        {
            program.Write(BitConverter.GetBytes((ushort)CallWords.Number(parts[0])));
            program.Write([(byte)CallWords.Number(parts[1]), (byte)CallWords.Number(parts[2])]);
            program.Write(BitConverter.GetBytes(unchecked((uint)CallWords.Number(parts[3]))));
        }

        return program.ToArray();
    }

    private string Packet() => _host.TryTakePacket(out var packet) ? CallWords.Clean(packet.Bytes) : "none";
}
