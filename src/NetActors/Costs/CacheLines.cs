namespace NetActors.Costs;

/// <summary>
/// Lines of cache that come over from the CPU that had a thing last, when another one works on it (64 bytes each; Linux 6.x on x86-64, layouts
/// of Documentation/networking/net_cachelines). Lines that stay shared because nobody writes them are not counted.
/// </summary>
internal static class CacheLines
{
    /// <summary>A connection under its lock: the lock, the receive and the send half, timers and queues (kernel: <c>tcp_sock</c>).</summary>
    public const int TcpSock = 5;

    /// <summary>A datagram socket: the queue with its lock, and what is charged to it (kernel: <c>udp_sock</c>).</summary>
    public const int UdpSock = 2;

    /// <summary>What a layer reads and writes of a packet: two lines of the <c>sk_buff</c> and one of headers.</summary>
    public const int SkBuff = 3;

    /// <summary>The backlog of a CPU: its lock with the queue, and the NAPI (kernel: <c>input_pkt_queue</c>).</summary>
    public const int Backlog = 2;

    /// <summary>A task and the run queue that it is put on (kernel: <c>task_struct</c>, <c>rq</c>).</summary>
    public const int RunQueue = 3;

    /// <summary>An epoll instance: its lock, the ready list, the item (kernel: <c>eventpoll</c>).</summary>
    public const int Epoll = 2;

    /// <summary>A line of payload.</summary>
    public const int Bytes = 64;
}
