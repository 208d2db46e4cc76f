using NetActors.Buffers;
using NetActors.Costs;

namespace NetActors.Tests.Hosts;

/// <summary>Settings written while traffic runs (specification sections 1.5, 1.8, 2.4, 5.1, 5.7, 5.8, 6.1, 7.1).</summary>
public sealed class HostKnobsTests
{
    private const string Rps = "/sys/class/net/eth0/queues/rx-0/rps_cpus";

    [Fact]
    public void Rps_mask_counts_from_the_next_packet_on() // 5.1
    {
        using var run = Flooded("queues: 1");
        run.Until(4_950);
        Assert.Null(Set(run, Rps, "4"));
        run.Until(9_950);
        Assert.Null(Set(run, Rps, "0"));
        run.Until(30_000);
        Assert.Equal([150, 0, 50, 0], Processed(run));
    }

    [Theory]
    [InlineData(Rps, "g", "EINVAL")]
    [InlineData(Rps, "10", "EOVERFLOW")]
    [InlineData("/sys/class/net/eth0/queues/rx-1/rps_cpus", "1", "ENOENT")]
    [InlineData("/sys/class/net/eth1/queues/rx-0/rps_cpus", "1", "ENODEV")]
    [InlineData("/sys/class/net/eth0/queues/tx-0/xps_cpus", "1", "ENOENT")] // 7.1, live: a device of one queue
    [InlineData("/sys/class/net/eth0/queues/rx-0/rps_flow_cnt", "-1", "EINVAL")]
    [InlineData("/proc/irq/eth0-TxRx-0/smp_affinity_list", "", "EINVAL")] // 2.4: a mask without a CPU
    [InlineData("/proc/irq/eth9-TxRx-0/smp_affinity_list", "1", "ENOENT")]
    [InlineData("net.core.flow_limit_table_len", "1000", "EINVAL")] // 5.7: no power of two
    [InlineData("net.core.netdev_budget", "many", "EINVAL")]
    [InlineData("net.core.somaxcon", "1", "ENOENT")]
    [InlineData("net.core.rmem_max", "9999", "EOPNOTSUPP")]
    [InlineData("net.ipv4.tcp_sack", "7", "EINVAL")]
    [InlineData("ethtool -X eth0", "equal 9", "EINVAL")]
    [InlineData("ethtool -N eth0", "flow-type udp4 dst-port 9000 action 0", "EOPNOTSUPP")] // 1.8: without ntuple
    [InlineData("ethtool -K eth0", "ntuple", "EINVAL")]
    [InlineData("ethtool -C eth0", "rx-usec 3", "EINVAL")]
    [InlineData("ethtool -G eth0", "tx 0", "EINVAL")]
    [InlineData("ethtool -G eth0", "rx-mini 64", "EINVAL")]
    [InlineData("ethtool -L eth0", "combined 2", "EINVAL")] // 1.5: more than there are
    [InlineData("ethtool -L eth0", "combined 0", "EINVAL")]
    [InlineData("ethtool -L eth0", "rx 1", "EINVAL")]
    [InlineData("/sys/class/net/eth0/threaded", "2", "EINVAL")]
    [InlineData("/sys/class/net/eth0/queues/tx-0/byte_queue_limits/limit_max", "1879048193", "EINVAL")] // 7.6
    [InlineData("/sys/class/net/eth0/queues/tx-0/byte_queue_limits/hold_time", "max", "EINVAL")]
    [InlineData("/sys/class/net/eth0/queues/tx-1/byte_queue_limits/limit_min", "1", "ENOENT")]
    [InlineData("/sys/class/net/lo/queues/tx-0/byte_queue_limits/limit", "1", "ENODEV")] // 7.6, live: hidden on no-queue devices
    [InlineData("tc", "qdisc add dev lo root fq", "EOPNOTSUPP")] // 7.2: lo is noqueue
    [InlineData("tc", "qdisc add dev eth0 root nosuch", "EINVAL")]
    [InlineData("taskset -cp sink", "9", "EOVERFLOW")]
    [InlineData("taskset -cp nobody", "1", "ESRCH")]
    [InlineData("/sys/devices/system/cpu/cpu0/online", "0", "EOPNOTSUPP")]
    [InlineData("/sys/nothing", "1", "ENOENT")]
    public void Refused_write_tells_linux_errno_and_changes_nothing(string key, string value, string errno)
    {
        using var run = Flooded("queues: 1");
        run.Until(4_950);
        Assert.StartsWith(errno + ":", Set(run, key, value), StringComparison.Ordinal);
        run.Until(30_000);
        Assert.Equal([200, 0, 0, 0], Processed(run));
        Assert.Equal(errno, run.Host.Knobs.Writes.Single().Error!.Split(':')[0]);
    }

    [Fact]
    public void Every_key_that_is_known_can_be_written()
    {
        using var run = Flooded("queues: 2");
        (string, string)[] writes =
        [
            ("net.core.netdev_max_backlog", "50"), ("net.core.netdev_budget", "100"), ("net.core.netdev_budget_usecs", "4000"), ("net.core.dev_weight", "32"),
            ("net.core.dev_weight_rx_bias", "2"), ("net.core.dev_weight_tx_bias", "3"), ("net.core.gro_normal_batch", "4"), ("net.core.rps_sock_flow_entries", "128"),
            ("net.core.flow_limit_table_len", "1024"), ("net.core.flow_limit_cpu_bitmap", "3"), ("net.core.rps_default_mask", "c"), ("/proc/sys/net/ipv4/tcp_sack", "0"),
            (Rps, "f"), ("/sys/class/net/eth0/queues/rx-1/rps_flow_cnt", "64"), ("/sys/class/net/eth0/queues/tx-1/xps_cpus", "f"),
            ("/sys/class/net/eth0/queues/tx-0/xps_rxqs", "2"), ("/sys/class/net/eth0/gro_flush_timeout", "20000"), ("/sys/class/net/eth0/napi_defer_hard_irqs", "2"),
            ("/proc/irq/24/smp_affinity", "2"), ("/proc/irq/eth0-TxRx-1/smp_affinity_list", "2-3"), ("/sys/class/net/lo/queues/rx-0/rps_cpus", "8"),
            ("ethtool -L eth0", "combined 1"), ("ethtool -L eth0", "combined 2"), ("ethtool -K eth0", "ntuple on"), ("ethtool -X eth0", "equal 1 start 1"), ("ethtool -X eth0", "context new equal 1"),
            ("ethtool -N eth0", "flow-type udp4 dst-port 9000 action 0 loc 3"), ("ethtool -N eth0", "delete 3"), ("ethtool -N eth0", "rx-flow-hash udp4 sdfn"),
            ("ethtool -C eth0", "rx-usecs 30 rx-frames 8"), ("ethtool -G eth0", "rx 128"), ("ethtool -G eth0", "tx 96 rx 192"),
            ("/sys/class/net/eth0/threaded", "1"), ("/sys/class/net/eth0/queues/tx-1/byte_queue_limits/limit_max", "5000"),
            ("/sys/class/net/eth0/queues/tx-1/byte_queue_limits/limit_min", "3000"), ("/sys/class/net/eth0/queues/tx-1/byte_queue_limits/hold_time", "10"),
            ("/sys/class/net/eth0/queues/tx-0/byte_queue_limits/limit", "max"), ("/sys/class/net/eth0/threaded", "0"), ("ethtool -A eth0", "rx off tx off"),
            ("tc", "qdisc add dev eth0 root fq"), ("taskset -p sink", "8"), ("taskset -cp sink/0", "0-1"), ("/sys/devices/system/cpu/cpu3/online", "0"),
            ("/sys/devices/system/cpu/cpu3/online", "1"),
        ];
        var at = 0;
        foreach (var (key, value) in writes)
        {
            run.Until(at += 300);
            Assert.Null(Set(run, key, value));
        }

        run.Until(30_000);
        Assert.InRange(Processed(run).Sum(), 198, 200); // a ring made anew loses what it holds
        Assert.All(run.Host.Knobs.Writes, write => Assert.Null(write.Error));
        Assert.Equal((50, 100, 64, 96), (run.Host.Cpus[2].Softnet.MaxBacklog, run.Host.Settings.Budget, run.Host.Cpus[1].Softnet.Backlog.Weight, run.Host.Nics[0].Runners[0].Quota));
        Assert.Equal((1024, true), (run.Host.Cpus[1].Softnet.FlowLimit!.Buckets, run.Host.Cpus[2].Softnet.FlowLimit is null));
    }

    [Fact]
    public void Interrupt_moves_while_frames_flow_and_its_nearest_queue_with_it() // 2.4
    {
        using var run = Flooded("queues: 1");
        run.Until(4_950);
        Set(run, "/proc/irq/eth0-TxRx-0/smp_affinity_list", "3");
        run.Until(30_000);
        Assert.Equal([50, 0, 0, 150], Processed(run));
        Assert.Equal([50, 0, 0, 150], run.Snapshot.Hosts[0].Interrupts[0].PerCpu);
    }

    [Fact]
    public void Rule_drops_and_leads_while_frames_flow() // 1.8
    {
        using var run = Flooded("queues: 4");
        run.Until(4_950);
        Set(run, "ethtool -K eth0", "ntuple on");
        Set(run, "ethtool -N eth0", "flow-type udp4 dst-port 9000 action 2 loc 5");
        run.Until(9_950);
        Set(run, "ethtool -N eth0", "flow-type udp4 dst-port 9000 action -1 loc 4"); // the lower location comes first
        run.Until(14_950);
        Set(run, "ethtool -N eth0", "delete 4");
        run.Until(30_000);
        Assert.InRange(Processed(run)[2], 100, 150); // from 5 to 10 ms and from 15 ms on
        Assert.Equal(50, run.Dropped(SkbDropReason.HW_FLOW_RULE));
    }

    [Fact]
    public void Rule_to_a_context_spreads_over_that_contexts_table() // 1.5, 1.8
    {
        using var run = new Running(Yaml.Server(
            cpus: 4, tasks: Yaml.Sink(), device: "queues: 4, rx-flow-hash: { udp4: sdfn }",
            traffic: Yaml.Flood("100kpps", ", start: 1ms, stop: 21ms, flows: 200").Replace("source-ports: 1024", "source-ports: 1024-9000", StringComparison.Ordinal)));
        Assert.Null(Set(run, "ethtool -K eth0", "ntuple on"));
        Assert.Null(Set(run, "ethtool -X eth0", "context new equal 2 start 2"));
        Assert.StartsWith("EINVAL", Set(run, "ethtool -N eth0", "flow-type udp4 dst-port 9000 context 7"), StringComparison.Ordinal);
        Assert.Null(Set(run, "ethtool -N eth0", "flow-type udp4 dst-port 9000 context 1"));
        Assert.StartsWith("EBUSY", Set(run, "ethtool -X eth0", "context 1 delete"), StringComparison.Ordinal); // a rule leads there
        run.Until(30_000);
        var cpus = Processed(run);
        Assert.Equal((0, 0), (cpus[0], cpus[1]));
        Assert.InRange(cpus[2], 800, 1200);
        Assert.Equal(2000, cpus[2] + cpus[3]);
    }

    [Fact]
    public void Symmetric_transform_sends_both_directions_to_one_queue() // 1.3
    {
        using var run = new Running(Yaml.Server(cpus: 4, device: "queues: 4, promisc: on, rx-flow-hash: { udp4: sdfn }"));
        Assert.Null(Set(run, "ethtool -X eth0", "xfrm symmetric-xor"));
        var hasher = run.Host.Nics[0].Receive.Contexts.Default.Hasher;
        for (ushort i = 0; i < 50; i++)
        {
            var there = Nic.Frames.Udp($"10.0.1.{i}", i, "10.0.0.1", 9000);
            var back = Nic.Frames.Udp("10.0.0.1", 9000, $"10.0.1.{i}", i);
            Assert.Equal(hasher.Hash(there, NetActors.Nic.FrameLayout.Parse(there)).Value, hasher.Hash(back, NetActors.Nic.FrameLayout.Parse(back)).Value);
        }
    }

    [Fact]
    public void Cpu_that_goes_gives_up_interrupts_tasks_and_steering() // 5.8, 6.3
    {
        using var run = new Running(Yaml.Server(
            cpus: 4, device: "queues: 1, queues-sysfs: { rx-0: { rps_cpus: \"4\" } }, smp_affinity_list: { eth0-TxRx-0: \"3\" }", tasks: Yaml.Sink("batch: 1, cpus: \"3\""),
            traffic: Yaml.Flood("10kpps", ", stop: 20ms")));
        run.Until(4_950);
        Assert.Null(Set(run, "/sys/devices/system/cpu/cpu2/online", "0"));
        run.Until(9_950);
        Assert.Equal([0, 0, 50, 50], Processed(run)); // no second choice: handled where it came in
        Assert.Null(Set(run, "/sys/devices/system/cpu/cpu3/online", "0"));
        run.Until(30_000);
        Assert.Equal([100, 0, 50, 50], Processed(run));
        Assert.Equal(200, run.Socket("sink").Delivered);
        Assert.NotEqual(3, run.Host.Tasks[0].Entity.Cpu!.LocalId);
    }

    [Fact]
    public void Isolated_cpus_are_taken_out_of_a_mask_and_a_mask_of_them_alone_is_refused() // 5.1
    {
        using var run = new Running(Yaml.Server(device: "queues: 1", tasks: Yaml.Sink(), traffic: Yaml.Flood("10kpps", ", start: 1ms, stop: 21ms"))
            .Replace("cpus: 1\n", "cpus: { count: 4, isolcpus: \"2-3\" }\n", StringComparison.Ordinal));
        Assert.StartsWith("EINVAL", Set(run, Rps, "c"), StringComparison.Ordinal);
        Assert.StartsWith("EINVAL", Set(run, "net.core.rps_default_mask", "8"), StringComparison.Ordinal);
        Assert.Null(Set(run, Rps, "6"));
        run.Until(30_000);
        Assert.Equal([0, 200, 0, 0], Processed(run));
        Assert.False(run.Host.Tasks[0].Entity.Cpu!.LocalId > 1);
    }

    [Fact]
    public void Default_mask_is_for_queues_made_later_only() // 5.1
    {
        using var run = Flooded("queues: 1", "net.core.rps_default_mask: 8");
        run.Until(4_950);
        Set(run, "net.core.rps_default_mask", "4");
        run.Until(30_000);
        Assert.Equal([0, 0, 0, 200], Processed(run));
        using var off = Flooded("queues: 1, queues-sysfs: { rx-0: { rps_cpus: \"0\" } }", "net.core.rps_default_mask: 8");
        off.Until(30_000);
        Assert.Equal([200, 0, 0, 0], Processed(off));
    }

    [Fact]
    public void Table_written_anew_forgets_all_flows() // 6.1: even the same value
    {
        using var run = Flooded("queues: 1", "net.core.rps_sock_flow_entries: 64");
        run.Host.Stack.Rps.SockFlows!.Record(0x1234_5678, 2);
        Assert.Null(Set(run, "net.core.rps_sock_flow_entries", "64"));
        Assert.Equal(0, run.Host.Stack.Rps.SockFlows!.CountInUse());
        Assert.Null(Set(run, "net.core.rps_sock_flow_entries", "0"));
        Assert.Null(run.Host.Stack.Rps.SockFlows);
    }

    [Fact]
    public void Flow_limit_tables_are_made_with_the_length_of_that_moment() // 5.7: consulted at allocation only
    {
        using var run = Flooded("queues: 1", "net.core.flow_limit_cpu_bitmap: 1");
        Set(run, "net.core.flow_limit_table_len", "256");
        Set(run, "net.core.flow_limit_cpu_bitmap", "3");
        Assert.Equal((4096, 256), (run.Host.Cpus[0].Softnet.FlowLimit!.Buckets, run.Host.Cpus[1].Softnet.FlowLimit!.Buckets));
    }

    [Fact]
    public void Max_backlog_holds_at_once() // 5.4
    {
        var costs = CostModel.Zero.With(CostOp.IpiReceive, 1_000_000_000);
        using var run = new Running(
            Yaml.Server(cpus: 2, device: "queues: 1, queues-sysfs: { rx-0: { rps_cpus: \"2\" } }", sysctl: "net.core.netdev_max_backlog: 10",
                traffic: Yaml.Flood("100kpps", ", stop: 10ms")),
            costs);
        run.Until(4_950);
        Assert.Equal(11, run.Cpu(1).Softnet.InputQueueLength);
        Set(run, "net.core.netdev_max_backlog", "30");
        run.Until(20_000);
        Assert.Equal(31, run.Cpu(1).Softnet.InputQueueLength);
    }

    private static Running Flooded(string device, string sysctl = "") => new(
        Yaml.Server(cpus: 4, device: device, sysctl: sysctl, tasks: Yaml.Sink("batch: 1"), traffic: Yaml.Flood("10kpps", ", stop: 20ms")));

    private static string? Set(Running run, string key, string value) => run.Simulation.Set("server", key, value);

    private static List<long> Processed(Running run) => [.. run.Snapshot.Hosts[0].Cpus.Select(c => c.Softnet.Processed)];
}
