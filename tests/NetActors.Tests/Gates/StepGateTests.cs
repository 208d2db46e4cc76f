using Akka.Actor;
using NetActors.Buffers;
using NetActors.Headers;
using NetActors.Tests.Execution;
using NetActors.Time;

namespace NetActors.Tests.Gates;

/// <summary>The steps of which a packet's way is made allocate nothing, each a thousand times.</summary>
[Collection(GateCollection.Name)]
[Trait("Category", "Gate")]
public class StepGateTests
{
    private const int Times = 1000;

    [Theory]
    [InlineData("cpu-0", "hardirq")]
    [InlineData("cpu-0", "softirq")]
    [InlineData("caller-cpu", "task")]
    [InlineData("device", "task")]
    public void A_message_hop(string dispatcher, string mailbox)
    {
        using var machine = new TestMachine(cpus: 2);
        var partner = machine.System.Create(Props.Create<Hopper>().WithDispatcher("cpu-1").WithMailbox("softirq"), "partner");
        var hopper = machine.System.Create(Props.Create<Hopper>().WithDispatcher(dispatcher).WithMailbox(mailbox), "hopper");
        var start = new Hopper.Start(partner, Times);
        var bytes = Allocation.Of(() =>
        {
            machine.System.Perform(() => hopper.Tell(start));
            machine.RunToIdle();
        });
        Assert.InRange(bytes, 0, 4 * Times); // what starts it allocates a little; an object each would be six times as much
        Assert.Equal(0, start.Left);
    }

    [Fact]
    public void Renting_and_freeing_a_buffer()
    {
        var pool = new SkbPool(2048, 64);
        Assert.Equal(0, Allocation.Of(() =>
        {
            for (var i = 0; i < Times; i++)
            {
                var skb = pool.Rent()!;
                skb.Put(60);
                skb.Free(SkbDropReason.CONSUMED);
            }
        }));
        Assert.Equal(0, pool.Outstanding);
    }

    [Fact]
    public void Arming_and_cancelling_a_timer()
    {
        var wheel = new TimerWheel(Jiffies.Hz250);
        var timer = new TimerEntry(new Silent(), 0);
        Assert.Equal(0, Allocation.Of(() =>
        {
            for (var i = 0; i < Times; i++)
            {
                wheel.Arm(timer, KernelTime.FromMilliseconds(40 + i), KernelTime.Zero);
                if (i % 2 == 0) TimerWheel.Cancel(timer);
            }
        }));
    }

    [Fact]
    public void Reading_a_datagrams_headers()
    {
        byte[] frame = [.. new byte[12], 8, 0, .. Headers.Packets.Udp4(0x0A000002, 0x0A000001, 4000, 9000)];
        var ports = 0L;
        Assert.Equal(0, Allocation.Of(() =>
        {
            for (var i = 0; i < Times; i++)
            {
                Assert.True(EthernetHeader.TryParse(frame, out _));
                var packet = frame.AsSpan(EthernetHeader.Size);
                Assert.True(Ipv4Header.TryParse(packet, out var ip));
                Assert.True(UdpHeader.TryParse(packet[ip.HeaderLength..ip.TotalLength], out var udp));
                ports += udp.DestinationPort;
            }
        }));
        Assert.NotEqual(0, ports);
    }

    private sealed class Silent : ITimerTarget
    {
        public void OnTimer(TimerEntry timer, KernelTime now)
        {
        }
    }

    /// <summary>Sends the message to and fro until it has hopped often enough.</summary>
    private sealed class Hopper : UntypedActor
    {
        protected override void OnReceive(object message)
        {
            var start = (Start)message;
            if (start.Left == 0) start.Left = start.Times;
            if (--start.Left > 0) start.Next(Self).Tell(start, Self);
        }

        public sealed class Start(IActorRef partner, int times)
        {
            private IActorRef? _first;

            public int Times { get; } = times;

            public int Left { get; set; }

            public IActorRef Next(IActorRef self)
            {
                if (ReferenceEquals(self, partner)) return _first!;
                _first = self;
                return partner;
            }
        }
    }
}
