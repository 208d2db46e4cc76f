using System.Text;
using NetActors.Script.Hosting;
using NetActors.Script.Running;
using NetActors.Script.Shell;
using NetActors.Sockets;
using NetActors.Time;

namespace NetActors.Script.Serving;

/// <summary>
/// One emulated host that an outside test program drives by messages: its clock, its packets, its calls (the syscall protocol, version 1).
/// Knows no socket: a message goes in, answers come out.
/// </summary>
internal sealed class SyscallSession : IDisposable
{
    private const uint Version = 1;
    private const ushort SideFlag = 2;
    private const ushort AnswerFlag = 1;
    private const ushort IdleFlag = 4;
    private readonly EmulatedScriptHost _host;
    private readonly ShellInterpreter _shell;
    private (SyscallMessage Request, ScriptCall Call)? _side; // a call on the second thread that has not ended

    /// <summary>A fresh host as the greeting's settings ask for.</summary>
    /// <param name="settings"><c>key=value</c> joined by commas; unknown keys are ignored.</param>
    /// <exception cref="FormatException">A value is no address or number.</exception>
    public SyscallSession(string settings)
    {
        _host = new EmulatedScriptHost(SyscallSettings.Parse(settings));
        _shell = new ShellInterpreter(_host.Commands, new NoFiles());
    }

    /// <summary>The other side has said that its script ended well.</summary>
    public bool IsOver { get; private set; }

    private long Microseconds => _host.Now.Microseconds;

    /// <summary>The answer to a greeting.</summary>
    public static SyscallMessage Greet(in SyscallMessage request, SyscallSession? session)
    {
        var answer = new MessageWriter().U32(Version).U32(1); // virtual, whatever was asked for
        return Answer(request, 0, Errno.None, answer, session?.Microseconds ?? 0);
    }

    /// <summary>Takes a message and sends what it and what it completes answer, in order.</summary>
    public void Handle(in SyscallMessage request, Action<SyscallMessage> send)
    {
        ArgumentNullException.ThrowIfNull(send);
        SyscallMessage? answer;
        try
        {
            answer = Handle(request);
        }
        catch (InvalidDataException)
        {
            answer = Answer(request, -1, Errno.EBADMSG, null, Microseconds);
        }

        if (_side is { Call.IsCompleted: true } ended)
        {
            _side = null;
            send(AnswerOf(ended.Request, ended.Call));
        }

        if (answer is { } own) send(own);
    }

    /// <inheritdoc />
    public void Dispose() => _host.Dispose();

    private static SyscallMessage Answer(in SyscallMessage request, long result, Errno error, MessageWriter? payload, long time, ushort more = 0) => new(
        request.Op, (ushort)(AnswerFlag | (request.Flags & SideFlag) | more), request.Id, (int)error, result, time, payload is null ? [] : payload.Written.ToArray());

    private SyscallMessage? Handle(in SyscallMessage request)
    {
        var reader = new MessageReader(request.Payload);
        switch (request.Op)
        {
            case SyscallOp.Bye:
                IsOver = true;
                return Done(request);
            case SyscallOp.Command:
                return RunCommand(request, ref reader);
            case SyscallOp.Advance:
                _host.AdvanceTo(_host.Now + KernelTime.FromMicroseconds(Math.Max(reader.I64(), 0)));
                return Done(request);
            case SyscallOp.Clock:
                return Done(request);
            case SyscallOp.Inject:
                _host.Inject(reader.Bytes());
                return Done(request);
            case SyscallOp.Receive:
                return Receive(request, reader.I64());
            default:
                return Call(request, SyscallMessages.Read(request.Op, ref reader));
        }
    }

    private SyscallMessage Done(in SyscallMessage request) => Answer(request, 0, Errno.None, null, Microseconds);

    private SyscallMessage Receive(in SyscallMessage request, long mostMicroseconds)
    {
        var wait = _host.RunUntilPacket(_host.Now + KernelTime.FromMicroseconds(Math.Max(mostMicroseconds, 0)));
        if (_host.TryTakePacket(out var packet))
            return Answer(request, 1, Errno.None, new MessageWriter().I64(packet.Time.Microseconds).Bytes(packet.Bytes), Microseconds);
        return Answer(request, 0, Errno.None, null, Microseconds, wait == HostWait.Idle ? IdleFlag : (ushort)0);
    }

    private SyscallMessage? Call(in SyscallMessage request, ScriptSyscall? syscall)
    {
        if (syscall is null) return Answer(request, -1, Errno.ENOSYS, null, Microseconds);
        var call = _host.Begin(syscall);
        if (!call.IsCompleted && (request.Flags & SideFlag) != 0)
        {
            if (_side is not null) return Answer(request, -1, Errno.EBUSY, null, Microseconds);
            _side = (request, call);
            return null;
        }

        if (!call.IsCompleted) _host.RunUntilCompleted(call, KernelTime.Never);
        if (call.IsCompleted) return AnswerOf(request, call);
        _host.Interrupt(call); // nothing that is pending would end it
        return Answer(request, -1, Errno.EDEADLK, null, Microseconds);
    }

    private static SyscallMessage AnswerOf(in SyscallMessage request, ScriptCall call)
    {
        var answer = call.Answer;
        var payload = new MessageWriter();
        if (answer.Result >= 0) SyscallMessages.Write(payload, call.Syscall, answer);
        return Answer(request, answer.Result, answer.Errno, payload, call.CompletedAt.Microseconds);
    }

    private SyscallMessage RunCommand(in SyscallMessage request, ref MessageReader reader)
    {
        var words = new string[Math.Min(reader.U32(), 4096)];
        for (var i = 0; i < words.Length; i++) words[i] = reader.Text();
        var line = new StringBuilder();
        foreach (var word in words) line.Append('\'').Append(word.Replace("'", "'\\''", StringComparison.Ordinal)).Append("' ");
        var result = _shell.RunLine(line.ToString());
        return Answer(request, result.Status, Errno.None, new MessageWriter().Text(result.Output).Text(result.Errors), Microseconds);
    }

    /// <summary>Commands come by themselves: there is no script whose directory they could look into.</summary>
    private sealed class NoFiles : IScriptFiles
    {
        public bool TryRead(string path, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out string? text)
        {
            text = null;
            return false;
        }
    }
}
