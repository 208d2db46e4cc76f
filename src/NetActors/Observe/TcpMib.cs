namespace NetActors.Observe;

#pragma warning disable CS1591 // the columns of /proc/net, named and ordered as Linux prints them
/// <summary>Counters of the <c>Tcp:</c> group of /proc/net/snmp (RFC 4022).</summary>
public enum TcpMib
{
    RtoAlgorithm,
    RtoMin,
    RtoMax,
    MaxConn,
    ActiveOpens,
    PassiveOpens,
    AttemptFails,
    EstabResets,
    CurrEstab,
    InSegs,
    OutSegs,
    RetransSegs,
    InErrs,
    OutRsts,
    InCsumErrors,
}
