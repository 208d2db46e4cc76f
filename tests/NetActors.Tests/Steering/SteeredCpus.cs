using NetActors.Buffers;
using NetActors.Steering;

namespace NetActors.Tests.Steering;

/// <summary>CPUs with heads set by hand.</summary>
internal sealed class SteeredCpus(int count) : IRpsCpus
{
    public uint[] Heads { get; } = new uint[count];

    public HashSet<int> Offline { get; } = [];

    public int Count => count;

    public bool IsOnline(int cpu) => !Offline.Contains(cpu);

    public uint InputQueueHead(int cpu) => Heads[cpu];
}

/// <summary>A device that answers what a test says, and remembers what it was asked.</summary>
internal sealed class SteeringDevice(KernelVersion version, int queues, int flows) : IRxFlowSteer
{
    private readonly RxSteering[] _queues = [.. Enumerable.Range(0, queues).Select(_ => new RxSteering(null, new RpsDevFlowTable(version, flows)))];

    public List<(int Queue, int FlowId)> Asked { get; } = [];

    public int Answer { get; set; } = 7;

    public bool IsOn { get; set; } = true;

    public int QueueOf(int cpu) => cpu % queues;

    public RxSteering Queue(int queue) => _queues[queue];

    public int Steer(SkBuff skb, int queue, int flowId)
    {
        Asked.Add((queue, flowId));
        return Answer;
    }
}
