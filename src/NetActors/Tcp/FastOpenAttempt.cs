using NetActors.Headers;

namespace NetActors.Tcp;

/// <summary>What a client may do with its SYN (kernel: <c>tcp_fastopen_cookie_check</c>).</summary>
/// <param name="Cookie">What the SYN says: length 0 asks for a cookie, a negative one leaves the option out.</param>
/// <param name="SendsData">Data may go with it.</param>
/// <param name="Mss">The server's MSS when it is known from before; 0 when not.</param>
/// <param name="IsTrial">The first after a blackhole: when it works, Fast Open is on again (<c>syn_fastopen_ch</c>).</param>
public readonly record struct FastOpenAttempt(FastOpenCookie Cookie, bool SendsData, int Mss = 0, bool IsTrial = false)
{
    /// <summary>No option.</summary>
    public static readonly FastOpenCookie NoCookie = new(0, -1, false);

    /// <summary>Data with a cookie of the server.</summary>
    public static FastOpenAttempt With(FastOpenCookie cookie) => new(cookie, SendsData: true);

    /// <summary>The SYN asks for a cookie.</summary>
    public static FastOpenAttempt Ask => new(default, SendsData: false);
}
