using NetActors.Softirq;
using NetActors.Time;

namespace NetActors.Tests.Softirq;

/// <summary>Runs NET_RX by hand over NAPI instances that hold so many packets.</summary>
internal sealed class NetRxRuns
{
    private readonly NetRxAction _action;
    private readonly Dictionary<NapiInstance, int> _packets = [];

    public NetRxRuns(KernelVersion version = KernelVersion.V6, Jiffies jiffies = default)
    {
        Version = version;
        _action = new NetRxAction(Softnet, version, jiffies);
    }

    public KernelVersion Version { get; }

    public SoftnetData Softnet { get; } = new(1000, 1, 64);

    /// <summary>Names of the polled, in order.</summary>
    public List<string> Polled { get; } = [];

    public KernelTime Now { get; set; }

    public KernelTime PacketTime { get; init; }

    /// <summary>What happens while a NAPI is polled.</summary>
    public Action<NapiInstance>? WhilePolling { get; set; }

    public bool Reraised => _action.Reraise;

    public NapiInstance Napi(string name, int packets)
    {
        var napi = new NapiInstance(_packets.Count + 2, name);
        _packets.Add(napi, packets);
        return napi;
    }

    public NapiInstance Schedule(string name, int packets) => Schedule(Napi(name, packets));

    public NapiInstance Schedule(NapiInstance napi)
    {
        Assert.True(napi.SchedulePrep(Version));
        Softnet.PollList.Append(napi);
        return napi;
    }

    /// <summary>One NET_RX run; answers the packets it took.</summary>
    public int Run(int budget = 300, long limitMicroseconds = 8000)
    {
        var taken = 0;
        _action.Begin(Now, budget, KernelTime.FromMicroseconds(limitMicroseconds));
        while (_action.Next(Now) is { } napi)
        {
            Polled.Add(napi.Name);
            WhilePolling?.Invoke(napi);
            var work = Math.Min(napi.Weight, _packets[napi]);
            _packets[napi] -= work;
            taken += work;
            Now += PacketTime * work;
            if (work < napi.Weight) napi.CompleteDone(work, Version);
            _action.Polled(napi, work, work == napi.Weight, Now);
        }

        _action.End();
        return taken;
    }
}
