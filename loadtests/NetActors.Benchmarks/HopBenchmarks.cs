using Akka.Actor;
using BenchmarkDotNet.Attributes;
using NetActors.Execution;
using NetActors.Time;

namespace NetActors.Benchmarks;

/// <summary>One message hop on each dispatcher, in virtual time: an actor that tells itself.</summary>
[MemoryDiagnoser]
public class HopBenchmarks : IDisposable
{
    private const int Hops = 100_000;
    private SimulationSystem _system = null!;
    private VirtualDriver _driver = null!;
    private IActorRef _actor = null!;

    /// <summary>Which dispatcher.</summary>
    [Params("cpu-0", "caller-cpu", "device")]
    public string Dispatcher { get; set; } = "cpu-0";

    [GlobalSetup]
    public void Start()
    {
        _driver = new VirtualDriver(new ExecutionSettings());
        for (var i = 0; i < 16; i++) _driver.AddCpu("host", i, new NetActors.Costs.CpuTopology(16));
        _system = new SimulationSystem(_driver);
        _actor = _system.Create(Props.Create(() => new EchoToSelf()).WithDispatcher(Dispatcher).WithMailbox("softirq"), "hop");
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
        _actor.Tell(EchoToSelf.Message, ActorRefs.NoSender);
        _driver.RunUntil(KernelTime.Never);
    }
}
