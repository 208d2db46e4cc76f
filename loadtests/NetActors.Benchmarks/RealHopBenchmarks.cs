using Akka.Actor;
using BenchmarkDotNet.Attributes;
using NetActors.Execution;

namespace NetActors.Benchmarks;

/// <summary>One message hop on each dispatcher in real time, where every CPU and the devices have a thread of the machine.</summary>
[MemoryDiagnoser]
public class RealHopBenchmarks : IDisposable
{
    private const int Hops = 100_000;
    private SimulationSystem _system = null!;
    private IActorRef _actor = null!;
    private IActorRef _other = ActorRefs.Nobody;

    /// <summary>Which dispatcher; with two, each hop goes to the other thread.</summary>
    [Params("cpu-0", "caller-cpu", "device", "cpu-0/cpu-1")]
    public string Dispatcher { get; set; } = "cpu-0";

    [GlobalSetup]
    public void Start()
    {
        var driver = new RealDriver(new ExecutionSettings());
        for (var i = 0; i < 2; i++) driver.AddCpu("host", i, new NetActors.Costs.CpuTopology(2));
        _system = new SimulationSystem(driver);
        var dispatchers = Dispatcher.Split('/');
        _actor = Create(dispatchers[0], "hop");
        if (dispatchers.Length > 1) _other = Create(dispatchers[1], "back");
        driver.StartClock();
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _system.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Mean of one hop.</summary>
    [Benchmark(OperationsPerInvoke = Hops)]
    public void Hop()
    {
        EchoToSelf.Begin(Hops);
        _actor.Tell(EchoToSelf.Message, _other);
        EchoToSelf.Done.Wait();
    }

    private IActorRef Create(string dispatcher, string name) =>
        _system.Create(Props.Create(() => new EchoToSelf()).WithDispatcher(dispatcher).WithMailbox("softirq"), name);
}
