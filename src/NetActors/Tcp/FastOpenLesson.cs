using NetActors.Headers;

namespace NetActors.Tcp;

/// <summary>What a SYN-ACK told a Fast Open client, to be kept for the next connection (kernel: <c>tcp_fastopen_cache_set</c>).</summary>
/// <param name="Mss">The server's MSS.</param>
/// <param name="Cookie">Its cookie; of length 0 or less when it gave none.</param>
/// <param name="SynLost">The SYN with data got lost.</param>
/// <param name="TryExperimental">1: ask with the experimental option next time; 2: that did not help either.</param>
public readonly record struct FastOpenLesson(ushort Mss, FastOpenCookie Cookie, bool SynLost, byte TryExperimental);
