namespace NetActors.Observe;

#pragma warning disable CS1591 // the columns of /proc/net, named and ordered as Linux prints them
/// <summary>Counters of the <c>Udp:</c> group of /proc/net/snmp (RFC 4113).</summary>
public enum UdpMib
{
    InDatagrams,
    NoPorts,
    InErrors,
    OutDatagrams,
    RcvbufErrors,
    SndbufErrors,
    InCsumErrors,
    IgnoredMulti,
    MemErrors,
}
