namespace NetActors.Tests.Architecture;

/// <summary>Folders are the stations of a packet; each sees only those it hands packets to.</summary>
public class FolderTests
{
    // What everything may use: the words of the stack. They use nothing of the stations.
    private static readonly string[] Common = ["", "Time", "Buffers"];

    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        [""] = [],
        ["Time"] = [],
        ["Buffers"] = [],
        ["Headers"] = [],
        ["Costs"] = ["Scenarios"], // only its reader of YAML, which belongs beside both
        ["Scenarios"] = ["Costs", "Filters", "Qdisc", "Tcp", "Xdp"], // of TCP only the list of its settings, of qdiscs the check of commands
        ["Execution"] = ["Costs"],
        ["Observe"] = [],
        ["Steering"] = [],
        ["Sockets"] = ["Execution", "Hosts"], // a call knows the task that sleeps in it, a wakeup the CPU

        // A packet's way in.
        ["Links"] = ["Execution", "Nic"],
        ["Nic"] = ["Costs", "DataLink", "Execution", "Gro", "Gso", "Headers", "Hosts", "Irq", "Links", "Observe", "Qdisc", "Softirq", "Steering", "Xdp"],
        ["Irq"] = ["Costs", "Execution", "Hosts", "Observe", "Softirq"],
        ["Softirq"] = ["Costs", "Execution", "Gro", "Hosts", "Irq", "Nic", "Observe", "Steering"],
        ["Gro"] = ["Headers", "Ip"],
        ["Gso"] = ["Headers", "Ip"],
        ["Xdp"] = ["Headers"],
        ["DataLink"] = ["Headers"],
        ["Neighbours"] = ["DataLink", "Headers", "Ip", "Sockets"],
        ["Ip"] = ["Headers", "Observe", "Sockets"],
        ["Filters"] = ["Sockets", "Xdp"],
        ["Udp"] = ["Costs", "Execution", "Filters", "Headers", "Hosts", "Ip", "Observe", "Sockets", "Steering"],
        ["Tcp"] = ["Costs", "Execution", "Filters", "Headers", "Hosts", "Ip", "Observe", "Sockets", "Steering"],
        ["Qdisc"] = ["Gso", "Headers", "Ip"], // of IP only its checksums
        ["Control"] = ["Headers", "Hosts", "Ip", "Sockets"],
        ["Epoll"] = ["Costs", "Execution", "Hosts", "Sockets"],
        ["Apps"] = ["Costs", "Execution", "Headers", "Hosts", "Links", "Nic", "Observe", "Sockets", "Softirq", "Udp", "Xdp"], // of softirqs only busy polling, of cards what programs have to themselves

        // Builds one machine of all of them.
        ["Hosts"] =
        [
            "Apps", "Control", "Costs", "DataLink", "Epoll", "Execution", "Filters", "Gro", "Gso", "Headers", "Ip", "Irq", "Links", "Neighbours", "Nic", "Observe", "Qdisc", "Scenarios", "Sockets",
            "Softirq", "Steering", "Tcp", "Udp", "Xdp",
        ],
    };

    // Of the host's folder the stations may know what they run on: a CPU's data, the stack, a device; not who builds and supervises.
    private static readonly string[] RunsOn =
        ["HostCpu", "HostSettingsView", "NetStack", "NetStackSettings", "NetDevice", "LoopbackDevice", "DeviceCounters", "Delivery", "IDeliveryTarget", "SocketTimer", "SocketsProtocol", "TunDevice"];

    public static TheoryData<string> Folders => [.. TypeUses.OfLibrary.Keys.Select(TypeUses.Folder).Distinct()];

    [Theory]
    [MemberData(nameof(Folders))]
    public void Sees_only_those_it_hands_packets_to(string folder)
    {
        Assert.True(Allowed.ContainsKey(folder), $"say in this test what the folder {folder} may see");
        var wrong = Uses(folder).Where(use => !Common.Contains(use.To) && !Allowed[folder].Contains(use.To)).Select(use => use.Text);
        Assert.Empty(wrong);
    }

    [Fact]
    public void Stations_know_of_the_host_only_what_they_run_on()
    {
        var wrong = Allowed.Keys.Where(folder => folder != "Hosts").SelectMany(Uses)
            .Where(use => use.To == "Hosts" && !RunsOn.Contains(use.Used.Name)).Select(use => use.Text);
        Assert.Empty(wrong);
    }

    private static IEnumerable<(string To, Type Used, string Text)> Uses(string folder) =>
        from pair in TypeUses.OfLibrary
        where TypeUses.Folder(pair.Key) == folder && !IsException(pair.Key)
        from used in pair.Value
        where used.Assembly == TypeUses.Library && TypeUses.Folder(used) != folder
        select (TypeUses.Folder(used), used, $"{folder}/{pair.Key.Name} uses {TypeUses.Folder(used)}/{used.Name}");

    /// <summary>The software flow hash is the one header reader that takes a packet and a secret of the machine.</summary>
    private static bool IsException(Type type) => type.Name == "SoftwareFlowHash";
}
