namespace NetActors.Softirq;

/// <summary>
/// The NAPIs of a host by their ids, and what its sysctls say of busy polling (kernel: <c>napi_hash</c>, <c>sysctl_net_busy_poll</c>,
/// <c>sysctl_net_busy_read</c>).
/// </summary>
internal sealed class NapiHash
{
    private Dictionary<int, NapiInstance> _napis = [];
    private int _busyPoll;
    private int _busyRead;

    /// <summary><c>net.core.busy_poll</c> in microseconds; changes at any time.</summary>
    public int BusyPoll
    {
        get => Volatile.Read(ref _busyPoll);
        set => Volatile.Write(ref _busyPoll, value);
    }

    /// <summary><c>net.core.busy_read</c> in microseconds, for sockets made from then on.</summary>
    public int BusyRead
    {
        get => Volatile.Read(ref _busyRead);
        set => Volatile.Write(ref _busyRead, value);
    }

    /// <summary>Adds a NAPI that tasks may poll.</summary>
    public void Add(NapiInstance napi) => Volatile.Write(ref _napis, new Dictionary<int, NapiInstance>(_napis) { [napi.Id] = napi });

    /// <summary>The NAPI of an id; null when there is none (kernel: <c>napi_by_id</c>).</summary>
    public NapiInstance? ById(int id) => Volatile.Read(ref _napis).GetValueOrDefault(id);
}
