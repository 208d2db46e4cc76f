namespace NetActors.Tcp;

/// <summary>What the route back to the peer says (kernel: the metrics of <c>struct dst_entry</c>).</summary>
/// <param name="AdvertisedMss">Most we take in a segment: MTU less headers (RTAX_ADVMSS).</param>
/// <param name="InitialReceiveWindow">First window in segments; 0 for the default (RTAX_INITRWND).</param>
/// <param name="Window">Most to offer in bytes; 0 for no bound (RTAX_WINDOW).</param>
/// <param name="Ecn">ECN is on for this route (RTAX_FEATURE_ECN).</param>
/// <param name="FastOpenWithoutCookie">Fast Open needs no cookie on this route (RTAX_FASTOPEN_NO_COOKIE).</param>
public readonly record struct ListenRoute(
    ushort AdvertisedMss, ushort InitialReceiveWindow = 0, uint Window = 0, bool Ecn = false, bool FastOpenWithoutCookie = false);
