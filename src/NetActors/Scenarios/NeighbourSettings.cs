using System.Net;
using System.Net.NetworkInformation;

namespace NetActors.Scenarios;

/// <summary>State of a neighbour set by hand (<c>ip neighbour add ... nud</c>).</summary>
public enum NeighbourNud
{
    /// <summary>Never checked, never removed.</summary>
    Permanent,

    /// <summary>Never checked, removed when unused.</summary>
    Noarp,

    /// <summary>Trusted until its time is over.</summary>
    Reachable,

    /// <summary>Checked at its next use.</summary>
    Stale,
}

/// <summary>A neighbour known from the start (<c>ip neighbour add</c>).</summary>
/// <param name="Address">Its IPv4 address.</param>
/// <param name="LinkAddress"><c>lladdr</c>: its Ethernet address.</param>
/// <param name="Device"><c>dev</c>: the device it is behind.</param>
/// <param name="Nud">Its state.</param>
public sealed record NeighbourSettings(IPAddress Address, PhysicalAddress LinkAddress, string Device, NeighbourNud Nud);
