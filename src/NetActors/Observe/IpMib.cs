namespace NetActors.Observe;

#pragma warning disable CS1591 // the columns of /proc/net, named and ordered as Linux prints them
/// <summary>Counters of the <c>Ip:</c> group of /proc/net/snmp (RFC 4293).</summary>
public enum IpMib
{
    Forwarding,
    DefaultTTL,
    InReceives,
    InHdrErrors,
    InAddrErrors,
    ForwDatagrams,
    InUnknownProtos,
    InDiscards,
    InDelivers,
    OutRequests,
    OutDiscards,
    OutNoRoutes,
    ReasmTimeout,
    ReasmReqds,
    ReasmOKs,
    ReasmFails,
    FragOKs,
    FragFails,
    FragCreates,
    OutTransmits,
}
