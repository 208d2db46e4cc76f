using NetActors.Apps;
using NetActors.Sockets;

namespace NetActors.Tests.Hosts;

/// <summary>What a process had open is closed when it ends, however that happens (kernel: do_exit, exit_files).</summary>
public sealed class TaskEndTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Files_of_a_task_that_ends_are_closed(bool isKilled)
    {
        var program = new OpeningProgram(isKilled);
        using var run = new Running(
            Yaml.Server(tasks: Yaml.Sink()),
            prepare: plan => plan.Hosts[0].Tasks[0] = plan.Hosts[0].Tasks[0] with { Program = program, Socket = null });
        run.Until(10_000);
        Assert.Equal(3, program.Opened);
        Assert.Equal(NetActors.Execution.TaskState.Dead, run.Host.Tasks[0].Entity.State);
        Assert.Equal(0, run.Host.Stack.OpenFiles.Count);
        Assert.Equal(isKilled ? 1 : 0, run.Simulation.System.Layer.Failures.Count);
        Assert.Equal(1, run.Host.Stack.Udp.Count); // the scenario's own
    }

    /// <summary>Opens a UDP socket, a listener and an epoll instance, and ends.</summary>
    private sealed class OpeningProgram(bool isKilled) : AppProgram
    {
        private SystemCall _call = null!;
        private int _step;

        public int Opened { get; private set; }

        public override void Start()
        {
            _call = new SystemCall(Task.Entity, Task.Files);
            Next();
        }

        public override void OnCall(SystemCall call)
        {
            Assert.Equal(Errno.None, call.Error);
            if (call.Name is Syscall.Socket or Syscall.EpollCreate) Opened++;
            Next();
        }

        private void Next()
        {
            switch (_step++)
            {
                case 0: Socket(type: 2); break;
                case 1: Bind(fd: 3); break;
                case 2: Socket(type: 1); break;
                case 3: Bind(fd: 4); break;
                case 4: Call(Syscall.Listen, Task.Files[4]).Argument = 5; break;
                case 5: Call(Syscall.EpollCreate, null).Argument = 1; break;
                case 6 when isKilled: throw new InvalidOperationException("killed");
                case 6: Task.Exit(); return;
                default: return;
            }

            Task.Call(_call);
        }

        private SystemCall Call(Syscall name, SocketFile? file) => _call.Begin(name, file);

        private void Socket(int type) => (Call(Syscall.Socket, null).Argument, _call.Second, _call.Third) = (2, type, 0);

        private void Bind(int fd) => (Call(Syscall.Bind, Task.Files[fd]).HasAddress, _call.Address, _call.Port) = (true, 0, 7777);
    }
}
