using NetActors.Apps;
using NetActors.Sockets;
using NetActors.Tests.Hosts;
using NetActors.Time;

namespace NetActors.Tests.Udp;

/// <summary>MSG_ZEROCOPY over a card that sends from memory: nothing was copied, and the bytes are free when the card has sent them.</summary>
public sealed class ZeroCopyHostTests
{
    [Fact]
    public void Card_sends_in_place_and_says_when_it_is_done()
    {
        var program = new SendingProgram();
        using var run = new Running(
            Yaml.Pair("""{ name: sender, program: udp-sink, bind: "0.0.0.0:1" }""", Yaml.Sink(), "rate: 10Mbit"),
            prepare: plan => plan.Hosts[0].Tasks[0] = plan.Hosts[0].Tasks[0] with { Program = program, Socket = null });
        run.Until(100_000);
        Assert.Equal(Errno.EAGAIN, program.AtOnce); // still on the wire
        Assert.Equal(new ExtendedError(Errno.None, ErrorOrigin.ZeroCopy, Info: 0, Data: 2), program.Later);
        Assert.Equal(3, run.Socket("sink").Delivered);
    }

    /// <summary>Sends three datagrams of 1000 bytes, and reads its error queue before and after they are gone.</summary>
    private sealed class SendingProgram : AppProgram
    {
        private SystemCall _call = null!;
        private int _step;

        public Errno AtOnce { get; private set; }

        public ExtendedError Later { get; private set; }

        public override void Start()
        {
            _call = new SystemCall(Task.Entity, Task.Files);
            Next();
        }

        public override void OnTimer(KernelTime now) => Next();

        public override void OnCall(SystemCall call)
        {
            if (_step == 7) AtOnce = call.Error;
            else Assert.Equal(Errno.None, call.Error);
            if (_step == 9) Later = Read(call.Received!.ToArray());
            Next();
        }

        private static ExtendedError Read(ReadOnlySpan<byte> message) => new( // behind the header of the control message
            (Errno)BitConverter.ToInt32(message[16..]), (ErrorOrigin)message[20], message[21], message[22], BitConverter.ToUInt32(message[24..]), BitConverter.ToUInt32(message[28..]));

        private void Next()
        {
            var socket = Task.Files[3];
            switch (_step++)
            {
                case 0:
                    (_call.Begin(Syscall.Socket, null).Argument, _call.Second, _call.Third) = (2, 2, 0);
                    break;
                case 1:
                    (_call.Begin(Syscall.SetSockOpt, socket).Level, _call.Option, _call.Value) = (SocketOptions.SolSocket, SocketOptions.ZeroCopy, SocketOptions.Int(1));
                    break;
                case 2:
                    (_call.Begin(Syscall.Connect, socket).HasAddress, _call.Address, _call.Port) = (true, 0x0A00_0001, 9000);
                    break;
                case 3 or 4 or 5:
                    (_call.Begin(Syscall.Send, socket).Data, _call.Flags) = (new byte[1000], MessageFlags.ZeroCopy);
                    break;
                case 6:
                    (_call.Begin(Syscall.Receive, socket).Data, _call.Flags) = (new byte[10], MessageFlags.ErrQueue);
                    break;
                case 7:
                    Task.SleepUntil(KernelTime.FromMilliseconds(50));
                    return;
                case 8:
                    (_call.Begin(Syscall.Receive, socket).Data, _call.Flags, _call.Received) = (new byte[10], MessageFlags.ErrQueue, new ControlWriter(100));
                    break;
                default:
                    Task.Exit();
                    return;
            }

            Task.Call(_call);
        }
    }
}
