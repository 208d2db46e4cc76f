using NetActors.Headers;

namespace NetActors.Tcp;

/// <summary>What of a SYN's options the host wants too.</summary>
/// <param name="Mss">The most the peer takes in a segment: 536 when it did not say, at most TCP_MAXSEG (kernel: <c>mss_clamp</c>).</param>
/// <param name="IsWindowScaled">Kernel: <c>wscale_ok</c>.</param>
/// <param name="WindowScale">Shift of the peer's windows.</param>
/// <param name="HasTimestamps">Kernel: <c>tstamp_ok</c>.</param>
/// <param name="TimestampValue">The peer's clock.</param>
/// <param name="HasSack">Kernel: <c>sack_ok</c>.</param>
internal readonly record struct TcpNegotiated(
    ushort Mss, bool IsWindowScaled, byte WindowScale, bool HasTimestamps, uint TimestampValue, bool HasSack)
{
    private const ushort DefaultMss = 536; // TCP_MSS_DEFAULT

    /// <summary>
    /// Clips the options of a SYN to what is switched on (kernel: <c>tcp_parse_options</c> with <c>estab</c> 0). Of a SYN that gets a
    /// cookie without time stamps nothing but the MSS can be kept (<c>tcp_clear_options</c>).
    /// </summary>
    internal static TcpNegotiated Of(in TcpOptions options, TcpSysctls sysctls, ushort userMss, bool wantCookie)
    {
        var mss = DefaultMss;
        if (options.Has(TcpOptionSet.Mss)) mss = userMss != 0 ? Math.Min(options.Mss, userMss) : options.Mss;
        var timestamps = sysctls.TcpTimestamps != 0 && options.Has(TcpOptionSet.Timestamps);
        if (wantCookie && !timestamps) return new TcpNegotiated(mss, false, 0, false, 0, false);
        var scaled = sysctls.TcpWindowScaling && options.Has(TcpOptionSet.WindowScale);
        return new TcpNegotiated(
            mss, scaled, scaled ? options.WindowScale : (byte)0, timestamps, timestamps ? options.TimestampValue : 0,
            sysctls.TcpSack && options.Has(TcpOptionSet.SackPermitted));
    }
}
