namespace NetActors.Observe;

/// <summary>
/// How each trace point's arguments are printed, after the print formats of the kernel's trace points. A word in braces is replaced:
/// <c>{1}</c> and <c>{2}</c> by the argument in decimal, <c>{skb}</c> by the packet, <c>{dev1}</c> by the name that argument 1 stands for.
/// </summary>
internal static class TracePointFormats
{
    private static readonly string[] Formats = Build(new()
    {
        [TracePoint.irq_handler_entry] = "irq={1} name={irq1}",
        [TracePoint.irq_handler_exit] = "irq={1} ret={handled2}",
        [TracePoint.ipi_entry] = "({ipi2})",
        [TracePoint.ipi_exit] = "({ipi2})",
        [TracePoint.ipi_send] = "cpu={1} callback={ipi2}",
        [TracePoint.local_timer_entry] = "vector={1}",
        [TracePoint.local_timer_exit] = "vector={1}",
        [TracePoint.softirq_raise] = "vec={1} [action={vec1}]",
        [TracePoint.softirq_entry] = "vec={1} [action={vec1}]",
        [TracePoint.softirq_exit] = "vec={1} [action={vec1}]",
        [TracePoint.napi_schedule] = "napi_id={1} dev={napi1}",
        [TracePoint.__napi_poll] = "napi_id={1} dev={napi1} weight={2}",
        [TracePoint.napi_poll] = "napi poll on napi struct {1} for device {napi1} work {2}",
        [TracePoint.napi_complete_done] = "napi_id={1} dev={napi1} work_done={2}",
        [TracePoint.net_rx_action] = "budget={1} usecs={2}",
        [TracePoint.napi_gro_receive] = "dev={dev1} {skb} len={2}",
        [TracePoint.napi_gro_complete] = "{skb} segs={1} len={2}",
        [TracePoint.get_rps_cpu] = "{skb} cpu={1} rfs_cpu={2}",
        [TracePoint.netif_rx] = "dev={dev1} {skb} len={2}",
        [TracePoint.netif_receive_skb] = "dev={dev1} {skb} len={2}",
        [TracePoint.enqueue_to_backlog] = "{skb} cpu={1} qlen={2}",
        [TracePoint.process_backlog] = "{skb} quota={1} work={2}",
        [TracePoint.arp_rcv] = "dev={dev1} {skb} op={2}",
        [TracePoint.ip_rcv] = "dev={dev1} {skb} len={2}",
        [TracePoint.ip_local_deliver] = "{skb} protocol={1} len={2}",
        [TracePoint.ip_forward] = "dev={dev1} {skb} len={2}",
        [TracePoint.ip_defrag] = "{skb} offset={1} len={2}",
        [TracePoint.icmp_rcv] = "{skb} type={1} code={2}",
        [TracePoint.tcp_transmit_skb] = "{skb} sport={1} len={2}",
        [TracePoint.udp_rcv] = "{skb} dport={1} len={2}",
        [TracePoint.udp_queue_rcv_skb] = "{skb} sk={1} rmem_alloc={2}",
        [TracePoint.tcp_v4_rcv] = "{skb} dport={1} len={2}",
        [TracePoint.sk_add_backlog] = "{skb} sk={1} backlog={2}",
        [TracePoint.sock_def_readable] = "sk={1} pid={2}",
        [TracePoint.ep_poll_callback] = "ep={1} sk={2}",
        [TracePoint.sched_wakeup] = "comm={task1} pid={1} prio=120 target_cpu={cpu2}",
        [TracePoint.sched_switch] = "prev_comm={task1} prev_pid={1} prev_prio=120 ==> next_comm={task2} next_pid={2} next_prio=120",
        [TracePoint.sched_migrate_task] = "comm={task1} pid={1} prio=120 dest_cpu={2}",
        [TracePoint.sys_enter] = "NR {1} ({hex2})",
        [TracePoint.sys_exit] = "NR {1} = {2}",
        [TracePoint.skb_copy_datagram_iovec] = "{skb} len={1}",
        [TracePoint.consume_skb] = "{skb}",
        [TracePoint.kfree_skb] = "{skb} protocol={2} reason: {reason1}",
        [TracePoint.udp_sendmsg] = "{skb} sk={1} len={2}",
        [TracePoint.icmp_send] = "{skb} type={1} code={2}",
        [TracePoint.ip_output] = "dev={dev1} {skb} len={2}",
        [TracePoint.neigh_resolve_output] = "dev={dev1} {skb} primary_key4={ip2}",
        [TracePoint.neigh_update] = "nud_state={nud1} primary_key4={ip2}",
        [TracePoint.arp_send] = "dev={dev1} {skb} op={2}",
        [TracePoint.net_dev_queue] = "dev={dev1} {skb} len={2}",
        [TracePoint.qdisc_enqueue] = "dev={dev1} {skb} qlen={2}",
        [TracePoint.qdisc_dequeue] = "dev={dev1} {skb} qlen={2}",
        [TracePoint.net_dev_xmit] = "dev={dev1} {skb} rc={2}",
        [TracePoint.timer_start] = "timer={1} expires={2}",
        [TracePoint.timer_expire_entry] = "timer={1}",
        [TracePoint.timer_expire_exit] = "timer={1}",
        [TracePoint.nic_rx] = "dev={dev1} {skb} queue={2}",
        [TracePoint.nic_drop] = "dev={dev1} {skb} reason: {reason2}",
        [TracePoint.nic_irq] = "irq={1} queue={2}",
        [TracePoint.nic_tx] = "dev={dev1} {skb} queue={2}",
        [TracePoint.wire_tx] = "wire={wire1} {skb} len={2}",
        [TracePoint.wire_rx] = "wire={wire1} {skb} len={2}",
        [TracePoint.wire_drop] = "wire={wire1} {skb} reason: {reason2}",
        [TracePoint.tcp_probe] = "{skb} sk={high2} snd_cwnd={low1} ssthresh={high1} srtt={low2}",
        [TracePoint.inet_sock_set_state] =
            "family=AF_INET protocol=IPPROTO_TCP sport={sport1} dport={dport1} sk={sk2} oldstate={oldstate2} newstate={newstate2}",
    });

    /// <summary>The format of <paramref name="point"/>.</summary>
    public static string Of(TracePoint point) => Formats[(int)point];

    private static string[] Build(Dictionary<TracePoint, string> formats) =>
        [.. Enum.GetValues<TracePoint>().Select(point => formats[point])];
}
