using NetActors.Apps;
using NetActors.Execution;
using NetActors.Hosts;
using NetActors.Sockets;
using NetActors.Time;

namespace NetActors.Tests.Hosts;

/// <summary>A program that makes blocking calls one after the other; a step that fails ends the test when it is asked for.</summary>
internal sealed class TcpSteps(params Action<TcpSteps>[] steps) : AppProgram
{
    private const int WaitAll = 0x100;
    private SystemCall _call = null!;
    private SocketFile? _socket;
    private SocketFile? _listener;
    private int _next;

    /// <summary>What went wrong, call by call.</summary>
    public List<string> Faults { get; } = [];

    /// <summary>All steps were made.</summary>
    public bool IsDone => _next > steps.Length;

    /// <summary>Adds a task that runs them.</summary>
    public static TcpSteps AddTo(Host host, string name, params Action<TcpSteps>[] steps)
    {
        var (program, cpu) = (new TcpSteps(steps), host.Cpus[0]);
        var entity = new TaskEntity(2000 + host.Tasks.Count, name) { Cpu = cpu.Cpu };
        host.Tasks.Add(new HostTask(entity, cpu, program, KernelTime.Zero, null) { Files = new FdTable() });
        return program;
    }

    /// <summary>A server that accepts one connection and goes on with the steps.</summary>
    public static TcpSteps Server(Host host, params Action<TcpSteps>[] steps) =>
        AddTo(host, "server", [p => p.Socket(), p => p.Bind(9000), p => p.Listen(8), p => p.Accept(), .. steps]);

    /// <summary>A client that connects to 10.0.0.1 and goes on with the steps.</summary>
    public static TcpSteps Client(Host host, params Action<TcpSteps>[] steps) =>
        AddTo(host, "client", [p => p.Socket(), p => p.Connect(0x0A000001, 9000), .. steps]);

    public override void Start()
    {
        _call = new SystemCall(Task.Entity, Task.Files);
        Next();
    }

    public override void OnCall(SystemCall call)
    {
        if (call.Error != Errno.None) Faults.Add($"{call.Name}: {call.Error}");
        if (call.Name == Syscall.GetSockOpt) Value = BitConverter.ToInt32(call.Value);
        if (call.Name == Syscall.Socket) _socket = Task.Files[(int)call.Result];
        if (call.Name == Syscall.Accept) (_listener, _socket) = (_socket, Task.Files[(int)call.Result]);
        Next();
    }

    public override void OnTimer(KernelTime now) => Next();

    public void Socket() => Make(Syscall.Socket, null, c => (c.Argument, c.Second, c.Third) = (2, 1, 0));

    public void Bind(ushort port) => Make(Syscall.Bind, _socket, c => (c.Address, c.Port, c.HasAddress) = (0, port, true));

    public void Listen(int backlog) => Make(Syscall.Listen, _socket, c => c.Argument = backlog);

    public void Accept() => Make(Syscall.Accept, _socket, c => c.Second = 0);

    public void Connect(uint address, ushort port) => Make(Syscall.Connect, _socket, c => (c.Address, c.Port, c.HasAddress) = (address, port, true));

    public void Send(int bytes) => Make(Syscall.Send, _socket, c => (c.Data, c.Flags, c.HasAddress) = (new byte[bytes], 0, false));

    public void Receive(int bytes) => Make(Syscall.Receive, _socket, c => (c.Data, c.Flags) = (new byte[bytes], WaitAll));

    /// <summary>What the last option was.</summary>
    public int Value { get; private set; }

    public void GetOption(int option) => Make(Syscall.GetSockOpt, _socket, c => (c.Level, c.Option, c.Value) = (SocketOptions.SolSocket, option, new byte[4]));

    public void SetOption(int option, int value) => Make(Syscall.SetSockOpt, _socket, c => (c.Level, c.Option, c.Value) = (SocketOptions.SolSocket, option, SocketOptions.Int(value)));

    public void SetOption(int option, byte[] value) => Make(Syscall.SetSockOpt, _socket, c => (c.Level, c.Option, c.Value) = (SocketOptions.SolSocket, option, value));

    public void Close() => Make(Syscall.Close, Removed(_socket!), _ => { });

    public void CloseListener() => Make(Syscall.Close, Removed(_listener!), _ => { });

    public void Sleep(int milliseconds) => Task.SleepUntil(Task.Now + KernelTime.FromMilliseconds(milliseconds));

    private SocketFile Removed(SocketFile file)
    {
        Task.Files.Remove(Task.Files.Find(file));
        return file;
    }

    private void Make(Syscall name, SocketFile? file, Action<SystemCall> fill)
    {
        _call.Begin(name, file);
        fill(_call);
        Task.Call(_call);
    }

    private void Next()
    {
        var step = _next++;
        if (step < steps.Length) steps[step](this);
        else Task.Wait();
    }
}
