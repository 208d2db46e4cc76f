using NetActors.Observe;

namespace NetActors.Ip;

/// <summary>Counts ICMP messages by type, in the columns of the Icmp group and in IcmpMsg (kernel: <c>icmp_out_count</c>).</summary>
internal static class IcmpStats
{
    /// <summary>A message came in; InMsgs is counted before its type is known.</summary>
    public static void CountIn(MibSet mib, byte type)
    {
        mib.IcmpIn(type);
        if (Column(type) is var column and >= 0) mib.Add(IcmpMib.InDestUnreachs + column);
    }

    /// <summary>A message goes out.</summary>
    public static void CountOut(MibSet mib, byte type)
    {
        mib.IcmpOut(type);
        mib.Add(IcmpMib.OutMsgs);
        if (Column(type) is var column and >= 0) mib.Add(IcmpMib.OutDestUnreachs + column);
    }

    /// <summary>Place among the typed columns, in which both directions have one order; -1 for types without one.</summary>
    private static int Column(byte type) => type switch
    {
        3 => 0, // DestUnreachs
        11 => 1, // TimeExcds
        12 => 2, // ParmProbs
        4 => 3, // SrcQuenchs
        5 => 4, // Redirects
        8 => 5, // Echos
        0 => 6, // EchoReps
        13 => 7, // Timestamps
        14 => 8, // TimestampReps
        17 => 9, // AddrMasks
        18 => 10, // AddrMaskReps
        _ => -1,
    };
}
