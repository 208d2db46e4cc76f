namespace NetActors.Costs;

/// <summary>
/// Operations that take CPU time, named for what the kernel does. Each is charged where it is done, once, by whoever does it; the
/// comment says what is inside, so that nothing is paid twice.
/// </summary>
public enum CostOp
{
    /// <summary>From the vector to the driver's handler (<c>common_interrupt</c>, <c>irq_enter</c>).</summary>
    HardIrqEntry,

    /// <summary>From the handler back, the check for softirqs included (<c>irq_exit</c>).</summary>
    HardIrqExit,

    /// <summary>Putting a NAPI on the poll list and raising NET_RX (<c>__napi_schedule</c>).</summary>
    NapiSchedule,

    /// <summary>Taking a NAPI off the list and unmasking its interrupt (<c>napi_complete_done</c>, the driver's register write).</summary>
    NapiComplete,

    /// <summary>Sending an interrupt to another CPU, on the sender (<c>smp_call_function_single_async</c>).</summary>
    IpiSend,

    /// <summary>Taking such an interrupt, entry and exit included, on the receiver (<c>sysvec_call_function_single</c>).</summary>
    IpiReceive,

    /// <summary>One pass of softirqs begins (<c>handle_softirqs</c>).</summary>
    SoftirqEntry,

    /// <summary>The pass ends.</summary>
    SoftirqExit,

    /// <summary>One call of a NAPI's poll, whatever it finds (<c>__napi_poll</c>).</summary>
    NapiPollEntry,

    /// <summary>One packet in the driver's poll: descriptor, DMA sync, <c>build_skb</c>, refill; not the first touch of its bytes.</summary>
    RxDescriptor,

    /// <summary>One packet through GRO without finding anything to merge (<c>napi_gro_receive</c>).</summary>
    GroReceive,

    /// <summary>One packet through <c>__netif_receive_skb_core</c> to its protocol.</summary>
    NetifReceiveSkb,

    /// <summary>One packet put on a CPU's backlog (<c>enqueue_to_backlog</c>).</summary>
    BacklogEnqueue,

    /// <summary>One packet taken off the backlog (<c>process_backlog</c>).</summary>
    BacklogDequeue,

    /// <summary>Flow hash and choice of the CPU (<c>get_rps_cpu</c>).</summary>
    RpsHash,

    /// <summary>IPv4 header checks, without the route (<c>ip_rcv</c>).</summary>
    IpReceive,

    /// <summary>One look-up of a route, in or out (<c>ip_route_input_noref</c>, <c>ip_route_output_key</c>).</summary>
    IpRouteLookup,

    /// <summary>
    /// One line of a routing trie that the caches near the CPU cannot hold; a look-up for forwarding in a table of thousands of routes
    /// reads three beside what <see cref="IpRouteLookup"/> stands for (<c>fib_table_lookup</c>).
    /// </summary>
    RouteTrieLine,

    /// <summary>Local delivery of a datagram: socket look-up, checksum state, queueing; not the wakeup (<c>udp_rcv</c>).</summary>
    UdpReceive,

    /// <summary>A segment comes in: lookup and the connection's work (kernel: <c>tcp_v4_rcv</c>, <c>tcp_rcv_established</c>).</summary>
    TcpReceive,

    /// <summary>A segment goes out (kernel: <c>__tcp_transmit_skb</c>).</summary>
    TcpTransmit,

    /// <summary>The look-up that finds no socket, with the ICMP rate limit; a reply that is sent costs <see cref="IcmpReply"/> too.</summary>
    UdpNoSocket,

    /// <summary>One ICMP message in (<c>icmp_rcv</c>).</summary>
    IcmpReceive,

    /// <summary>Building one ICMP message; sending costs its own operations (<c>icmp_reply</c>, <c>icmp_send</c>).</summary>
    IcmpReply,

    /// <summary>One ARP message in, with its answer built (<c>arp_process</c>).</summary>
    ArpReceive,

    /// <summary>An SkBuff with its data, outside a driver's receive (<c>alloc_skb</c>).</summary>
    SkbAlloc,

    /// <summary>Freeing an SkBuff that was used (<c>consume_skb</c>).</summary>
    SkbFree,

    /// <summary>Freeing an SkBuff that is dropped (<c>kfree_skb_reason</c>).</summary>
    SkbDrop,

    /// <summary>From user to kernel.</summary>
    SyscallEntry,

    /// <summary>From kernel to user.</summary>
    SyscallExit,

    /// <summary>One datagram of <c>recvmsg</c> or <c>recvmmsg</c>, without entry, copy and free.</summary>
    RecvMsg,

    /// <summary>One datagram of <c>sendmsg</c>, without entry, allocation, copy and the layers below.</summary>
    SendMsg,

    /// <summary>Copying 1024 bytes between user and kernel; charge bytes / 1024 of it.</summary>
    CopyPerKiB,

    /// <summary>IPv4 output of one packet, forwarding included, without the route (<c>ip_output</c>, <c>ip_forward</c>).</summary>
    IpOutput,

    /// <summary>The neighbour's Ethernet header put on (<c>neigh_hh_output</c>).</summary>
    NeighbourOutput,

    /// <summary>Queue choice and qdisc of one packet (<c>__dev_queue_xmit</c>).</summary>
    DevQueueXmit,

    /// <summary>One packet put on a TX ring with its doorbell (<c>ndo_start_xmit</c>).</summary>
    TxDescriptor,

    /// <summary>One completed packet cleaned from a TX ring, its free included.</summary>
    TxCompletion,

    /// <summary>Making a sleeping task runnable on this or another CPU (<c>try_to_wake_up</c>).</summary>
    Wakeup,

    /// <summary>The reschedule interrupt that a wakeup on another CPU adds, on the waking CPU.</summary>
    RemoteWakeup,

    /// <summary>From one task to another (<c>__schedule</c>, <c>context_switch</c>).</summary>
    ContextSwitch,

    /// <summary>Leaving the idle loop and its sleep state.</summary>
    IdleExit,

    /// <summary>One timer tick (<c>tick_sched_timer</c>).</summary>
    TimerTick,

    /// <summary>One timer that is due (<c>call_timer_fn</c>), without what it does.</summary>
    TimerExpire,

    /// <summary>Summing 1024 bytes in software; charge bytes / 1024 of it (<c>csum_partial</c>).</summary>
    ChecksumPerKiB,

    /// <summary>First touch of a packet's bytes after DMA, once a packet, by the driver's poll (<c>eth_type_trans</c>).</summary>
    FirstTouch,

    /// <summary>A cache line last written by another core under the same last-level cache.</summary>
    CacheMissSameNode,

    /// <summary>A cache line last written on another NUMA node or in another socket.</summary>
    CacheMissRemoteNode,

    /// <summary>A cache line last written by the other thread of the core.</summary>
    CacheMissSmt,

    /// <summary>Taking and leaving a free spin lock of this CPU's.</summary>
    LockUncontended,

    /// <summary>Taking and leaving a spin lock that another CPU had last; waiting for it comes on top.</summary>
    LockContended,

    /// <summary>One <c>epoll_wait</c> without entry and events.</summary>
    EpollWait,

    /// <summary>One event put on a ready list or taken off it.</summary>
    EpollEvent,

    /// <summary>One file that <c>poll</c> or <c>select</c> looks at, and waits at (<c>do_pollfd</c>, <c>__pollwait</c>).</summary>
    PollFile,

    /// <summary>Moving a task to another CPU's run queue, its cold caches not included.</summary>
    TaskMigrate,

    /// <summary>A cache line last written under another last-level cache of the same node and socket.</summary>
    CacheMissOtherCache,

    /// <summary>
    /// One frame in the driver's poll where a native XDP program is attached, instead of <see cref="RxDescriptor"/>: descriptor, DMA sync, the
    /// program, its buffer used again; not the first touch. A frame that goes on into the stack pays for <see cref="RxDescriptor"/> too. In the
    /// stack (generic mode): the program alone.
    /// </summary>
    XdpReceive,

    /// <summary>Sending a frame elsewhere: map look-up and collecting, on the CPU that redirects (<c>xdp_do_redirect</c>, <c>bq_enqueue</c>).</summary>
    XdpRedirect,

    /// <summary>One frame put on a TX ring past the stack (XDP_TX, <c>ndo_xdp_xmit</c>), its share of the doorbell included.</summary>
    XdpTx,

    /// <summary>One such frame cleaned from the ring, its buffer given back (<c>xdp_return_frame</c>).</summary>
    XdpTxCompletion,

    /// <summary>
    /// One frame in the kernel thread of a CPU map up to receive offload: taken off the queue, its sk_buff made, its header read
    /// (<c>cpu_map_kthread_run</c>); lines that come from the CPU that redirected it are paid apart.
    /// </summary>
    CpuMapFrame,

    /// <summary>One frame into the receive ring of an AF_XDP socket, without what is copied (<c>xsk_rcv</c>).</summary>
    XskReceive,

    /// <summary>One descriptor that a program takes off a ring of an AF_XDP socket or puts on one.</summary>
    XskDescriptor,

    /// <summary>Waking a driver for an AF_XDP socket, without the system call (<c>ndo_xsk_wakeup</c>).</summary>
    XskWakeup,

    /// <summary>One frame that a poll-mode driver takes from a ring, its buffer replaced and its first line fetched ahead.</summary>
    PmdReceive,

    /// <summary>One frame that a poll-mode driver puts on a ring, the freeing of one that was sent included.</summary>
    PmdTransmit,

    /// <summary>One call of a poll-mode driver's receive function, whatever it finds.</summary>
    PmdPoll,

    /// <summary>One segment that software cuts off a large packet, its sk_buff included, without what is copied (<c>skb_segment</c>).</summary>
    GsoSegment,

    /// <summary>A receive buffer that another CPU gives back through the ring of its page pool (<c>page_pool_recycle_in_ring</c>).</summary>
    PagePoolRing,

    /// <summary>A receive buffer that the page allocator gives or takes back because its pool has none or no room (<c>page_pool_alloc_pages_slow</c>).</summary>
    PagePoolSlow,

    /// <summary>One page of a file handed to a socket in its place, without copying it (<c>splice_to_socket</c>, MSG_SPLICE_PAGES).</summary>
    SplicePage,
}
