namespace NetActors.Observe;

#pragma warning disable CS1591 // the columns of /proc/net, named and ordered as Linux prints them
/// <summary>Counters of the <c>IpExt:</c> group of /proc/net/netstat.</summary>
public enum IpExtMib
{
    InNoRoutes,
    InTruncatedPkts,
    InMcastPkts,
    OutMcastPkts,
    InBcastPkts,
    OutBcastPkts,
    InOctets,
    OutOctets,
    InMcastOctets,
    OutMcastOctets,
    InBcastOctets,
    OutBcastOctets,
    InCsumErrors,
    InNoECTPkts,
    InECT1Pkts,
    InECT0Pkts,
    InCEPkts,
    ReasmOverlaps,
}
