using System.Reflection;
using System.Runtime.CompilerServices;
using Akka.Actor;

namespace NetActors.Tests.Architecture;

/// <summary>Who may know actors, and how actors are made.</summary>
public class ActorRuleTests
{
    // They hold the reference of the actor that runs them, to ring its bell, or put hosts together; none handles a message.
    private static readonly string[] HoldReferences = ["Host", "HostCpu", "NapiInstance", "NicDevice", "Simulation", "SimulationPlan", "SocketFile", "BusyLoopRequest"];

    private static IEnumerable<Type> Actors => TypeUses.Library.GetTypes().Where(type => typeof(ActorBase).IsAssignableFrom(type));

    [Fact]
    public void Outside_the_execution_layer_only_actors_protocols_and_rings_refer_to_akka()
    {
        var wrong = TypeUses.OfLibrary.Where(pair => TypeUses.Folder(pair.Key) != "Execution" && pair.Value.Any(IsAkkas))
            .Select(pair => pair.Key.Name)
            .Where(name => !(name.EndsWith("Actor", StringComparison.Ordinal) || name.EndsWith("Protocol", StringComparison.Ordinal)
                || name.EndsWith("Ring", StringComparison.Ordinal) || HoldReferences.Contains(name)));
        Assert.Empty(wrong);
    }

    [Fact]
    public void Every_actor_is_internal_and_bears_the_suffix()
    {
        Assert.NotEmpty(Actors);
        Assert.DoesNotContain(Actors, actor => actor.IsVisible || !actor.Name.EndsWith("Actor", StringComparison.Ordinal));
        Assert.DoesNotContain(Actors, actor => actor is { IsSealed: false, IsAbstract: false });
    }

    [Fact]
    public void Every_actor_is_an_untyped_actor() => Assert.DoesNotContain(Actors, actor => !typeof(UntypedActor).IsAssignableFrom(actor));

    [Fact]
    public void Every_actors_own_factory_names_its_dispatcher() =>
        Assert.DoesNotContain(Actors, actor => !actor.IsAbstract && !actor
            .GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)
            .Any(method => method.Name == "Props" && TypeUses.Named(method).Any(named => named.Name == nameof(Props.WithDispatcher))));

    [Fact]
    public void Only_a_factory_makes_props()
    {
        var wrong = TypeUses.OfLibrary.Where(pair => pair.Value.Contains(typeof(Props)) && !typeof(ActorBase).IsAssignableFrom(pair.Key))
            .SelectMany(pair => pair.Key.GetMethods(BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic))
            .Where(method => TypeUses.Named(method).Any(named => named.DeclaringType == typeof(Props) && named.Name == nameof(Props.Create)));
        Assert.Empty(wrong);
    }

    [Fact]
    public void Messages_are_sealed_records_and_no_structs()
    {
        var messages = TypeUses.Library.GetTypes()
            .Where(type => type.DeclaringType?.Name.EndsWith("Protocol", StringComparison.Ordinal) == true && !type.IsEnum && !TypeUses.IsGenerated(type));
        Assert.DoesNotContain(messages, type => type.IsValueType || !type.IsSealed || type.GetMethod("<Clone>$") is null);
    }

    [Fact]
    public void Nothing_waits_locks_or_asks()
    {
        Type[] refused = [typeof(Futures), typeof(Monitor), typeof(Lock), typeof(SemaphoreSlim), typeof(ThreadPool), typeof(AsyncTaskMethodBuilder)];
        var wrong = from pair in TypeUses.OfLibrary
                    from used in pair.Value
                    where refused.Contains(used) || (used.IsAssignableTo(typeof(Task)) && TypeUses.Folder(pair.Key) != "Execution")
                    select $"{pair.Key.Name} uses {used.Name}";
        Assert.Empty(wrong);
    }

    private static bool IsAkkas(Type type) => type.Assembly.GetName().Name!.StartsWith(nameof(Akka), StringComparison.Ordinal);
}
