namespace NetActors.Observe;

#pragma warning disable CS1591 // the columns of /proc/net, named and ordered as Linux prints them
/// <summary>Counters of the <c>Icmp:</c> group of /proc/net/snmp (RFC 2011).</summary>
public enum IcmpMib
{
    InMsgs,
    InErrors,
    InCsumErrors,
    InDestUnreachs,
    InTimeExcds,
    InParmProbs,
    InSrcQuenchs,
    InRedirects,
    InEchos,
    InEchoReps,
    InTimestamps,
    InTimestampReps,
    InAddrMasks,
    InAddrMaskReps,
    OutMsgs,
    OutErrors,
    OutRateLimitGlobal,
    OutRateLimitHost,
    OutDestUnreachs,
    OutTimeExcds,
    OutParmProbs,
    OutSrcQuenchs,
    OutRedirects,
    OutEchos,
    OutEchoReps,
    OutTimestamps,
    OutTimestampReps,
    OutAddrMasks,
    OutAddrMaskReps,
}
