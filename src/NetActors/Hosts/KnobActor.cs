using Akka.Actor;

namespace NetActors.Hosts;

/// <summary>Writes the settings of one host while it runs, one after the other, in the order of the simulation's time.</summary>
internal sealed class KnobActor(HostKnobs knobs) : UntypedActor
{
    public static Props Props(HostKnobs knobs) => Akka.Actor.Props.Create(() => new KnobActor(knobs)).WithDispatcher("device");

    protected override void OnReceive(object message)
    {
        if (message is not KnobProtocol.Write(var key, var value, var answered))
        {
            Unhandled(message);
            return;
        }

        var refused = knobs.Write(key, value) ?? "";
        answered?.SetResult(refused);
    }
}
