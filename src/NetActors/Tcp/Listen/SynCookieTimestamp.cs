namespace NetActors.Tcp;

/// <summary>
/// The options of a SYN in the low six bits of the time stamp that a cookie's SYN-ACK carries and its ACK echoes (kernel:
/// <c>cookie_init_timestamp</c>, <c>cookie_timestamp_decode</c>): window scale, SACK and ECN.
/// </summary>
public static class SynCookieTimestamp
{
    private const int Bits = 6; // TSBITS
    private const uint WindowScaleMask = 0xF; // TS_OPT_WSCALE_MASK; all set: no scaling
    private const uint SackBit = 1 << 4; // TS_OPT_SACK
    private const uint EcnBit = 1 << 5; // TS_OPT_ECN

    /// <summary>
    /// The time stamp with the options, before the connection's offset: not later than now, since the next must not be earlier.
    /// </summary>
    internal static uint Encode(RequestSock request, uint now)
    {
        var options = request.IsWindowScaled ? request.SendWindowScale : WindowScaleMask;
        if (request.HasSack) options |= SackBit;
        if (request.HasEcn) options |= EcnBit;
        var timestamp = now >> Bits << Bits | options;
        return timestamp > now ? timestamp - (1u << Bits) : timestamp;
    }

    /// <summary>
    /// Reads the options of an echo less the connection's offset. False when one is switched off by now.
    /// </summary>
    internal static bool TryDecode(uint echo, uint value, ushort mss, TcpSysctls sysctls, out TcpNegotiated options, out bool ecn)
    {
        var scale = echo & WindowScaleMask;
        var scaled = scale != WindowScaleMask;
        var sack = (echo & SackBit) != 0;
        ecn = (echo & EcnBit) != 0;
        options = new TcpNegotiated(mss, scaled, scaled ? (byte)scale : (byte)0, true, value, sack);
        return sysctls.TcpTimestamps != 0 && (sysctls.TcpSack || !sack) && (sysctls.TcpWindowScaling || !scaled);
    }
}
