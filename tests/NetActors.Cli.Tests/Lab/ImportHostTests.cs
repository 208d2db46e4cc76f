using System.Diagnostics;
using NetActors.Lab.Importing;
using NetActors.Scenarios;

namespace NetActors.Cli.Tests.Lab;

public sealed class ImportHostTests : IDisposable
{
    private readonly Cli _cli = new();

    public void Dispose() => _cli.Dispose();

    [Fact]
    public void A_saved_host_becomes_a_scenario_with_its_settings()
    {
        Save(Server());
        var result = _cli.Run("import-host", "saved", "--out", _cli.PathOf("host.yaml"));
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        var host = ScenarioReader.Read(_cli.PathOf("host.yaml")).Scenario!.Hosts[0];
        Assert.Equal(new CpuSettings(32, 2, 2), host.Cpus);
        var eno5 = host.Devices[0];
        Assert.Equal(("eno5", 8, 9000, 25_000_000_000L), (eno5.Name, eno5.Queues, eno5.Mtu, eno5.Speed));
        Assert.Equal("10.20.0.7/24", eno5.Addresses[0].ToString());
        Assert.Equal(new RingSettings(1024, 2048), eno5.Ring);
        Assert.Equal((25_000L, 64, true), (eno5.Coalesce.RxUsecs.Nanoseconds, eno5.Coalesce.RxFrames, eno5.Coalesce.AdaptiveRx));
        Assert.Equal((true, false, true), (eno5.Features.Tso, eno5.Features.Gro, eno5.Features.RxVlan));
        Assert.Equal(FlowHashFields.SourceAddress | FlowHashFields.DestinationAddress, eno5.RxFlowHash.Udp4);
        Assert.Equal(["1", "3", "5", "7", "9", "11", "13", "15"], eno5.SmpAffinity.Select(c => c.ToString()));
        Assert.Equal("8-15", eno5.QueueSettings[0].RpsCpus.ToString());
        Assert.Equal(4096, eno5.QueueSettings[0].RpsFlowCnt);
        Assert.Equal("0,16", eno5.QueueSettings[1].XpsCpus.ToString());
        Assert.Equal(600, host.Sysctl["net.core.netdev_budget"]);
        Assert.Equal([4096L, 131072, 33554432], host.Sysctl.Values("net.ipv4.tcp_rmem"));
    }

    [Fact]
    public void The_indirection_table_and_the_rules_are_those_that_ethtool_prints()
    {
        Save(Server());
        var read = _cli.Run("import-host", "saved");
        Assert.Equal(0, read.ExitCode);
        Assert.Contains("indir: [0, 1, 2, 3, 4, 5, 6, 7, 0, 1, 2, 3, 0, 1, 2, 3]", read.Out, StringComparison.Ordinal);
        Assert.Contains("hkey: \"6d:5a:56:da:", read.Out, StringComparison.Ordinal);
        Assert.Contains("\"flow-type tcp4 src-ip 10.0.0.1 action 0 loc 0\"", read.Out, StringComparison.Ordinal);
        Assert.Contains("\"flow-type udp4 dst-port 53 action -1 loc 7\"", read.Out, StringComparison.Ordinal);
        Assert.Contains("eno5.ethtool-k: ntuple-filters is off although there are rules", read.Error, StringComparison.Ordinal);
        Assert.Contains("eno5.ethtool-n: filter 1023: `TCP over IPv4` to `Direct to queue 0` cannot be said here", read.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void What_could_not_be_read_is_listed()
    {
        var files = Server();
        files.Remove("eno5.ethtool-g");
        files["eno5.ethtool-g.failed"] = "netlink error: Operation not supported\n";
        files.Remove("lscpu.json");
        files["eno5.ethtool-c"] = "rx-usecs:\t70000\n"; // more than the emulated card has
        files["sysctl"] += "net.core.netdev_budget = many\nnet.ipv4.something_new = 1\n";
        Save(files);
        var result = _cli.Run("import-host", "saved", "--out", _cli.PathOf("host.yaml"));
        Assert.Equal(0, result.ExitCode);
        Assert.Contains("eno5.ethtool-g: netlink error: Operation not supported\n", result.Out, StringComparison.Ordinal);
        Assert.Contains("lscpu.json: there is no such file\n", result.Out, StringComparison.Ordinal);
        Assert.Contains("how many CPUs the host has is not known: 8 are taken", result.Out, StringComparison.Ordinal);
        Assert.Matches(@"eno5\.ethtool-c: .*out of range", result.Out);
        Assert.Contains("1 of net.core and net.ipv4 are not emulated", result.Out, StringComparison.Ordinal);
        Assert.Equal(0, _cli.Run("run", _cli.PathOf("host.yaml"), "--duration", "1ms").ExitCode);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\0\u0001\ufffd garbage : : :\n: \n=\n")]
    [InlineData("{\"lscpu\": [{\"field\": \"CPU(s):\", \"data\": \"99999999\"}]}")]
    [InlineData("Current hardware settings:\nRX:\t\t999999\nTX:\t\t-1\nCombined:\t12345678901234567890\n")]
    [InlineData("Filter: \nFilter: x\n\tRule Type: TCP over IPv4\n\tSrc IP addr: \"; rm\n\tAction: Direct to queue \"}]\n")]
    [InlineData("rx-99999 rps_cpus zz\nrx-0 rps_cpus ffffffff,ffffffff,ffffffff\ntx-0 xps_cpus \"\nrx-0 rps_flow_cnt 3x\n")]
    public void Rubbish_in_any_file_is_told_and_never_a_crash(string rubbish)
    {
        foreach (var name in Server().Keys)
        {
            var files = Server();
            files[name] = rubbish;
            Save(files);
            var result = _cli.Run("import-host", "saved");
            Assert.True(result.ExitCode == 0, $"{name}: {result.Error}");
            Assert.NotNull(ScenarioReader.ReadText(result.Out, "x.yaml").Scenario);
        }
    }

    [Fact]
    public void Each_drivers_names_of_vectors_are_known()
    {
        Directory.CreateDirectory(_cli.PathOf("saved"));
        foreach (var (device, action, extra) in new[]
        {
            ("eth0", "eth0-TxRx-{0}", false), ("eth0", "i40e-eth0-TxRx-{0}", false), ("ens5", "ens5-Tx-Rx-{0}", false), ("eth0", "eth0-rx-{0}", false),
            ("ens3", "virtio1-input.{0}", true), ("enp1s0f0", "mlx5_comp{0}@pci:0000:01:00.0", true), ("eth0", "eth0-{0}", true),
        })
        {
            var isKnown = action != "eth0-{0}";
            File.WriteAllText(_cli.PathOf("saved/interrupts"), "           CPU0       CPU1\n" + string.Concat(Enumerable.Range(0, 3).Select(q =>
                $" {40 + q}:          1          2   PCI-MSI 524288-edge      {string.Format(System.Globalization.CultureInfo.InvariantCulture, action, q)}\n")));
            File.WriteAllText(_cli.PathOf("saved/smp_affinity_list"), "40 4\n41 5-6\n42 7\n");
            File.WriteAllText(_cli.PathOf($"saved/{device}.msi_irqs"), extra ? "40\n41\n42\n" : "");
            var files = new HostFiles(_cli.PathOf("saved"), []);
            Assert.Equal(isKnown ? [(0, "4"), (1, "5-6"), (2, "7")] : [], new InterruptImport(files).VectorsOf(device, files));
        }
    }

    [Fact]
    public async Task The_script_is_printed_and_what_it_saves_of_this_machine_is_read()
    {
        var script = _cli.Run("import-host", "--script");
        Assert.Equal((0, ""), (script.ExitCode, script.Error));
        Assert.StartsWith("#!/bin/sh\n", script.Out, StringComparison.Ordinal);
        if (!OperatingSystem.IsLinux() || !Directory.Exists("/sys/class/net")) return;
        var device = Directory.EnumerateDirectories("/sys/class/net").Where(d => Directory.Exists(Path.Combine(d, "queues", "rx-0"))).Select(d => Path.GetFileName(d)!).First();
        using var process = Process.Start(new ProcessStartInfo("sh", [_cli.Write("collect.sh", script.Out), _cli.PathOf("saved"), device]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEndAsync();
        Assert.Contains("netactors import-host", await process.StandardOutput.ReadToEndAsync(), StringComparison.Ordinal);
        Assert.Equal("", await errors);
        var result = _cli.Run("import-host", "saved", "--out", _cli.PathOf("host.yaml"));
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        var host = ScenarioReader.Read(_cli.PathOf("host.yaml")).Scenario!.Hosts[0];
        Assert.Equal(device, host.Devices[0].Name);
        Assert.Equal(0, _cli.Run("run", _cli.PathOf("host.yaml"), "--duration", "2ms").ExitCode);
    }

    [Theory]
    [InlineData("DIR is missing", "import-host")]
    [InlineData("nosuch: there is no such directory", "import-host", "nosuch")]
    [InlineData("holds nothing of a network card", "import-host", ".")]
    [InlineData("there is no option `--scipt`; did you mean `--script`?", "import-host", "--scipt")]
    public void A_wrong_command_line_is_refused(string message, params string[] args)
    {
        var result = _cli.Run(args);
        Assert.Contains(message, result.Error, StringComparison.Ordinal);
        Assert.Equal((ExitCode.Usage, ""), (result.ExitCode, result.Out));
    }

    private void Save(Dictionary<string, string> files)
    {
        var directory = _cli.PathOf("saved");
        if (Directory.Exists(directory)) Directory.Delete(directory, recursive: true);
        Directory.CreateDirectory(directory);
        foreach (var (name, text) in files) File.WriteAllText(Path.Combine(directory, name), text);
    }

    /// <summary>A server of two nodes with one card, in the words of lscpu, sysctl and ethtool 6.</summary>
    private static Dictionary<string, string> Server() => new()
    {
        ["uname"] = "6.8.0-45-generic\n",
        ["lscpu.json"] = """
            { "lscpu": [
              { "field": "Architecture:", "data": "x86_64" },
              { "field": "CPU(s):", "data": "32", "children": [ { "field": "On-line CPU(s) list:", "data": "0-31" } ] },
              { "field": "Vendor ID:", "data": "GenuineIntel", "children": [ { "field": "Model name:", "data": "X", "children": [
                { "field": "Thread(s) per core:", "data": "2" }, { "field": "Core(s) per socket:", "data": "8" }, { "field": "Socket(s):", "data": "2" } ] } ] },
              { "field": "NUMA:", "data": null, "children": [ { "field": "NUMA node(s):", "data": "2" }, { "field": "NUMA node0 CPU(s):", "data": "0-7,16-23" } ] } ] }
            """,
        ["sysctl"] = "kernel.hostname = x\nnet.core.netdev_budget = 600\nnet.core.somaxconn = 4096\nnet.ipv4.tcp_rmem = 4096\t131072\t33554432\nnet.ipv6.conf.all.forwarding = 0\n",
        ["interrupts"] = "            CPU0       CPU1\n" + string.Concat(Enumerable.Range(0, 8).Select(q => $" {100 + q}:     123456          0  IR-PCI-MSIX-0000:5e:00.0   {q}-edge      i40e-eno5-TxRx-{q}\n"))
            + "NMI:          0          0   Non-maskable interrupts\n",
        ["smp_affinity_list"] = string.Concat(Enumerable.Range(0, 8).Select(q => $"{100 + q} {(2 * q) + 1}\n")),
        ["softnet_stat"] = "0000ffff 00000010 00000003 00000000\n00000001 00000000 00000000 00000000\n",
        ["eno5.link"] = "9000\n3c:ec:ef:01:02:03\n",
        ["eno5.ip"] = "2: eno5    inet 10.20.0.7/24 brd 10.20.0.255 scope global eno5\\       valid_lft forever preferred_lft forever\n",
        ["eno5.ethtool"] = "Settings for eno5:\n\tSupported ports: [ FIBRE ]\n\tSpeed: 25000Mb/s\n\tDuplex: Full\n",
        ["eno5.ethtool-l"] = "Channel parameters for eno5:\nPre-set maximums:\nRX:\t\tn/a\nTX:\t\tn/a\nOther:\t\t1\nCombined:\t64\nCurrent hardware settings:\nRX:\t\tn/a\nTX:\t\tn/a\nOther:\t\t1\nCombined:\t8\n",
        ["eno5.ethtool-g"] = "Ring parameters for eno5:\nPre-set maximums:\nRX:\t\t\t8160\nRX Mini:\t\tn/a\nTX:\t\t\t8160\nCurrent hardware settings:\nRX:\t\t\t1024\nRX Mini:\t\tn/a\nRX Jumbo:\t\tn/a\nTX:\t\t\t2048\nRX Buf Len:\t\tn/a\n",
        ["eno5.ethtool-c"] = "Coalesce parameters for eno5:\nAdaptive RX: on  TX: on\nstats-block-usecs:\tn/a\nrx-usecs:\t25\nrx-frames:\t64\nrx-usecs-irq:\tn/a\ntx-usecs:\t50\ntx-frames:\tn/a\nCQE mode RX: n/a  TX: n/a\n",
        ["eno5.ethtool-a"] = "Pause parameters for eno5:\nAutonegotiate:\toff\nRX:\t\toff\nTX:\t\toff\n",
        ["eno5.ethtool-k"] = "Features for eno5:\nrx-checksumming: on\ntx-checksumming: on\n\ttx-checksum-ipv4: on\nscatter-gather: on\ntcp-segmentation-offload: on\n\ttx-tcp-segmentation: on\ngeneric-segmentation-offload: on\ngeneric-receive-offload: off\nlarge-receive-offload: off [fixed]\nrx-vlan-offload: on\ntx-vlan-offload: on\nntuple-filters: off\nreceive-hashing: on\n",
        ["eno5.ethtool-x"] = "RX flow hash indirection table for eno5 with 8 RX ring(s):\n    0:      0     1     2     3     4     5     6     7\n    8:      0     1     2     3     0     1     2     3\nRSS hash key:\n6d:5a:56:da:25:5b:0e:c2:41:67:25:3d:43:a3:8f:b0:d0:ca:2b:cb:ae:7b:30:b4:77:cb:2d:a3:80:30:f2:0c:6a:42:b7:3b:be:ac:01:fa\nRSS hash function:\n    toeplitz: on\n    xor: off\n    crc32: off\n",
        ["eno5.ethtool-n"] = "8 RX rings available\nTotal 3 rules\n\nFilter: 0\n\tRule Type: TCP over IPv4\n\tSrc IP addr: 10.0.0.1 mask: 0.0.0.0\n\tDest IP addr: 0.0.0.0 mask: 255.255.255.255\n\tTOS: 0x0 mask: 0xff\n\tSrc port: 0 mask: 0xffff\n\tDest port: 0 mask: 0xffff\n\tAction: Direct to queue 0\n\n"
            + "Filter: 7\n\tRule Type: UDP over IPv4\n\tSrc IP addr: 0.0.0.0 mask: 255.255.255.255\n\tDest IP addr: 0.0.0.0 mask: 255.255.255.255\n\tTOS: 0x0 mask: 0xff\n\tSrc port: 0 mask: 0xffff\n\tDest port: 53 mask: 0x0\n\tAction: Drop\n\n"
            + "Filter: 1023\n\tRule Type: TCP over IPv4\n\tSrc IP addr: 0.0.0.0 mask: 255.255.255.255\n\tDest IP addr: 0.0.0.0 mask: 255.255.255.255\n\tTOS: 0x0 mask: 0xff\n\tSrc port: 0 mask: 0xffff\n\tDest port: 11211 mask: 0x0\n\tRSS Context ID: 1\n\tAction: Direct to queue 0\n",
        ["eno5.ethtool-n-tcp4"] = "TCP over IPV4 flows use these fields for computing Hash flow key:\nIP SA\nIP DA\nL4 bytes 0 & 1 [TCP/UDP src port]\nL4 bytes 2 & 3 [TCP/UDP dst port]\n\n",
        ["eno5.ethtool-n-udp4"] = "UDP over IPV4 flows use these fields for computing Hash flow key:\nIP SA\nIP DA\n\n",
        ["eno5.msi_irqs"] = "100\n101\n102\n103\n104\n105\n106\n107\n",
        ["eno5.queues"] = "rx-0 rps_cpus 0000ff00\nrx-0 rps_flow_cnt 4096\nrx-1 rps_cpus 00000000\nrx-1 rps_flow_cnt 0\ntx-0 xps_cpus 00000000\ntx-1 xps_cpus 00010001\ntx-1 byte_queue_limits/limit_max 1879048192\n",
        ["eno5.napi"] = "gro_flush_timeout 0\nnapi_defer_hard_irqs 0\nthreaded 0\ntx_queue_len 1000\n",
    };
}
