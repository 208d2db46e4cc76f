using System.Net.NetworkInformation;

namespace NetActors.Scenarios;

/// <summary>A NIC and its interface. Loopback needs no entry.</summary>
public sealed record DeviceSettings
{
    /// <summary>Interface name.</summary>
    public required string Name { get; init; }

    /// <summary>Ethernet address; unless written 02:00:00:HH:HH:DD with the host's and the device's place in the file, from 1.</summary>
    public required PhysicalAddress Mac { get; init; }

    /// <summary>The other end of the veth pair that it is an end of; null for a NIC.</summary>
    public DevicePort? Peer { get; init; }

    /// <summary>Addresses with their prefixes (<c>ip address</c>), host bits kept.</summary>
    public required IReadOnlyList<Ipv4Prefix> Addresses { get; init; }

    /// <summary>Largest IP packet in bytes.</summary>
    public required int Mtu { get; init; }

    /// <summary>Link rate in bits a second, of traffic that comes over no wire of the scenario (<c>ethtool -s speed</c>).</summary>
    public required long Speed { get; init; }

    /// <summary>Queue pairs (<c>ethtool -L combined</c>).</summary>
    public required int Queues { get; init; }

    /// <summary>Packets the default qdisc holds (<c>ip link set txqueuelen</c>).</summary>
    public required int TxQueueLength { get; init; }

    /// <summary>Receives frames for any address (<c>ip link set promisc on</c>).</summary>
    public required bool Promisc { get; init; }

    /// <summary>What runs on each frame.</summary>
    public required XdpSettings Xdp { get; init; }

    /// <summary>How packets come in.</summary>
    public required DriverKind Driver { get; init; }

    /// <summary>Ring sizes.</summary>
    public required RingSettings Ring { get; init; }

    /// <summary>Interrupt moderation.</summary>
    public required CoalesceSettings Coalesce { get; init; }

    /// <summary>Pause frames.</summary>
    public required PauseSettings Pause { get; init; }

    /// <summary>Offloads.</summary>
    public required FeatureSettings Features { get; init; }

    /// <summary>Fields the receive hash covers.</summary>
    public required RxFlowHashSettings RxFlowHash { get; init; }

    /// <summary>Receive hash key and indirection table.</summary>
    public required RxfhSettings Rxfh { get; init; }

    /// <summary>Flow rules, in the order of their locations.</summary>
    public required IReadOnlyList<NtupleSettings> Ntuple { get; init; }

    /// <summary>CPUs of each queue's interrupt vector (<c>smp_affinity_list</c>), by queue.</summary>
    public required IReadOnlyList<CpuSet> SmpAffinity { get; init; }

    /// <summary>Steering of each queue, by queue.</summary>
    public required IReadOnlyList<QueueSettings> QueueSettings { get; init; }

    /// <summary>Accelerated RFS.</summary>
    public required ArfsSettings Arfs { get; init; }

    /// <summary>Commands of tc, done at the start in order.</summary>
    public required IReadOnlyList<string> Tc { get; init; }

    /// <summary>NAPI.</summary>
    public required NapiSettings Napi { get; init; }
}
