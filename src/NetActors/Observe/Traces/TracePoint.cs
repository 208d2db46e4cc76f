namespace NetActors.Observe;

#pragma warning disable CA1707, IDE1006 // the kernel's own names: what people grep for
/// <summary>
/// Where trace events come from, named after the kernel's trace points and functions. Each says what its two arguments mean; lengths
/// are in bytes. New points are appended: their order is the order of their numbers.
/// </summary>
public enum TracePoint : byte
{
    /// <summary>A device's interrupt handler begins. Arg1: irq number.</summary>
    irq_handler_entry,

    /// <summary>The handler ends. Arg1: irq number. Arg2: 1 handled, 0 not.</summary>
    irq_handler_exit,

    /// <summary>Another CPU's interrupt is handled. Arg1: sending CPU, -1 when it is not known. Arg2: 0 function call (CAL), 1 reschedule (RES).</summary>
    ipi_entry,

    /// <summary>That ends. Arg1: as ipi_entry. Arg2: as ipi_entry.</summary>
    ipi_exit,

    /// <summary>An interrupt is sent to another CPU (6.x: ipi_send_cpu). Arg1: target CPU. Arg2: as ipi_entry.</summary>
    ipi_send,

    /// <summary>The local timer's interrupt handler begins. Arg1: vector.</summary>
    local_timer_entry,

    /// <summary>That handler ends. Arg1: vector.</summary>
    local_timer_exit,

    /// <summary>A vector is marked pending. Arg1: vector.</summary>
    softirq_raise,

    /// <summary>A vector's action begins. Arg1: vector.</summary>
    softirq_entry,

    /// <summary>The action ends. Arg1: vector.</summary>
    softirq_exit,

    /// <summary>An instance joins its CPU's poll list. Arg1: NAPI id.</summary>
    napi_schedule,

    /// <summary>A poll begins. Arg1: NAPI id. Arg2: weight in packets.</summary>
    __napi_poll,

    /// <summary>A poll ends. Arg1: NAPI id. Arg2: packets handled.</summary>
    napi_poll,

    /// <summary>An instance found its ring empty. Arg1: NAPI id. Arg2: packets handled.</summary>
    napi_complete_done,

    /// <summary>NET_RX ran out of budget or time (time_squeeze). Arg1: packets left of the budget. Arg2: microseconds used.</summary>
    net_rx_action,

    /// <summary>A packet enters GRO. Arg1: ifindex. Arg2: length.</summary>
    napi_gro_receive,

    /// <summary>A merged packet leaves GRO. Arg1: segments merged. Arg2: length.</summary>
    napi_gro_complete,

    /// <summary>A packet is steered. Arg1: chosen CPU, -1 for none. Arg2: the flow table's wish, -1 for none.</summary>
    get_rps_cpu,

    /// <summary>A packet enters through the backlog (loopback, veth). Arg1: ifindex. Arg2: length.</summary>
    netif_rx,

    /// <summary>A packet enters the protocols. Arg1: ifindex. Arg2: length.</summary>
    netif_receive_skb,

    /// <summary>A packet joins a CPU's backlog. Arg1: target CPU. Arg2: packets then in input_pkt_queue.</summary>
    enqueue_to_backlog,

    /// <summary>A poll of the backlog takes a packet. Arg1: quota in packets. Arg2: packets taken, this one included.</summary>
    process_backlog,

    /// <summary>An ARP packet arrives. Arg1: ifindex. Arg2: operation.</summary>
    arp_rcv,

    /// <summary>An IPv4 packet arrives. Arg1: ifindex. Arg2: length.</summary>
    ip_rcv,

    /// <summary>The packet is for us. Arg1: protocol. Arg2: length.</summary>
    ip_local_deliver,

    /// <summary>The packet is for somebody else. Arg1: outgoing ifindex. Arg2: length.</summary>
    ip_forward,

    /// <summary>A fragment joins its queue. Arg1: offset in bytes. Arg2: length.</summary>
    ip_defrag,

    /// <summary>An ICMP message arrives. Arg1: type. Arg2: code.</summary>
    icmp_rcv,

    /// <summary>A TCP segment goes out (kernel: <c>__tcp_transmit_skb</c>).</summary>
    tcp_transmit_skb,

    /// <summary>A UDP datagram arrives. Arg1: destination port. Arg2: length.</summary>
    udp_rcv,

    /// <summary>The datagram is for this socket. Arg1: socket inode. Arg2: sk_rmem_alloc in bytes.</summary>
    udp_queue_rcv_skb,

    /// <summary>A TCP segment arrives. Arg1: destination port. Arg2: length.</summary>
    tcp_v4_rcv,

    /// <summary>The socket is held elsewhere: the packet waits. Arg1: socket inode. Arg2: packets waiting.</summary>
    sk_add_backlog,

    /// <summary>A socket tells that it can be read. Arg1: socket inode. Arg2: pid woken, 0 for none.</summary>
    sock_def_readable,

    /// <summary>An epoll instance hears of a ready file. Arg1: epoll id. Arg2: socket inode.</summary>
    ep_poll_callback,

    /// <summary>A task becomes runnable. Arg1: pid. Arg2: target CPU.</summary>
    sched_wakeup,

    /// <summary>The CPU goes from one task to another; pid 0 is idle. Arg1: previous pid. Arg2: next pid.</summary>
    sched_switch,

    /// <summary>A task moves to another CPU. Arg1: pid. Arg2: target CPU.</summary>
    sched_migrate_task,

    /// <summary>A system call begins. Arg1: x86-64 number. Arg2: first argument.</summary>
    sys_enter,

    /// <summary>The system call ends. Arg1: x86-64 number. Arg2: result, an errno negated.</summary>
    sys_exit,

    /// <summary>Payload is copied to the application. Arg1: length. Arg2: socket inode.</summary>
    skb_copy_datagram_iovec,

    /// <summary>A packet ends, delivered.</summary>
    consume_skb,

    /// <summary>A packet ends, dropped. Arg1: SkbDropReason. Arg2: protocol (EtherType).</summary>
    kfree_skb,

    /// <summary>An application sends a datagram. Arg1: socket inode. Arg2: length.</summary>
    udp_sendmsg,

    /// <summary>We send an ICMP error. Arg1: type. Arg2: code.</summary>
    icmp_send,

    /// <summary>An IPv4 packet leaves. Arg1: ifindex. Arg2: length.</summary>
    ip_output,

    /// <summary>A packet waits for its neighbour's address. Arg1: ifindex. Arg2: the neighbour's IPv4 address.</summary>
    neigh_resolve_output,

    /// <summary>A neighbour changes its state. Arg1: NUD_* state. Arg2: the neighbour's IPv4 address.</summary>
    neigh_update,

    /// <summary>We send an ARP packet (kernel: arp_send_dst). Arg1: ifindex. Arg2: operation.</summary>
    arp_send,

    /// <summary>A packet enters the qdisc. Arg1: ifindex. Arg2: length.</summary>
    net_dev_queue,

    /// <summary>The qdisc takes the packet. Arg1: ifindex. Arg2: packets then waiting.</summary>
    qdisc_enqueue,

    /// <summary>The qdisc gives the packet. Arg1: ifindex. Arg2: packets then waiting.</summary>
    qdisc_dequeue,

    /// <summary>The driver takes the packet. Arg1: ifindex. Arg2: 0 taken, NETDEV_TX_BUSY 16.</summary>
    net_dev_xmit,

    /// <summary>A timer is armed. Arg1: timer id. Arg2: expires, in nanoseconds.</summary>
    timer_start,

    /// <summary>A timer's function begins. Arg1: timer id.</summary>
    timer_expire_entry,

    /// <summary>The function ends. Arg1: timer id.</summary>
    timer_expire_exit,

    /// <summary>A frame reached the NIC (emulator only). Arg1: ifindex. Arg2: queue.</summary>
    nic_rx,

    /// <summary>The NIC dropped a frame (emulator only). Arg1: ifindex. Arg2: SkbDropReason.</summary>
    nic_drop,

    /// <summary>The NIC raised an interrupt (emulator only). Arg1: irq number. Arg2: queue.</summary>
    nic_irq,

    /// <summary>The NIC sent a frame (emulator only). Arg1: ifindex. Arg2: queue.</summary>
    nic_tx,

    /// <summary>A frame enters a wire (emulator only). Arg1: wire index. Arg2: length.</summary>
    wire_tx,

    /// <summary>A frame leaves a wire (emulator only). Arg1: wire index. Arg2: length.</summary>
    wire_rx,

    /// <summary>A wire lost a frame (emulator only). Arg1: wire index. Arg2: SkbDropReason.</summary>
    wire_drop,

    /// <summary>A segment came for a connection. Arg1: ssthresh and, in the lower half, cwnd in segments. Arg2: socket inode and, in the lower half, srtt in microseconds.</summary>
    tcp_probe,

    /// <summary>A TCP socket changes its state. Arg1: local port and, in the lower 16 bits, the peer's. Arg2: socket inode, old state, and in the lower 8 bits the new one.</summary>
    inet_sock_set_state,
}
