namespace NetActors.Tests.Scenarios;

/// <summary>One text for each kind of fault, with its line and column.</summary>
public class ScenarioFaultTests
{
    [Theory]
    [InlineData("rx_usecs: 8", "x.yaml:6:9: unknown key `rx_usecs` in hosts.HOST.devices.DEVICE; did you mean `coalesce.rx-usecs`?")]
    [InlineData("coalesce: { rx-usec: 8 }", "x.yaml:6:21: unknown key `rx-usec` in hosts.HOST.devices.DEVICE.coalesce; did you mean `rx-usecs`?")]
    [InlineData("mtu: big", "x.yaml:6:14: `mtu`: `big` is no whole number: 68 to 65535")]
    [InlineData("mtu: 67", "x.yaml:6:14: `mtu`: 67 is out of range: 68 to 65535")]
    [InlineData("mtu: [1500]", "x.yaml:6:14: `mtu` is a single value, not a list")]
    [InlineData("mtu:", "x.yaml:6:13: `mtu` has no value")]
    [InlineData("ring: 512", "x.yaml:6:15: a section of keys belongs here (rx, tx), not a value")]
    [InlineData("addresses: 10.0.0.1/24", "x.yaml:6:20: `addresses` is a list: [ ... ], not a value")]
    [InlineData("addresses: [10.0.0.1/33]", "x.yaml:6:30: `addresses`: the prefix length of `10.0.0.1/33` is not 0 to 32")]
    [InlineData("addresses: ['10.0.1']", "x.yaml:6:21: `addresses`: `10.0.1` is no IPv4 address, such as 10.0.0.1")]
    [InlineData("addresses: ['::1/64']", "x.yaml:6:21: `addresses`: `::1` is IPv6, which is not emulated yet")]
    [InlineData("addresses: [10.0.0.1/24, 10.0.0.1/25]", "x.yaml:6:34: 10.0.0.1 is already the address of server.eth0")]
    [InlineData("mac: 03:00:00:00:00:01", "x.yaml:6:14: `mac`: 03:00:00:00:00:01 is a group address: a device needs an even first byte")]
    [InlineData("speed: 10", "x.yaml:6:16: `speed`: `10` needs a unit: bit, kbit, Mbit or Gbit")]
    [InlineData("speed: 10Gbps", "x.yaml:6:18: `speed`: `Gbps` is no unit of a rate: bit, kbit, Mbit or Gbit; did you mean `10Gbit`?")]
    [InlineData("speed: 1bit", "x.yaml:6:16: `speed`: `1bit` is out of range: 10Mbit to 800Gbit")]
    [InlineData("coalesce: { model: event }", "x.yaml:6:28: `model`: `event` is not events, completion-queue or throttle; did you mean `events`?")]
    [InlineData("coalesce: { rx-usecs: 0, rx-frames: 0 }", "x.yaml:6:31: `rx-usecs` and `rx-frames` both 0 would never fire: `rx-frames: 1` is an interrupt a frame")]
    [InlineData("coalesce: { rx-usecs: 8.5ns }", "x.yaml:6:31: `rx-usecs`: `8.5ns` is finer than 1ns")]
    [InlineData("features: { gro: of }", "x.yaml:6:26: `gro`: `of` is neither on nor off; did you mean `off`?")]
    [InlineData("rx-flow-hash: { udp4: sdfx }", "x.yaml:6:31: `udp4`: `sdfx` is not made of the letters s, d, f, n, each once; did you mean `sdfn`?")]
    [InlineData("rxfh: { equal: 2 }", "x.yaml:6:24: queue 1 is out of range: the device has 1")]
    [InlineData("rxfh: { hkey: '6d:5a' }", "x.yaml:6:23: `hkey`: the key has 2 bytes: 40 or 52")]
    [InlineData("rxfh: { weight: [1], indir: [0] }", "x.yaml:6:15: `equal`, `weight` and `indir` are three ways to say the same: write one")]
    [InlineData("smp_affinity_list: { eth0-TxRx-00: '0' }", "x.yaml:6:30: no vector is called `eth0-TxRx-00`: eth0-TxRx-0 to eth0-TxRx-0; did you mean `eth0-TxRx-0`?")]
    [InlineData("smp_affinity_list: { eth0-TxRx-0: '1' }", "x.yaml:6:43: `eth0-TxRx-0`: CPU 1 is out of range: the host has CPU 0 only")]
    [InlineData("queues-sysfs: { rx-1: { rps_cpus: 1 } }", "x.yaml:6:25: no queue is called `rx-1`: rx-0 to rx-0, tx-0 to tx-0, rx-* or tx-*; did you mean `rx-0`?")]
    [InlineData("queues-sysfs: { rx-0: { rps_cpus: 0x1 } }", "x.yaml:6:43: `rps_cpus`: `0x1` is no mask of CPUs, such as ff or f,ffffffff")]
    [InlineData("queues-sysfs: { rx-*: { rps_cpus: f } }", "x.yaml:6:43: `rps_cpus`: CPU 3 is out of range: the host has CPU 0 only")]
    [InlineData("ntuple: ['flow-type udp4 dst-port 53 action 0']", "x.yaml:6:17: flow rules need `features: { ntuple: on }`")]
    [InlineData("{ ntuple: ['flow-type udp4 dst-port 53 action 2'], features: { ntuple: on } }", "x.yaml:6:55: 2 is out of range: -2 to 0")]
    [InlineData("{ ntuple: ['flow-type udp dst-port 53 action 0'], features: { ntuple: on } }", "x.yaml:6:31: `udp` is not udp4, tcp4 or ip4; did you mean `udp4`?")]
    public void A_device_is_refused_where_the_fault_stands(string line, string fault) => Assert.Equal(fault, Texts.Faults(Texts.Device(line)));

    [Theory]
    [InlineData("cpu: 4", "x.yaml:6:5: unknown key `cpu` in hosts.HOST; did you mean `cpus`?")]
    [InlineData("sysctl: { net.core.netdev_bugdet: 300 }", "x.yaml:6:15: no sysctl here is called `net.core.netdev_bugdet`; did you mean `net.core.netdev_budget`?")]
    [InlineData("sysctl: { net.core.netdev_budget: 0 }", "x.yaml:6:39: `net.core.netdev_budget`: 0 is out of range: 1 to 2147483647")]
    [InlineData("sysctl: { net.ipv4.conf.eth9.rp_filter: 1 }", "x.yaml:6:15: `net.ipv4.conf.eth9.rp_filter` names no device of this host; did you mean `net.ipv4.conf.eth0.rp_filter`?")]
    [InlineData("sysctl: { net.ipv4.ip_local_port_range: 1024 }", "x.yaml:6:45: `net.ipv4.ip_local_port_range`: `1024` is not 2 whole numbers with blanks between")]
    [InlineData("sysctl: { net.ipv4.ip_local_port_range: 2000 1024 }", "x.yaml:6:45: `net.ipv4.ip_local_port_range`: the numbers of `2000 1024` do not rise")]
    [InlineData("routes: [ 'defualt via 10.0.0.2' ]", "x.yaml:6:16: `defualt` is no prefix and no type of route; did you mean `default`?")]
    [InlineData("routes: [ 'default via 10.0.0.2 dev eth1' ]", "x.yaml:6:41: the host has no device `eth1`; did you mean `eth0`?")]
    [InlineData("routes: [ 'default via 10.9.0.2' ]", "x.yaml:6:15: gateway 10.9.0.2 is on no link of this host: an address of its prefix, or `onlink`, is needed")]
    [InlineData("routes: [ '10.1.0.1/16 dev eth0' ]", "x.yaml:6:16: 10.1.0.1/16 has bits set beyond its length; did you mean `10.1.0.0/16`?")]
    [InlineData("routes: [ 'default dev eth0 matric 5' ]", "x.yaml:6:33: `matric` is not via, dev, src, metric, mtu, onlink or split; did you mean `metric`?")]
    [InlineData("neighbours: [ '10.0.0.2 dev eth0' ]", "x.yaml:6:33: `lladdr` is missing")]
    [InlineData("neighbours: [ '10.0.0.2 lladdr 02:00:00:00:00:02 dev eth0 nud permament' ]", "x.yaml:6:67: `permament` is not permanent, noarp, reachable or stale; did you mean `permanent`?")]
    [InlineData("tasks: [ { name: a, program: udp-snik, bind: '0.0.0.0:9' } ]", "x.yaml:6:34: `program`: `udp-snik` is not udp-sink, udp-echo, udp-closed-loop, udp-open-loop, packet-flood, tcp-server, tcp-rr, tcp-crr, memcached-client, tcp-stream, ping or cpu-hog; did you mean `udp-sink`?")]
    [InlineData("tasks: [ { name: a, program: udp-sink } ]", "x.yaml:6:14: `bind` is missing (where it listens)")]
    [InlineData("tasks: [ { name: a, program: udp-sink, bind: '10.0.0.9:9' } ]", "x.yaml:6:50: `bind`: 10.0.0.9 is no address of this host")]
    [InlineData("tasks: [ { name: a, program: udp-sink, bind: '0.0.0.0:9', outstanding: 8 } ]", "x.yaml:6:63: unknown key `outstanding` in hosts.HOST.tasks[] (udp-sink, udp-echo)")]
    [InlineData("tasks: [ { name: a, program: cpu-hog, cpus: 2-4 } ]", "x.yaml:6:49: `cpus`: CPU 4 is out of range: the host has CPUs 0 to 3")]
    [InlineData("tasks: [ { name: a, program: cpu-hog, burst: 10 } ]", "x.yaml:6:50: `burst`: `10` needs a unit: ns, us, ms or s")]
    [InlineData("tasks: [ { name: a, program: cpu-hog, burst: 10sec } ]", "x.yaml:6:52: `burst`: `sec` is no unit of a time: ns, us, ms or s; did you mean `10s`?")]
    [InlineData("tasks: [ { name: a, program: cpu-hog, start: 2ms, stop: 1ms } ]", "x.yaml:6:61: `stop` is not after `start`")]
    [InlineData("tasks: [ { name: a, program: cpu-hog }, { name: a, program: cpu-hog } ]", "x.yaml:6:53: another task of this host is already called `a`")]
    public void A_host_is_refused_where_the_fault_stands(string line, string fault) => Assert.Equal(fault, Texts.Faults(Texts.Host(line)));

    [Theory]
    [InlineData("duraton: 1ms", "x.yaml:4:1: unknown key `duraton` in (scenario); did you mean `duration`?")]
    [InlineData("duration: 1", "x.yaml:4:11: `duration`: `1` needs a unit: ns, us, ms or s")]
    [InlineData("duration: 2h", "x.yaml:4:12: `duration`: `h` is no unit of a time: ns, us, ms or s")]
    [InlineData("duration: -1ms", "x.yaml:4:11: `duration`: `-1ms` is negative: 1ns to 3600s")]
    [InlineData("kernel: 4.19", "x.yaml:4:9: `kernel`: `4.19` is not 6.x or 3.10")]
    [InlineData("clock: { hz: 300 }", "x.yaml:4:14: `hz`: `300` is not 100, 250, 1000 or exact")]
    [InlineData("seed: -1", "x.yaml:4:7: `seed`: `-1` is no whole number of 64 bits")]
    [InlineData("seed: 1\nseed: 2", "x.yaml:5:1: `seed` is given twice, first in line 4")]
    [InlineData("seed: *other", "x.yaml:4:7: aliases (*name) are not read: write the value out")]
    [InlineData("seed: &a 1", "x.yaml:4:7: anchors (&name) are not read: write the value out where it is needed")]
    [InlineData("seed: !!str 1", "x.yaml:4:7: tags (!name) are not read: the key decides what its value is")]
    [InlineData("[1]: 2", "x.yaml:4:1: a key is a word, not a list")]
    [InlineData("wires: [ { between: [server.eth0] } ]", "x.yaml:4:21: `between` needs two devices: [client.eth0, server.eth0]")]
    [InlineData("wires: [ { between: [server.eth0, server.eth2] } ]", "x.yaml:4:35: `between`: no device is called `server.eth2` (host.device); did you mean `server.eth0`?")]
    [InlineData("wires: [ { between: [server.eth0, server.eth0] } ]", "x.yaml:4:35: server.eth0 is already at the end of a wire")]
    [InlineData("wires: [ { between: [server.eth0, server.eth1], loss: 0.1 } ]", "x.yaml:4:55: `loss`: `0.1` needs a unit: %")]
    [InlineData("wires: [ { between: [server.eth0, server.eth1], loss: 101% } ]", "x.yaml:4:55: `loss`: `101%` is out of range: 0% to 100%")]
    [InlineData("traffic: [ { name: f, to: eth0, kind: udp-flood, rate: 1Mpps, destination: '10.0.0.1:9' } ]", "x.yaml:4:27: `to`: no device is called `eth0` (host.device); did you mean `server.eth0`?")]
    [InlineData("traffic: [ { name: f, to: server.eth0, kind: udp-flod, rate: 1Mpps, destination: '10.0.0.1:9' } ]", "x.yaml:4:46: `kind`: `udp-flod` is not udp-flood, icmp-flood or replay; did you mean `udp-flood`?")]
    [InlineData("traffic: [ { name: f, to: server.eth0, kind: udp-flood, destination: '10.0.0.1:9' } ]", "x.yaml:4:12: `rate` is missing (packets a second)")]
    [InlineData("traffic: [ { name: f, to: server.eth0, kind: udp-flood, rate: 1Gbit, destination: '10.0.0.1:9' } ]", "x.yaml:4:64: `rate`: `Gbit` is no unit of a packet rate: pps, kpps or Mpps")]
    [InlineData("traffic: [ { name: f, to: server.eth0, kind: udp-flood, rate: 1pps, destination: '10.0.0.1:9-7' } ]", "x.yaml:4:92: `destination`: the ports of `9-7` run backwards; did you mean `10.0.0.1:7-9`?")]
    [InlineData("traffic: [ { name: f, to: server.eth0, kind: udp-flood, rate: 1pps, destination: '10.0.0.1:9', elephant-share: 1% } ]", "x.yaml:4:112: `elephant-share` needs `distribution: elephant`")]
    [InlineData("traffic: [ { name: f, to: server.eth0, kind: udp-flood, rate: 1pps, destination: '10.0.0.1:9', size: { 63: 1 } } ]", "x.yaml:4:104: `size`: `63` is out of range: 64B to 9KiB")]
    [InlineData("traffic: [ { name: f, to: server.eth0, kind: udp-flood, rate: 1pps, destination: '10.0.0.1:9', flows: 3, source: 10.0.0.2/31, source-ports: 5 } ]", "x.yaml:4:103: 3 flows need more addresses and ports than the 2 pairs that are there")]
    [InlineData("traffic: [ { name: f, to: server.eth0, kind: replay, file: none.pcap } ]", "x.yaml:4:60: capture `none.pcap` does not exist")]
    [InlineData("report: { warm-up: 1s }", "x.yaml:4:20: `warm-up` leaves nothing of the run")]
    [InlineData("report: [", "x.yaml:5:1: not YAML: while parsing a node, did not find expected node content")]
    [InlineData("\"unclosed", "x.yaml:4:1: not YAML: while scanning a quoted scalar, found unexpected end of stream")]
    public void A_scenario_is_refused_where_the_fault_stands(string line, string fault) => Assert.Equal(fault, Texts.Faults(Texts.Top(line)));

    [Theory]
    [InlineData("", "x.yaml:1:1: the file is empty")]
    [InlineData("# only a comment\n", "x.yaml:1:1: the file is empty")]
    [InlineData("{}", "x.yaml:1:1: `hosts` is missing: a scenario needs a host at least")]
    [InlineData("just text", "x.yaml:1:1: a scenario is a section of keys (hosts, traffic, ...), not a value")]
    [InlineData("hosts: {}", "x.yaml:1:8: `hosts` has no host")]
    [InlineData("hosts: { a b: }", "x.yaml:1:10: `a b` is no name of a host: letters, digits, - and _, 63 at most")]
    [InlineData("hosts: { a: }\ncost-model: bdw6-2081", "x.yaml:2:13: no cost model is called `bdw6-2081`: bdw6-2018, bdw6-2018-mlx5, intel8-2010, srv64-2024 or none, or the path of a .yaml file; did you mean `bdw6-2018`?")]
    [InlineData("hosts: { a: }\ncost-model: none.yaml", "x.yaml:2:13: cost model `none.yaml` does not exist")]
    [InlineData("hosts: { a: }\n--- \nb: 1", "x.yaml:2:1: a second document: one file holds one")]
    [InlineData("hosts: { a: { devices: { lo: } } }", "x.yaml:1:26: loopback is always there and needs no entry")]
    [InlineData("kernel: 3.10\nhosts: { a: { sysctl: { net.core.netdev_budget_usecs: 1 } } }", "x.yaml:2:25: `net.core.netdev_budget_usecs` is not in Linux 3.10")]
    [InlineData("kernel: 3.10\nhosts: { a: { devices: { b: { napi: { napi_defer_hard_irqs: 1 } } } } }", "x.yaml:2:61: `napi_defer_hard_irqs` is not in Linux 3.10")]
    public void A_file_is_refused_as_a_whole(string text, string fault) => Assert.Equal(fault, Texts.Faults(text));

    [Fact]
    public void All_faults_are_told_at_once_and_in_order() => Assert.Equal(
        """
        x.yaml:1:11: `duration`: `5` needs a unit: ns, us, ms or s
        x.yaml:3:8: `cpus`: 0 is out of range: 1 to 1024
        x.yaml:3:11: unknown key `colour` in hosts.HOST
        x.yaml:4:7: `seed`: `x` is no whole number of 64 bits
        """,
        Texts.Faults("duration: 5\nhosts: { a: {\n cpus: 0, colour: 1 } }\nseed: x").ReplaceLineEndings());

    [Fact]
    public void Nesting_without_end_is_refused() =>
        Assert.Contains("nested more than 32 deep", Texts.Faults("hosts: " + new string('[', 100_000)), StringComparison.Ordinal);
}
