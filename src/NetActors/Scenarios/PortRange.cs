using System.Net;

namespace NetActors.Scenarios;

/// <summary>Ports next to each other.</summary>
/// <param name="First">The lowest.</param>
/// <param name="Last">The highest; not below the first.</param>
public readonly record struct PortRange(int First, int Last)
{
    /// <summary>How many there are.</summary>
    public int Count => Last - First + 1;

    /// <summary><c>9000</c> or <c>9000-9063</c>.</summary>
    public override string ToString() => First == Last ? $"{First}" : $"{First}-{Last}";
}

/// <summary>An address with one port or several.</summary>
/// <param name="Address">The IPv4 address.</param>
/// <param name="Ports">The ports.</param>
public sealed record EndpointRange(IPAddress Address, PortRange Ports)
{
    /// <summary><c>10.0.0.1:9000-9063</c>.</summary>
    public override string ToString() => $"{Address}:{Ports}";
}
