using System.Net.NetworkInformation;
using NetActors.Qdisc;

namespace NetActors.Scenarios.Reading;

/// <summary>Reads a device and hands its sections to their readers.</summary>
internal static class DeviceReader
{
    internal static readonly KeyTable Keys = new("hosts.HOST.devices.DEVICE", "A NIC and its interface");

    private const int LongestName = 15; // kernel: IFNAMSIZ - 1
    private const int MostQueues = 64;

    private static readonly SettingKey<PhysicalAddress?> Mac = Keys.Value<PhysicalAddress?>("mac", "Ethernet address", "no group, not zero",
        "02:00:00:HH:HH:DD by the host's and device's place in the file", null,
        text => Values.Mac(text).Then<PhysicalAddress?>(mac => mac), "Ethernet address");
    private static readonly SettingKey Addresses = Keys.Node("addresses", "list", "IPv4 addresses with prefix length", "none",
        "`ip address`: [10.0.0.1/24]");
    private static readonly SettingKey<int> Mtu = Keys.Whole("mtu", 1500, 68, 65535, "largest IP packet in bytes");
    private static readonly SettingKey<long> Speed = Keys.Amount("speed", Quantity.BitRate, "10Gbit", "10Mbit", "800Gbit",
        "link rate of traffic that comes over no wire");
    private static readonly SettingKey<int?> Queues = Keys.Value<int?>("queues", "whole number", $"1 to {MostQueues}",
        "by kernel and CPUs", null, text => Values.Whole(text, 1, MostQueues).Then<int?>(n => (int)n),
        "queue pairs (`ethtool -L combined`); 6.x: cores up to 2, else half of them; 3.10: CPUs up to 8");
    private static readonly SettingKey<int> TxQueueLength = Keys.Whole("txqueuelen", 1000, 0, 1_000_000,
        "packets that the default qdisc holds");
    private static readonly SettingKey<DriverKind> Driver = Keys.Choice("driver", "napi",
        "how packets come in: polled, or each taken in the interrupt handler (`netif_rx`), as drivers did before NAPI",
        ("napi", DriverKind.Napi), ("netif_rx", DriverKind.NetifRx));
    private static readonly SettingKey<bool> Promisc = Keys.Switch("promisc", false, "receive frames for any address");
    private static readonly SettingKey<string> Peer = Keys.Text("peer", "", "HOST.DEVICE: this is an end of a veth pair, that the other; both on one machine. "
        + "It has one queue, `features.gro` off unless written, no qdisc, and none of the keys of hardware");
    private static readonly SettingKey Ring = Keys.Node("ring", "section", "see ring", "its defaults", "ring sizes (`ethtool -G`)");
    private static readonly SettingKey Coalesce = Keys.Node("coalesce", "section", "see coalesce", "its defaults",
        "interrupt moderation (`ethtool -C`)");
    private static readonly SettingKey Pause = Keys.Node("pause", "section", "see pause", "its defaults", "flow control (`ethtool -A`)");
    private static readonly SettingKey Features = Keys.Node("features", "section", "see features", "its defaults",
        "offloads (`ethtool -K`)");
    private static readonly SettingKey RxFlowHash = Keys.Node("rx-flow-hash", "section", "see rx-flow-hash", "its defaults",
        "hashed fields (`ethtool -N`)");
    private static readonly SettingKey Rxfh = Keys.Node("rxfh", "section", "see rxfh", "its defaults",
        "hash key and indirection (`ethtool -X`)");
    private static readonly SettingKey Ntuple = Keys.Node("ntuple", "list", "lines of `ethtool -N`", "none",
        "`flow-type ip4|tcp4|udp4 [src-ip A [m M]] [dst-ip A [m M]] [src-port N [m M]] [dst-port N [m M]] [vlan N] "
        + "action QUEUE [loc N]`; m names the bits that are not compared; action -1 drops");
    private static readonly SettingKey Affinity = Keys.Node("smp_affinity_list", "section", "DEVICE-TxRx-QUEUE: list of CPUs",
        "vector i on CPU i modulo CPUs", "CPUs of interrupt vectors (`/proc/irq`)");
    private static readonly SettingKey Sysfs = Keys.Node("queues-sysfs", "section", "rx-N, tx-N, rx-* or tx-*", "no steering",
        "`/sys/class/net/DEVICE/queues`; a key of one queue goes before one of all");
    private static readonly SettingKey Tc = Keys.Node("tc", "list", "lines of `tc`", "the default qdisc",
        "what is done at the start, in order: `tc qdisc|class|filter add dev DEVICE ...`, such as [tc qdisc add dev eth0 root fq]");
    private static readonly SettingKey Napi = Keys.Node("napi", "section", "see napi", "its defaults", "NAPI");

    private static readonly SettingKey Arfs = Keys.Node("arfs", "section", "see arfs", "its defaults", "accelerated RFS");
    private static readonly SettingKey Xdp = Keys.Node("xdp", "section", "see xdp", "no program", "XDP");

    /// <summary>Whose device it is.</summary>
    internal sealed record Owner(string Host, int HostNumber, int DeviceNumber, CpuSettings Cpus);

    /// <summary>The device.</summary>
    public static DeviceSettings Read(SettingEntry entry, Owner owner, AddressBook book, ReadingContext context)
    {
        CheckName(entry, context.Faults);
        var section = new Section(entry.Value, entry.Place, Keys, context.Faults);
        var peer = section.Get(Peer).Length > 0
            ? VethReader.Peer(section, section.Get(Peer), Peer, [Queues, Speed, TxQueueLength, Driver, Promisc, Ring, Coalesce, Pause, RxFlowHash, Rxfh, Ntuple, Affinity, Tc, Xdp], context)
            : null;
        var queues = peer is not null ? 1 : section.Get(Queues) ?? DefaultQueues(owner.Cpus, context.Kernel);
        var port = $"{owner.Host}.{entry.Name}";
        var mac = section.Get(Mac) ?? DefaultMac(owner);
        book.Add(mac, port, section.PlaceOf(Mac));
        var features = FeatureReader.Read(section.Open(Features, FeatureReader.Keys), context, isVeth: peer is not null);
        var ntuple = NtupleReader.ReadAll(section.Items(Ntuple), queues, context.Faults);
        if (ntuple.Count > 0 && !features.Ntuple)
            context.Faults.Add(section.PlaceOf(Ntuple), "flow rules need `features: { ntuple: on }`");
        var steering = QueueReader.ReadSysfs(section.Named(Sysfs), queues, owner.Cpus.Count, context.Faults);
        if (context.Kernel == KernelVersion.V6 && steering.Any(q => q.RpsCpus.Count > 0 && q.RpsCpus.All(owner.Cpus.Isolated.Contains)))
            context.Faults.Add(section.PlaceOf(Sysfs), "`rps_cpus` names isolated CPUs only: 6.x refuses that (EINVAL)");
        var check = new TcCheck(entry.Name, queues, section.Get(TxQueueLength), section.Get(Mtu), section.Get(Speed), context.Kernel);
        return new DeviceSettings
        {
            Name = entry.Name,
            Mac = mac,
            Addresses = ReadAddresses(section, port, book, context.Faults),
            Mtu = section.Get(Mtu),
            Peer = peer,
            Speed = section.Get(Speed),
            Queues = queues,
            TxQueueLength = section.Get(TxQueueLength),
            Promisc = section.Get(Promisc),
            Driver = section.Get(Driver),
            Ring = RingReader.ReadRing(section.Open(Ring, RingReader.Keys)),
            Coalesce = CoalesceReader.Read(section.Open(Coalesce, CoalesceReader.Keys)),
            Pause = RingReader.ReadPause(section.Open(Pause, RingReader.PauseKeys)),
            Features = features,
            RxFlowHash = RxFlowHashReader.Read(section.Open(RxFlowHash, RxFlowHashReader.Keys)),
            Rxfh = RxfhReader.Read(section.Open(Rxfh, RxfhReader.Keys), queues, context),
            Ntuple = ntuple,
            SmpAffinity = QueueReader.ReadAffinity(section.Named(Affinity), entry.Name, queues, owner.Cpus.Count, context.Faults),
            QueueSettings = steering,
            Arfs = ArfsReader.Read(section.Open(Arfs, ArfsReader.Keys)),
            Tc = TcReader.ReadAll(section.Items(Tc), check, context.Faults),
            Xdp = XdpReader.Read(section.Open(Xdp, XdpReader.Keys), owner.Cpus.Count, section.Get(Driver), context),
            Napi = NapiReader.Read(section.Open(Napi, NapiReader.Keys), owner.Cpus.Count, context),
        };
    }

    private static List<Ipv4Prefix> ReadAddresses(Section section, string port, AddressBook book, FaultList faults)
    {
        var addresses = new List<Ipv4Prefix>();
        foreach (var item in section.Items(Addresses))
        {
            var address = Section.Value(item, "addresses", text => Values.Prefix(text).Then<Ipv4Prefix?>(p => p), null, faults);
            if (address is null) continue;
            book.Add(address.Address, port, item.Place);
            addresses.Add(address);
        }

        return addresses;
    }

    private static int DefaultQueues(CpuSettings cpus, KernelVersion kernel)
    {
        var cores = cpus.Count / cpus.Smt; // specification section 1.5
        var queues = kernel == KernelVersion.V310 ? Math.Min(8, cpus.Count) : cores <= 2 ? cores : (cores + 1) / 2;
        return Math.Clamp(queues, 1, MostQueues);
    }

    private static PhysicalAddress DefaultMac(Owner owner) =>
        new([0x02, 0, 0, (byte)(owner.HostNumber >> 8), (byte)owner.HostNumber, (byte)owner.DeviceNumber]);

    private static void CheckName(SettingEntry device, FaultList faults)
    {
        var name = device.Name;
        var good = name.Length is > 0 and <= LongestName && name is not ("." or ".." or "lo")
            && !name.Any(c => c is '/' or ':' or < '!' or > '~'); // kernel: dev_valid_name
        if (!good)
            faults.Add(device.Place, name == "lo" ? "loopback is always there and needs no entry"
                : $"`{Words.Cut(name)}` is no name of a device: {LongestName} visible characters at most, no / and no :");
    }
}
