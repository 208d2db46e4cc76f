using NetActors.Apps;
using NetActors.Buffers;
using NetActors.Execution;
using NetActors.Hosts;
using NetActors.Links;
using NetActors.Observe;
using NetActors.Udp;
using NetActors.Xdp;

namespace NetActors.Tests.Simulations;

/// <summary>
/// The balances of a simulation, layer by layer: what came into a layer left it, was dropped there for a counted reason, or waits. Each
/// is made of counters that different code keeps, so that a packet lost or counted twice shows where.
/// </summary>
internal static class Balances
{
    /// <summary>Fails the test with every balance that does not hold.</summary>
    /// <param name="simulation">Stands still.</param>
    /// <param name="idle">Its traffic has ended and everything was handled: nothing may wait.</param>
    /// <param name="about">What the failure is reported with, such as the scenario's text.</param>
    public static void Check(Simulation simulation, bool idle, string about = "")
    {
        var faults = Faults(simulation, idle);
        Assert.True(faults.Count == 0, $"at {simulation.Now}{(idle ? ", idle" : "")}:\n  {string.Join("\n  ", faults)}\n{about}");
    }

    public static IReadOnlyList<string> Faults(Simulation simulation, bool idle)
    {
        var ledger = new Ledger();
        var snapshot = simulation.Snapshot(); // first: it advances the cards
        ledger.Add("failures", string.Join("; ", simulation.Failures), "");
        ledger.Equal("conservation", snapshot.Conservation.Missing, 0);
        if (idle)
        {
            var unread = simulation.Plan.Hosts.Sum(h => Unread(h).Sum(s => s.Queued));
            ledger.Equal("conservation: waiting", snapshot.Conservation.InFlight, unread);
            ledger.Equal("packets rented", simulation.OutstandingPackets, unread);
        }

        foreach (var card in simulation.Plan.Cards) Card(ledger, simulation.Plan, card, idle);
        foreach (var wire in simulation.Plan.Wires) Wire(ledger, wire, idle);
        foreach (var machine in simulation.Plan.Hosts.GroupBy(h => h.Cpus).Where(m => m.Count() > 1)) Machine(ledger, [.. machine], idle);
        foreach (var host in simulation.Plan.Hosts.Where(h => h.Stack.Mibs.Length == 0))
        {
            var mib = new MibSet();
            foreach (var cpu in host.Cpus) mib.AddAll(cpu.Mib);
            Stack(ledger, host, mib, idle);
            Sockets(ledger, host, mib, idle);
            if (idle) Tasks(ledger, host);
        }

        return ledger.Faults;
    }

    /// <summary>From the sources into the rings, and from the rings to the poll.</summary>
    private static void Card(Ledger ledger, SimulationPlan plan, PlannedCard card, bool idle)
    {
        var name = $"{card.Host.Name}/{card.Device.Name}";
        var nic = card.Device.Receive;
        var counted = nic.Statistics;
        var offered = 0L;
        foreach (var traffic in plan.Traffic.Where(t => ReferenceEquals(t.To, card.Device))) offered += ((ITrafficSource)traffic.Source).Sent;
        if (card.Incoming is not null) offered += card.Incoming.Counters.Delivered;
        ledger.Equal($"{name}: frames that sources gave = taken", offered, counted.Taken);
        ledger.Equal(
            $"{name}: taken = to rings + dropped + on the chip",
            counted.Taken, counted.RxPacketsNic + counted.Dropped + nic.FramesInFlight + nic.FifoFrames);
        var (polled, ring, dropped, bytes) = (0L, 0L, 0L, 0L);
        for (var i = 0; i < card.Device.Napis.Length; i++) // closed ones too
        {
            var queue = nic.Queue(i);
            (polled, ring, dropped, bytes) = (polled + queue.Packets, ring + queue.Count, dropped + queue.Drops, bytes + queue.Bytes);
            ledger.Equal(
                $"{name}: descriptors of ring {i}", queue.Ring.Size - 1, queue.Ring.Posted + queue.Ring.Done + queue.Ring.Unused);
            if (card.Device.Mtu <= 1500) ledger.Equal($"{name}: filled descriptors of ring {i}", queue.Ring.Done, queue.Count);
        }

        ledger.Equal($"{name}: to rings = polled + in rings + purged", counted.RxPacketsNic, polled + ring + counted.RxPurged);
        if (nic.DropEnabled) ledger.Equal($"{name}: queue drops = no descriptor", dropped, counted.RxNoDmaResources);
        var sum = Sum(card.Device);
        ledger.Equal($"{name}: polled = rx_packets", polled, sum.RxPackets);
        ledger.Equal($"{name}: bytes polled = rx_bytes", bytes, sum.RxBytes);

        var (sent, sentBytes, posted, used, purged) = (0L, 0L, 0L, 0L, 0L);
        foreach (var queue in card.Device.TxQueues)
            (sent, sentBytes, posted, used, purged) = (sent + queue.Packets, sentBytes + queue.Bytes, posted + queue.Posted, used + queue.Used, purged + queue.Purged);
        ledger.Equal($"{name}: tx_packets = posted", sum.TxPackets, posted);
        if (idle)
        {
            ledger.Equal($"{name}: transmit descriptors in use", used, 0);
            ledger.Equal($"{name}: tx_packets = fetched + purged", sum.TxPackets, sent + purged);
            if (purged == 0) ledger.Equal($"{name}: tx_bytes = fetched", sum.TxBytes, sentBytes);
            ledger.Equal($"{name}: in rings", ring, 0);
        }
        else
        {
            ledger.AtLeast($"{name}: tx_packets >= fetched", sum.TxPackets, sent);
        }

        foreach (var wire in plan.Wires)
        {
            foreach (var end in wire.Ends)
            {
                if (ReferenceEquals(end.Device, card.Device))
                    ledger.Equal($"{name}: fetched = sent into the wire + refused", sent, end.Outgoing.Counters.Sent + end.Outgoing.Counters.Refused);
            }
        }
    }

    private static void Wire(Ledger ledger, PlannedWire wire, bool idle)
    {
        for (var i = 0; i < wire.Ends.Length; i++)
        {
            var (name, model) = ("wire " + wire.Directions[i], wire.Ends[i].Outgoing);
            ledger.Equal($"{name}: sent + duplicated = delivered + lost + inside", model.Counters.InFlight, model.FramesInside);
            ledger.Equal($"{name}: refused", model.Counters.Refused, 0); // a card waits for the line
            if (idle) ledger.Equal($"{name}: under way", model.FramesInside, 0);
        }
    }

    /// <summary>From the poll through RPS to the protocols.</summary>
    private static void Stack(Ledger ledger, Host host, MibSet mib, bool idle)
    {
        var (processed, backlog, refused, waiting, irqs) = (0L, 0L, 0L, 0L, 0L);
        foreach (var cpu in host.Cpus)
        {
            processed += cpu.Softnet.Processed;
            backlog += cpu.Softnet.InputQueueTail;
            refused += cpu.Softnet.Dropped;
            waiting += cpu.Softnet.InputLength + cpu.Softnet.ProcessLeft;
            irqs += cpu.HardIrqs;
            if (idle) ledger.Equal($"{host.Name}/cpu{cpu.Cpu.LocalId}: in hand", cpu.InHand, 0);
            if (idle) ledger.Equal($"{host.Name}/cpu{cpu.Cpu.LocalId}: softirqs pending", cpu.SoftirqPending, 0);
        }

        var lines = host.Nics.SelectMany(n => n.Irqs).Sum(i => i.Counts.Sum());
        ledger.Equal($"{host.Name}: interrupts by CPU = by line", irqs, lines);
        ledger.Equal($"{host.Name}: softnet dropped = CPU_BACKLOG", refused, Drops(host, SkbDropReason.CPU_BACKLOG));
        var received = host.Stack.Devices.Sum(d => Sum(d).RxPackets);
        var merged = host.Nics.SelectMany(n => n.Napis).Sum(n => n.Gro?.Merged ?? 0);
        var byXdp = host.Nics.Where(n => n.XdpGeneric is null).SelectMany(n => n.XdpStats).Sum(s => s.Taken);
        var maps = host.Nics.Where(n => n.XdpGeneric is null).SelectMany(n => n.CpuMap).ToList();
        merged += maps.Sum(m => m.Napi.Gro!.Merged);
        foreach (var map in maps)
        {
            var redirected = map.Device.XdpStats.Sum(s => s[XdpAction.Redirect]);
            if (idle) ledger.Equal($"{host.Name}: cpumap {map.Entry.Cpu}: enqueued = taken by its thread", map.Entry.Enqueued, map.Entry.Processed);
            if (idle) ledger.Equal($"{host.Name}: redirected = enqueued + dropped", redirected, maps.Where(m => m.Device == map.Device).Sum(m => m.Entry.Enqueued + m.Entry.Drops));
        }

        byXdp -= maps.Sum(m => m.Entry.Processed - m.Entry.ThreadDrops);
        var bypassed = host.Nics.Sum(n => n.Bypassed);
        if (idle) ledger.Equal($"{host.Name}: rx_packets of all devices = taken by XDP and programs + processed + merged + backlog drops", received, byXdp + bypassed + processed + merged + refused);
        if (idle) ledger.Equal($"{host.Name}: in backlogs", waiting, 0);
        ledger.AtLeast($"{host.Name}: NO_SOCKET, TCP's among it, >= NoPorts", Drops(host, SkbDropReason.NO_SOCKET), mib[UdpMib.NoPorts]);
        ledger.AtLeast($"{host.Name}: NoPorts + TCP's InSegs >= NO_SOCKET", mib[UdpMib.NoPorts] + mib[TcpMib.InSegs], Drops(host, SkbDropReason.NO_SOCKET));
        ledger.Equal($"{host.Name}: Udp InCsumErrors = UDP_CSUM", mib[UdpMib.InCsumErrors], Drops(host, SkbDropReason.UDP_CSUM));
        ledger.Equal($"{host.Name}: RcvbufErrors = SOCKET_RCVBUFF", mib[UdpMib.RcvbufErrors], Drops(host, SkbDropReason.SOCKET_RCVBUFF));
        ledger.Equal($"{host.Name}: MemErrors = PROTO_MEM", mib[UdpMib.MemErrors], Drops(host, SkbDropReason.PROTO_MEM));
        ledger.Equal($"{host.Name}: IP InCsumErrors = IP_CSUM", mib[IpExtMib.InCsumErrors], Drops(host, SkbDropReason.IP_CSUM));
        ledger.AtLeast( // a source route that is refused is IP_INHDR without the counter (ip_rcv_options)
            $"{host.Name}: IP_INHDR + IP_CSUM >= IP InHdrErrors", Drops(host, SkbDropReason.IP_INHDR, SkbDropReason.IP_CSUM), mib[IpMib.InHdrErrors]);
        ledger.Equal($"{host.Name}: InUnknownProtos = IP_NOPROTO", mib[IpMib.InUnknownProtos], Drops(host, SkbDropReason.IP_NOPROTO));
        ledger.AtLeast($"{host.Name}: InReceives >= InDelivers", mib[IpMib.InReceives], mib[IpMib.InDelivers]);
    }

    /// <summary>A machine with several namespaces, whose CPUs count for all of them together.</summary>
    private static void Machine(Ledger ledger, Host[] spaces, bool idle)
    {
        var (name, cpus) = (spaces[0].Name, spaces[0].Cpus);
        var received = spaces.SelectMany(s => s.Stack.Devices).Sum(d => Sum(d).RxPackets);
        var merged = spaces.SelectMany(s => s.Nics).SelectMany(n => n.Napis).Concat(spaces.SelectMany(s => s.Veths).Where(v => v.Queue is not null).Select(v => v.Queue!.Napi))
            .Sum(n => n.Gro?.Merged ?? 0);
        if (idle) ledger.Equal($"{name}: rx_packets of all devices = processed + merged + backlog drops", received, cpus.Sum(c => c.Softnet.Processed) + merged + cpus.Sum(c => c.Softnet.Dropped));
        var delivered = spaces.Sum(s => s.Sockets.Sum(socket => socket.Delivered));
        ledger.Equal($"{name}: InDatagrams = delivered", spaces.Sum(s => s.Stack.Mibs.Sum(m => m[UdpMib.InDatagrams])), delivered);
        foreach (var space in spaces)
            ledger.Equal($"{space.Name}: its InDatagrams = delivered", space.Stack.Mibs.Sum(m => m[UdpMib.InDatagrams]), space.Sockets.Sum(s => s.Delivered));
    }

    /// <summary>From the protocols to the programs.</summary>
    private static void Sockets(Ledger ledger, Host host, MibSet mib, bool idle)
    {
        var (received, delivered, queued, drops) = (0L, 0L, 0L, 0L);
        foreach (var socket in host.Sockets)
        {
            (received, delivered) = (received + socket.RxPackets, delivered + socket.Delivered);
            (queued, drops) = (queued + socket.Queued, drops + socket.Buffer.Drops);
            if (socket.Queued == 0) ledger.Equal($"{host.Name}/udp{socket.Id}: rmem_alloc of an empty queue", socket.Buffer.RmemAlloc, 0);
            ledger.AtLeast($"{host.Name}/udp{socket.Id}: rx_packets >= delivered + queued", socket.RxPackets, socket.Delivered + socket.Queued + socket.Purged);
        }

        var purged = host.Sockets.Sum(s => s.Purged);
        var late = received - delivered - queued - purged; // dropped for their checksum when they were read
        ledger.Equal(
            $"{host.Name}: drops of sockets = RCVBUFF + PROTO_MEM + late checksums",
            drops, Drops(host, SkbDropReason.SOCKET_RCVBUFF, SkbDropReason.PROTO_MEM) + late);
        ledger.AtLeast($"{host.Name}: UDP_CSUM >= late checksums", Drops(host, SkbDropReason.UDP_CSUM), late);
        ledger.Equal($"{host.Name}: InDatagrams = delivered", mib[UdpMib.InDatagrams], delivered);
        var unread = Unread(host).Sum(s => s.Queued);
        var ended = unread + purged + mib[UdpMib.InDatagrams] + mib[UdpMib.NoPorts] + mib[UdpMib.InErrors] + mib[UdpMib.IgnoredMulti] + mib[IcmpMib.InMsgs] + mib[TcpMib.InSegs];
        if (!idle) return;
        if (mib[IpExtMib.InMcastPkts] + mib[IpExtMib.InBcastPkts] == 0) ledger.Equal($"{host.Name}: InDelivers = ends of UDP + Icmp InMsgs", mib[IpMib.InDelivers], ended);
        else ledger.AtLeast($"{host.Name}: ends of UDP + Icmp InMsgs, copies for groups among them, >= InDelivers", ended, mib[IpMib.InDelivers]);
        ledger.Equal($"{host.Name}: in sockets", queued, unread);
        if (unread == 0) ledger.Equal($"{host.Name}: pages of UDP", host.Stack.UdpMemory.AllocatedPages, 0);
    }

    /// <summary>Sockets that nobody reads: those of programs that only send, or have ended.</summary>
    private static IEnumerable<UdpSocket> Unread(Host host) => host.Sockets.Where(s =>
        host.Tasks.Where(t => ReferenceEquals(t.Socket, s)).All(t => t.Program is PacketFloodProgram || t.Entity.State == TaskState.Dead));

    /// <summary>A task that neither waits in a socket nor sleeps until a time was forgotten.</summary>
    private static void Tasks(Ledger ledger, Host host)
    {
        var waiting = host.DatagramSockets.ToDictionary(s => s.Id, _ => 0);
        foreach (var task in host.Tasks)
        {
            var name = $"{host.Name}/{task.Entity.Name}-{task.Entity.Pid}";
            if (task.Program is CpuHogProgram or PacketFloodProgram or BypassProgram) continue;
            ledger.Add($"{name}: sleeps or has ended, for it is", task.Entity.State is TaskState.Sleeping or TaskState.Dead ? "" : task.Entity.State.ToString(), "");
            ledger.Equal($"{name}: results that it did not take", task.Entity.Pending.Count, 0);
            if (task.Entity.State == TaskState.Sleeping && task.Socket is { } socket) waiting[socket.Id]++;
        }

        foreach (var socket in host.DatagramSockets) ledger.Equal($"{host.Name}/socket {socket.Id}: tasks that sleep = that it will wake", waiting[socket.Id], socket.Sleepers.Count);
    }

    private static long Drops(Host host, params ReadOnlySpan<SkbDropReason> reasons)
    {
        var sum = 0L;
        foreach (var cpu in host.Cpus)
        {
            foreach (var reason in reasons) sum += cpu.Drops[DropTable.IndexOf(reason)];
        }

        return sum;
    }

    private static DeviceCounters Sum(NetDevice device)
    {
        var sum = new DeviceCounters();
        foreach (var c in device.Counters)
        {
            sum.RxPackets += c.RxPackets;
            sum.RxBytes += c.RxBytes;
            sum.TxPackets += c.TxPackets;
            sum.TxBytes += c.TxBytes;
        }

        return sum;
    }

    private sealed class Ledger
    {
        public List<string> Faults { get; } = [];

        public void Equal(string what, long left, long right) => Add(what, left, right);

        public void AtLeast(string what, long left, long right)
        {
            if (left < right) Faults.Add($"{what}: {left} < {right}");
        }

        public void Add<T>(string what, T left, T right)
        {
            if (!EqualityComparer<T>.Default.Equals(left, right)) Faults.Add($"{what}: {left} and {right}");
        }
    }
}
