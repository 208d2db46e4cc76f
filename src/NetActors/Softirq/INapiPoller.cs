using NetActors.Hosts;

namespace NetActors.Softirq;

/// <summary>A task that polls a NAPI itself, with bottom halves off; the softirq context of its CPU does it for it.</summary>
internal interface INapiPoller
{
    /// <summary>What it polls; the claim is its own.</summary>
    NapiInstance Napi { get; }

    /// <summary>A poll begins: says how much it may take and who polls.</summary>
    void BeginPoll();

    /// <summary>The poll is over; <see cref="NapiInstance.Work"/> says what it found.</summary>
    /// <param name="cpu">Where.</param>
    /// <param name="failed">It failed before it could complete.</param>
    /// <param name="completed">The driver has completed it: it may be somebody else's by now.</param>
    void OnPolled(HostCpu cpu, bool failed, bool completed);
}
