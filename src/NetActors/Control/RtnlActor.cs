using Akka.Actor;
using NetActors.Hosts;
using NetActors.Ip;
using NetActors.Sockets;

namespace NetActors.Control;

/// <summary>
/// The only writer of a host's devices, addresses and routes (kernel: under <c>rtnl_lock</c>): makes the changes one after the other and
/// publishes a new snapshot after each, while traffic runs.
/// </summary>
internal sealed class RtnlActor(NetStack stack, RtnlTables tables) : UntypedActor
{
    public static Props Props(NetStack stack, RtnlTables tables) =>
        Akka.Actor.Props.Create(() => new RtnlActor(stack, tables)).WithDispatcher("device");

    protected override void OnReceive(object message)
    {
        if (message is not RtnlProtocol.Change(var apply, var answered))
        {
            Unhandled(message);
            return;
        }

        var before = tables.Snapshot;
        var error = apply(tables);
        if (error == Errno.None) Publish(before);
        answered.SetResult(error);
    }

    private void Publish(Ipv4Snapshot before)
    {
        stack.Net = tables.Snapshot;
        stack.SwitchLroOff();
        foreach (var device in before.Devices)
        {
            if (device.Up && tables.Snapshot.Device(device.IfIndex) is not { Up: true }) stack.ForgetNeighbours(device.IfIndex);
        }
    }
}
