using NetActors.Headers;
using NetActors.Time;

namespace NetActors.Tcp;

/// <summary>What a client knows of a server's Fast Open (kernel: <c>struct tcp_fastopen_metrics</c>).</summary>
/// <param name="Mss">The server's MSS; 0 when not known.</param>
/// <param name="Cookie">Its cookie; of length 0 when there is none.</param>
/// <param name="SynLosses">SYNs with data lost in a row.</param>
/// <param name="LastSynLoss">When the last one was.</param>
/// <param name="TryExperimental">1: ask with the experimental option next time; 2: that did not help either.</param>
public readonly record struct TcpFastOpenMetrics(
    ushort Mss, FastOpenCookie Cookie, int SynLosses, KernelTime LastSynLoss, byte TryExperimental);
