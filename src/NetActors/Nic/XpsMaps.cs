namespace NetActors.Nic;

/// <summary>
/// The masks of a device's transmit queues (<c>xps_cpus</c>, <c>xps_rxqs</c>), written one queue at a time as sysfs does (kernel:
/// <c>netif_set_xps_queue</c>; specification section 7.1).
/// </summary>
/// <param name="queues">Queue pairs.</param>
/// <param name="cpus">CPUs of the host.</param>
internal sealed class XpsMaps(int queues, int cpus)
{
    private readonly bool[,] _byCpu = new bool[queues, cpus];
    private readonly bool[,] _byRxQueue = new bool[queues, queues];

    /// <summary>What drivers set when they come up: CPU N sends through queue N modulo queues.</summary>
    public static XpsMaps OfDriver(int queues, int cpus)
    {
        var maps = new XpsMaps(queues, cpus);
        for (var cpu = 0; cpu < cpus; cpu++) maps._byCpu[cpu % queues, cpu] = true;
        return maps;
    }

    /// <summary>The CPUs that send through a queue.</summary>
    public IEnumerable<int> CpusOf(int queue) => Enumerable.Range(0, cpus).Where(cpu => _byCpu[queue, cpu]);

    /// <summary>The receive queues whose sockets send through a queue.</summary>
    public IEnumerable<int> RxQueuesOf(int queue) => Enumerable.Range(0, queues).Where(rx => _byRxQueue[queue, rx]);

    /// <summary>Writes <c>xps_cpus</c> of a queue.</summary>
    public void SetCpus(int queue, IEnumerable<int> members) => Set(_byCpu, queue, cpus, members);

    /// <summary>Writes <c>xps_rxqs</c> of a queue.</summary>
    public void SetRxQueues(int queue, IEnumerable<int> members) => Set(_byRxQueue, queue, queues, members);

    /// <summary>How packets choose with these masks, those of queues out of use left aside.</summary>
    /// <param name="inUse">The first queues, which are in use.</param>
    public TxSteering Steering(int inUse)
    {
        var any = Enumerable.Range(0, inUse).Any(q => RxQueuesOf(q).Any());
        return new TxSteering(inUse, Queues(_byCpu, cpus, inUse), any ? Queues(_byRxQueue, queues, inUse) : []);
    }

    private static int[][] Queues(bool[,] masks, int members, int inUse) =>
        [.. Enumerable.Range(0, members).Select(member => Enumerable.Range(0, inUse).Where(q => masks[q, member]).ToArray())];

    private static void Set(bool[,] masks, int queue, int width, IEnumerable<int> members)
    {
        for (var i = 0; i < width; i++) masks[queue, i] = false;
        foreach (var member in members) masks[queue, member] = true;
    }
}
