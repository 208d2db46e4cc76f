using Akka.Actor;
using NetActors.Execution;
using NetActors.Time;

namespace NetActors.Tests.Execution;

public class DeviceTimerTests
{
    [Fact]
    public void Looks_at_the_time_wanted_last_and_once()
    {
        Assert.Equal([500L], Looks(timer => timer.Arm(new(500))));
        Assert.Equal([300L], Looks(timer => Arm(timer, 500, 300)));
        Assert.Equal([900L], Looks(timer => Arm(timer, 500, 900)));
        Assert.Equal([700L], Looks(timer => Arm(timer, 500, 900, 300, 700)));
        Assert.Empty(Looks(timer => timer.Arm(KernelTime.Never)));
    }

    [Fact]
    public void Given_up_it_does_not_look()
    {
        Assert.Empty(Looks(timer =>
        {
            timer.Arm(new(500));
            timer.Arm(KernelTime.Never);
        }));
    }

    [Fact]
    public void Moving_it_later_again_and_again_sends_no_further_message()
    {
        var messages = 0;
        Assert.Equal([900L], Looks(timer => Arm(timer, [500, .. Enumerable.Range(501, 399).Select(i => (long)i), 900]), () => messages++));
        Assert.Equal(2, messages); // at 500, too early, and at 900
    }

    private static void Arm(DeviceTimer timer, params ReadOnlySpan<long> times)
    {
        foreach (var time in times) timer.Arm(new(time));
    }

    private static List<long> Looks(Action<DeviceTimer> arm, Action? onMessage = null)
    {
        using var machine = new TestMachine();
        var looks = new List<long>();
        DeviceTimer? timer = null;
        void Look()
        {
            onMessage?.Invoke();
            if (timer!.IsDue(machine.Driver.Now)) looks.Add(machine.Driver.Now.Nanoseconds);
        }

        var device = machine.System.Create(Props.Create<Device>((Action)Look).WithDispatcher("device"), "device");
        timer = new DeviceTimer(machine.Driver, device, "look");
        machine.System.Perform(() => arm(timer));
        machine.RunToIdle();
        return looks;
    }

    private sealed class Device(Action onMessage) : UntypedActor
    {
        protected override void OnReceive(object message) => onMessage();
    }
}
