using CsCheck;
using NetActors.Costs;
using NetActors.Scenarios;
using NetActors.Time;

namespace NetActors.Tests.Scenarios;

public class ScenarioReaderTests
{
    [Fact]
    public void What_is_not_written_is_Linuxs_default()
    {
        var scenario = Texts.Scenario("hosts: { a: { cpus: 16, devices: { eth0: } }, b: { devices: { eth0: } } }");
        Assert.Equal((1UL, KernelVersion.V6, 250, KernelTime.FromMilliseconds(100)),
            (scenario.Seed, scenario.Kernel, scenario.Clock.Hz, scenario.Duration));
        Assert.Equal("bdw6-2018", scenario.CostModel.Name);
        var device = scenario.Hosts[0].Devices[0];
        Assert.Equal((8, 1500, 512, 64), (device.Queues, device.Mtu, device.Ring.Rx, device.Napi.Weight));
        Assert.Equal("020000000101", device.Mac.ToString());
        Assert.Equal("020000000201", scenario.Hosts[1].Devices[0].Mac.ToString());
        Assert.Equal("7", device.SmpAffinity[7].ToString());
        Assert.True(device.Features.Gro);
        Assert.Equal(40, device.Rxfh.Key.Count);
        Assert.False(device.Rxfh.IsConfigured);
    }

    [Fact]
    public void No_cost_model_costs_nothing() => Assert.Same(CostModel.Zero, Texts.Scenario("hosts: { a: }\ncost-model: none").CostModel);

    [Theory]
    [InlineData("6.x", "250", 8000)]
    [InlineData("6.x", "1000", 2000)]
    [InlineData("6.x", "exact", 2000)]
    public void The_time_budget_is_two_ticks(string kernel, string hz, long usecs) =>
        Assert.Equal(usecs, Texts.Scenario($"hosts: {{ a: }}\nkernel: {kernel}\nclock: {{ hz: {hz} }}").Hosts[0].Sysctl["net.core.netdev_budget_usecs"]);

    [Fact]
    public void Sysctls_have_each_kernels_defaults_and_devices_begin_with_what_default_says()
    {
        var old = Texts.Scenario("hosts: { a: { sysctl: { net.ipv4.conf.default.rp_filter: 2 }, devices: { eth0: } } }\nkernel: 3.10").Hosts[0].Sysctl;
        Assert.Equal(212_992, old["net.core.rmem_max"]);
        Assert.False(old.Has("net.core.skb_defer_max"));
        Assert.Equal(2, old["net.ipv4.conf.eth0.rp_filter"]);
        Assert.Equal(0, old["net.ipv4.conf.all.rp_filter"]);
        Assert.Equal([32768L, 61000], old.Values("net.ipv4.ip_local_port_range"));
        Assert.Equal(["net.ipv4.conf.default.rp_filter"], old.Written);
        Assert.Throws<KeyNotFoundException>(() => old["net.core.skb_defer_max"]);
    }

    [Fact]
    public void A_key_of_one_queue_goes_before_one_of_all()
    {
        var queues = Texts.Scenario("hosts: { a: { cpus: 4, devices: { e: { queues: 2, queues-sysfs: { rx-1: { rps_cpus: 8 }, 'rx-*': { rps_cpus: 3, rps_flow_cnt: 64 }, tx-0: { xps_cpus: 1 } } } } } }")
            .Hosts[0].Devices[0].QueueSettings;
        Assert.Equal([new QueueSettings(new CpuSet([0, 1]), 64, new CpuSet([0])) { HasRpsCpus = true }, new QueueSettings(new CpuSet([3]), 64, CpuSet.Empty) { HasRpsCpus = true }],
            queues);
    }

    [Fact]
    public void Flow_rules_are_kept_by_location_and_m_names_the_bits_that_do_not_count()
    {
        var rules = Texts.Scenario(Texts.Device("{ queues: 4, features: { ntuple: on }, ntuple: [ flow-type udp4 dst-port 53 action 2 loc 1, flow-type ip4 src-ip 10.1.0.0 m 0.0.255.255 action -1 ] }"))
            .Hosts[0].Devices[0].Ntuple;
        Assert.Equal([0, 1], rules.Select(rule => rule.Location));
        Assert.Equal((0xFFFF_0000u, NtupleSettings.Drop), (rules[0].SourceIpMask, rules[0].Action));
        Assert.Equal((53, 2), (rules[1].DestinationPort, rules[1].Action));
    }

    [Fact]
    public void A_gateway_finds_its_device_by_itself() => Assert.Equal("eth1", Texts.Scenario(
        "hosts: { a: { devices: { eth0: { addresses: [10.0.0.1/24] }, eth1: { addresses: [10.1.0.1/24] } }, routes: [ 10.9.0.0/16 via 10.1.0.2, unreachable 10.8.0.0/16 ] } }")
        .Hosts[0].Routes[0].Device);

    [Fact]
    public void Sizes_may_be_mixed_by_weight()
    {
        var size = ((UdpFloodSettings)Texts.Scenario(Texts.Top(
            "traffic: [ { name: f, to: server.eth0, kind: udp-flood, rate: 1pps, destination: '10.0.0.1:9', size: { 64: 7, 594B: 4, 1518: 1 } } ]")).Traffic[0]).Size;
        Assert.Equal(12, size.TotalWeight);
        Assert.Equal([64, 594, 1518], size.Sizes.Select(s => s.Bytes));
    }

    [Theory]
    [InlineData("0.5us", 500)]
    [InlineData("8us", 8000)]
    [InlineData("8", 8000)]
    [InlineData("1 ms", 1_000_000)]
    public void A_time_has_a_unit_unless_the_knob_has_one_in_its_name(string text, long nanoseconds) =>
        Assert.Equal(nanoseconds,
            Texts.Scenario(Texts.Device($"coalesce: {{ rx-usecs: {text} }}")).Hosts[0].Devices[0].Coalesce.RxUsecs.Nanoseconds);

    [Fact]
    public void A_missing_file_is_a_fault_that_names_the_nearest()
    {
        var path = ShippedFiles.Scenario("rss-udp-flod");
        var fault = Assert.Single(ScenarioReader.Read(path).Faults);
        Assert.Equal((path, 0, "the file does not exist", ShippedFiles.Scenario("rss-udp-flood")),
            (fault.File, fault.Line, fault.Message, fault.Suggestion));
    }

    [Fact]
    public void A_directory_and_a_file_too_large_are_faults()
    {
        Assert.EndsWith("the file is a directory", ScenarioReader.Read(ShippedFiles.Config).Faults[0].ToString(), StringComparison.Ordinal);
        var path = Path.GetTempFileName();
        File.WriteAllBytes(path, new byte[(1 << 20) + 1]);
        Assert.Equal("the file is larger than 1MiB", Assert.Single(ScenarioReader.Read(path).Faults).Message);
        File.Delete(path);
        Assert.Equal("the file is larger than 1MiB",
            Assert.Single(ScenarioReader.ReadText(new string('#', (1 << 20) + 1), "x").Faults).Message);
    }

    [Fact]
    public void Mutated_files_never_throw()
    {
        var files = ShippedFiles.Scenarios.Select(File.ReadAllBytes).ToArray();
        var mutation = Gen.Select(Gen.Int[0, 1 << 20], Gen.Byte, Gen.Int[0, 3]);
        Gen.Select(Gen.Int[0, files.Length - 1], mutation.List[1, 8]).Sample((file, mutations) =>
        {
            var bytes = files[file].ToList();
            foreach (var (at, value, kind) in mutations)
            {
                var index = at % bytes.Count;
                if (kind == 0) bytes[index] = value;
                else if (kind == 1) bytes.Insert(index, value);
                else if (kind == 2 && bytes.Count > 1) bytes.RemoveAt(index);
                else bytes.InsertRange(index, bytes.GetRange(index, Math.Min(20, bytes.Count - index)));
            }

            var result = ScenarioReader.ReadText(System.Text.Encoding.UTF8.GetString(bytes.ToArray()), "x.yaml");
            Assert.True(result.Scenario is null == result.Faults.Count > 0);
            Assert.All(result.Faults, fault => Assert.True(fault.Line >= 0 && fault.Message.Length < 4000));
        }, iter: 2000, threads: 1);
    }

    [Fact]
    public void Random_overrides_never_throw()
    {
        var text = File.ReadAllText(ShippedFiles.Scenario("rss-udp-flood"));
        string[] words = ["hosts", "server", "devices", "eth0", "sysctl", "net.core.x", "tasks", "[0]", "[", "]", ".", "", "queues",
            "traffic", "flood"];
        var key = Gen.OneOf(Gen.Int[0, words.Length - 1].Select(i => words[i]), Gen.String[0, 5]);
        Gen.Select(key.List[0, 6], Gen.String[0, 10]).Sample((keys, value) =>
        {
            var result = ScenarioReader.ReadText(text, "x.yaml", [string.Join('.', keys) + "=" + value]);
            Assert.True(result.Scenario is null == result.Faults.Count > 0);
        }, iter: 1000, threads: 1);
    }
}
