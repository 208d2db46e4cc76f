using System.Net;
using CsCheck;
using NetActors.Costs;
using NetActors.Nic;

namespace NetActors.Tests.Exactness;

/// <summary>Draws small scenarios: everything that a setting can change is changed by some of them.</summary>
internal static class SmallScenarios
{
    /// <summary>Operations that a packet can meet on its way to a sink.</summary>
    private static readonly CostOp[] Operations =
    [
        CostOp.HardIrqEntry, CostOp.HardIrqExit, CostOp.NapiSchedule, CostOp.NapiComplete, CostOp.IpiSend, CostOp.IpiReceive, CostOp.SoftirqEntry,
        CostOp.SoftirqExit, CostOp.NapiPollEntry, CostOp.RxDescriptor, CostOp.FirstTouch, CostOp.GroReceive, CostOp.NetifReceiveSkb,
        CostOp.BacklogEnqueue, CostOp.BacklogDequeue, CostOp.RpsHash, CostOp.IpReceive, CostOp.IpRouteLookup, CostOp.UdpReceive, CostOp.SkbFree,
        CostOp.SkbDrop, CostOp.SyscallEntry, CostOp.SyscallExit, CostOp.RecvMsg, CostOp.CopyPerKiB, CostOp.Wakeup, CostOp.RemoteWakeup,
        CostOp.ContextSwitch, CostOp.IdleExit,
    ];

    /// <summary>Odd costs of 101 to 8001 ns: everything drawn out, so that two CPUs rarely meet in a nanosecond.</summary>
    private static readonly Gen<CostModel> Costs = Gen.Int[50, 4000].Array[Operations.Length].Select(halves =>
        Operations.Zip(halves).Aggregate(CostModel.Zero, (model, cost) => model.With(cost.First, (2 * cost.Second) + 1)));

    private static readonly Gen<(int Usecs, int Frames, bool Throttle)> Moderation = Gen.OneOf(
        Gen.Const((0, 1, false)), Gen.Int[1, 300].Select(us => (us, 0, false)), Gen.Int[1, 300].Select(us => (us, 0, true)),
        Gen.Select(Gen.Int[1, 300], Gen.Int[2, 40]).Select((us, frames) => (us, frames, false)));

    public static readonly Gen<SmallScenario> Any =
        from kernel in Gen.Frequency((3, Gen.Const(KernelVersion.V6)), (1, Gen.Const(KernelVersion.V310)))
        from hz in Gen.Int[0, 3].Select(i => new[] { 0, 100, 250, 1000 }[i])
        from cpus in Gen.Int[2, 4]
        from queues in Gen.Int[1, 4]
        from affinity in Gen.Int[0, cpus - 1].Array[queues]
        from ring in Gen.OneOf(Gen.Int[16, 64], Gen.Const(256))
        from weight in Gen.OneOf(Gen.Int[1, 16], Gen.Const(64))
        from moderation in Moderation
        from budget in Gen.OneOf(Gen.Int[1, 64], Gen.Const(300))
        from budgetUsecs in Gen.OneOf(Gen.Int[100, 3000], Gen.Const(8000))
        from maxBacklog in Gen.OneOf(Gen.Int[1, 40], Gen.Const(1000))
        from devWeight in Gen.OneOf(Gen.Int[1, 16], Gen.Const(64))
        from rps in Gen.OneOf(Gen.Const(0), Gen.Int[1, (1 << cpus) - 1])
        from defer in Gen.Frequency((4, Gen.Const(false)), (1, Gen.Const(true)))
        from sinks in SinkOn(cpus).Array[1, 2]
        from costs in Costs
        from ports in Gen.UShort[1024, 60000].Array[1, 12]
        from frames in FramesOver(ports.Length)
        select new SmallScenario
        {
            Kernel = kernel,
            Hz = hz,
            Cpus = cpus,
            Queues = queues,
            Affinity = affinity,
            Ring = ring,
            Weight = weight,
            RxUsecs = moderation.Usecs,
            RxFrames = moderation.Frames,
            Throttle = moderation.Throttle,
            Budget = budget,
            BudgetUsecs = budgetUsecs,
            MaxBacklog = maxBacklog,
            DevWeight = devWeight,
            RpsCpus = [.. Enumerable.Range(0, cpus).Where(c => (rps & (1 << c)) != 0)],
            DeferToRunningKsoftirqd = defer,
            Sinks = sinks,
            Flows = [.. ports.Select((port, i) => FlowOf(port, i % sinks.Length, queues))],
            Frames = frames,
            Costs = costs,
        };

    private static Gen<SmallSink> SinkOn(int cpus) =>
        from first in Gen.Int[0, cpus - 1]
        from second in Gen.Int[-3, cpus - 1]
        from batch in Gen.OneOf(Gen.Const(1), Gen.Int[2, 32])
        from service in Gen.OneOf(Gen.Const(0), Gen.Int[1, 20_000])
        from room in Gen.OneOf(Gen.Int[2, 30], Gen.Const(97))
        select new SmallSink(second < 0 ? [first] : [Math.Min(first, second), Math.Max(first, second)], batch, service, room);

    /// <summary>Constant, Poisson and bursty arrivals, from an idle host to one that drowns.</summary>
    private static Gen<SmallFrame[]> FramesOver(int flows) =>
        from gap in Gen.OneOf(Gen.Int[500, 10_000], Gen.Int[10_000, 150_000])
        from burst in Gen.Frequency((2, Gen.Const(1)), (1, Gen.Int[2, 60]))
        from isPoisson in Gen.Bool
        from draws in Gen.Select(Gen.Double[0.000_001, 1], Gen.Int[0, flows - 1], Gen.Int[60, 1514]).Array[50, 300]
        select Arrivals(gap, burst, isPoisson, draws);

    private static SmallFrame[] Arrivals(int gap, int burst, bool isPoisson, (double Share, int Flow, int Bytes)[] draws)
    {
        var frames = new SmallFrame[draws.Length];
        var time = 1_000_003L;
        for (var i = 0; i < frames.Length; i++)
        {
            frames[i] = new SmallFrame(i + 1, time, draws[i].Flow, draws[i].Bytes);
            if ((i + 1) % burst != 0) time += 68; // back to back
            else time += burst * (isPoisson ? (long)(gap * -Math.Log(draws[i].Share)) : gap);
        }

        return frames;
    }

    public static SmallFlow FlowOf(ushort port, int socket, int queues)
    {
        var to = (ushort)(EmulatorRun.FirstPort + socket);
        byte[] input = [.. IPAddress.Parse(EmulatorRun.Source).GetAddressBytes(), .. IPAddress.Parse(EmulatorRun.Address).GetAddressBytes(),
            (byte)(port >> 8), (byte)port, (byte)(to >> 8), (byte)to];
        var hash = new Toeplitz(Toeplitz.CanonicalKey).Hash(input);
        return new SmallFlow(port, hash, (int)(hash & 127) % queues, socket);
    }
}
