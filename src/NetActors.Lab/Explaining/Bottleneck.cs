using NetActors.Lab.Tuning;

namespace NetActors.Lab.Explaining;

/// <summary>What can limit a host.</summary>
internal enum BottleneckKind
{
    /// <summary>A link carries all it can.</summary>
    Wire,

    /// <summary>CPUs wait for lines that another NUMA node wrote.</summary>
    RemoteNuma,

    /// <summary>CPUs wait for each other's locks.</summary>
    Lock,

    /// <summary>One flow fills the CPU that its packets come to.</summary>
    ElephantFlow,

    /// <summary>The hash puts too many flows on one queue.</summary>
    HashCollision,

    /// <summary>One CPU takes all interrupts of a card and is full of them.</summary>
    InterruptCpu,

    /// <summary>The program's CPUs are full of it.</summary>
    SlowApplication,

    /// <summary>Receive rings overflow in bursts while their CPUs have time.</summary>
    SmallRing,

    /// <summary>Backlogs overflow in bursts while their CPUs have time.</summary>
    SmallBacklog,

    /// <summary>Connections wait for accept() in a queue that is too short.</summary>
    AcceptQueue,

    /// <summary>Datagrams find a socket's receive buffer full while its program's CPUs have time.</summary>
    ReceiveBuffer,

    /// <summary>Those who ask are busy, not the host that answers.</summary>
    Client,
}

/// <summary>Something that limits the host, with what shows it and what may help.</summary>
/// <param name="Kind">What.</param>
/// <param name="Where">Which CPU, queue, task or wire.</param>
/// <param name="Evidence">The figures that show it.</param>
/// <param name="Knobs">What may help.</param>
internal sealed record Bottleneck(BottleneckKind Kind, string Where, string Evidence, IReadOnlyList<Knob> Knobs)
{
    /// <summary>What people call it.</summary>
    public string Name => Kind switch
    {
        BottleneckKind.Wire => "wire",
        BottleneckKind.RemoteNuma => "remote NUMA node",
        BottleneckKind.Lock => "lock",
        BottleneckKind.ElephantFlow => "elephant flow",
        BottleneckKind.HashCollision => "hash collision",
        BottleneckKind.InterruptCpu => "interrupt CPU",
        BottleneckKind.SlowApplication => "slow application",
        BottleneckKind.SmallRing => "small ring",
        BottleneckKind.SmallBacklog => "small backlog",
        BottleneckKind.AcceptQueue => "accept queue",
        BottleneckKind.ReceiveBuffer => "small receive buffer",
        _ => "client",
    };
}
