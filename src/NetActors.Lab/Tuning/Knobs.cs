using System.Globalization;
using NetActors.Scenarios;

namespace NetActors.Lab.Tuning;

/// <summary>Settings by their Linux commands and their keys in a scenario.</summary>
internal static partial class Knobs
{
    /// <summary>Receive packet steering of all queues of a device to these CPUs; none switches it off.</summary>
    public static Knob Rps(HostSettings host, DeviceSettings device, CpuSet cpus)
    {
        var mask = cpus.ToMask(host.Cpus.Count);
        return new Knob(cpus.Count == 0 ? $"no RPS on {device.Name}" : $"RPS of {device.Name} to CPUs {cpus}",
            RpsOf($"hosts.{host.Name}.devices.{device.Name}.queues-sysfs", device, mask, 0),
            [$"for q in /sys/class/net/{device.Name}/queues/rx-*; do echo {mask} > $q/rps_cpus; done"]);
    }

    /// <summary>Steering of flows to the CPUs of their readers (RFS), with RPS to these CPUs.</summary>
    public static Knob Rfs(HostSettings host, DeviceSettings device, CpuSet cpus)
    {
        const int Entries = 32768; // what Documentation/networking/scaling.rst suggests
        const string Table = "net.core.rps_sock_flow_entries";
        var (mask, each) = (cpus.ToMask(host.Cpus.Count), Entries / (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)device.Queues));
        return new Knob($"RFS of {device.Name}",
            [$"hosts.{host.Name}.sysctl.{Table}={Number(Entries)}", .. RpsOf($"hosts.{host.Name}.devices.{device.Name}.queues-sysfs", device, mask, each)],
            [
                $"sysctl -w {Table}={Number(Entries)}",
                $"for q in /sys/class/net/{device.Name}/queues/rx-*; do echo {mask} > $q/rps_cpus; echo {Number(each)} > $q/rps_flow_cnt; done",
            ]);
    }

    /// <summary>Queue pairs of a device, their interrupts spread anew: vector i on CPU i.</summary>
    public static Knob Queues(string host, string device, int queues) => new(
        $"{Number(queues)} queues on {device}",
        [$"hosts.{host}.devices.{device}.queues={Number(queues)}", $"hosts.{host}.devices.{device}.smp_affinity_list={{}}"],
        [$"ethtool -L {device} combined {Number(queues)}", .. Spread(device, queues)]);

    /// <summary>Interrupts of a device on CPUs of their own: vector i on CPU i.</summary>
    public static Knob SpreadInterrupts(string host, string device, int queues) =>
        new($"interrupts of {device} on CPUs of their own", [$"hosts.{host}.devices.{device}.smp_affinity_list={{}}"], [.. Spread(device, queues)]);

    /// <summary>Interrupts of a device on these CPUs, round robin.</summary>
    public static Knob InterruptsOn(string host, string device, int queues, IReadOnlyList<int> cpus)
    {
        var vectors = Enumerable.Range(0, queues).Select(q => (Queue: q, Cpu: cpus[q % cpus.Count])).ToList();
        var map = string.Join(", ", vectors.Select(v => $"{device}-TxRx-{Number(v.Queue)}: \"{Number(v.Cpu)}\""));
        return new Knob($"interrupts of {device} on CPUs {Number(cpus[0])}-{Number(cpus[^1])}", [$"hosts.{host}.devices.{device}.smp_affinity_list={{{map}}}"],
            [.. vectors.Select(v => $"echo {Number(v.Cpu)} > /proc/irq/{Irq(device, Number(v.Queue))}/smp_affinity_list")]);
    }

    /// <summary>Fields that the hash of UDP covers.</summary>
    public static Knob UdpHash(string host, string device) => new(
        $"ports in the UDP hash of {device}", [$"hosts.{host}.devices.{device}.rx-flow-hash.udp4=sdfn"], [$"ethtool -N {device} rx-flow-hash udp4 sdfn"]);

    /// <summary>Interrupt moderation.</summary>
    public static Knob Coalesce(string host, string device, int microseconds, int frames) => new(
        $"rx-usecs {Number(microseconds)}, rx-frames {Number(frames)} on {device}",
        [
            $"hosts.{host}.devices.{device}.coalesce.adaptive-rx=off", $"hosts.{host}.devices.{device}.coalesce.rx-usecs={Number(microseconds)}us",
            $"hosts.{host}.devices.{device}.coalesce.rx-frames={Number(frames)}",
        ],
        [$"ethtool -C {device} adaptive-rx off rx-usecs {Number(microseconds)} rx-frames {Number(frames)}"]);

    /// <summary>Receive descriptors of each queue.</summary>
    public static Knob Ring(string host, string device, int descriptors) => new(
        $"receive ring of {device} {Number(descriptors)}", [$"hosts.{host}.devices.{device}.ring.rx={Number(descriptors)}"], [$"ethtool -G {device} rx {Number(descriptors)}"]);

    /// <summary>An offload on or off.</summary>
    public static Knob Feature(string host, string device, string feature, bool on)
    {
        var word = on ? "on" : "off";
        return new Knob($"{feature} {word} on {device}", [$"hosts.{host}.devices.{device}.features.{feature}={word}"], [$"ethtool -K {device} {feature} {word}"]);
    }

    /// <summary>Polls before an interrupt is unmasked, and the time between them.</summary>
    public static Knob Defer(string host, string device, int polls, int microseconds) => new(
        polls == 0 ? $"no deferral on {device}" : $"defer interrupts of {device} {Number(polls)} polls, {Number(microseconds)} us apart",
        [
            $"hosts.{host}.devices.{device}.napi.napi_defer_hard_irqs={Number(polls)}",
            $"hosts.{host}.devices.{device}.napi.gro_flush_timeout={Number(microseconds)}us",
        ],
        [
            $"echo {Number(polls)} > /sys/class/net/{device}/napi_defer_hard_irqs",
            $"echo {Number(microseconds * 1000L)} > /sys/class/net/{device}/gro_flush_timeout",
        ]);

    /// <summary>A sysctl.</summary>
    public static Knob Sysctl(string host, string name, long value) =>
        new($"{name} {Number(value)}", [$"hosts.{host}.sysctl.{name}={Number(value)}"], [$"sysctl -w {name}={Number(value)}"]);

    /// <summary>Something that is no command: another program, another machine.</summary>
    public static Knob Other(string name, params string[] set) => new(name, set, []);

    // Where the queues have no settings of their own, one entry for all of them is shorter to type.
    private static IReadOnlyList<string> RpsOf(string key, DeviceSettings device, string mask, int flows)
    {
        var plain = new QueueSettings(CpuSet.Empty, 0, CpuSet.Empty);
        if (device.QueueSettings.All(q => q == plain))
            return [flows == 0 ? $"{key}={{rx-*: {{rps_cpus: \"{mask}\"}}}}" : $"{key}={{rx-*: {{rps_cpus: \"{mask}\", rps_flow_cnt: {Number(flows)}}}}}"];
        return
        [
            .. Enumerable.Range(0, device.Queues).SelectMany(q => (string[])
                [$"{key}.rx-{Number(q)}.rps_cpus=\"{mask}\"", $"{key}.rx-{Number(q)}.rps_flow_cnt={Number(flows)}"]),
        ];
    }

    private static string[] Spread(string device, int queues) =>
        [$"for q in $(seq 0 {Number(queues - 1)}); do echo $q > /proc/irq/{Irq(device, "$q")}/smp_affinity_list; done"];

    // The number of a vector's interrupt, as a shell finds it.
    private static string Irq(string device, string queue) => $"$(awk -F: \"/{device}-TxRx-{queue}\\$/ {{print \\$1 + 0}}\" /proc/interrupts)";

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
