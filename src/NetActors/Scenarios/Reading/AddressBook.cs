using System.Net;
using System.Net.NetworkInformation;

namespace NetActors.Scenarios.Reading;

/// <summary>Addresses given out so far: the same on two devices is a fault, since replies would go astray.</summary>
internal sealed class AddressBook(FaultList faults)
{
    private readonly Dictionary<IPAddress, string> _addresses = [];
    private readonly Dictionary<PhysicalAddress, string> _macs = [];

    /// <summary>Notes an IPv4 address of <paramref name="owner"/>.</summary>
    public void Add(IPAddress address, string owner, SourcePlace place)
    {
        if (!_addresses.TryAdd(address, owner)) faults.Add(place, $"{address} is already the address of {_addresses[address]}");
    }

    /// <summary>Notes an Ethernet address of <paramref name="owner"/>.</summary>
    public void Add(PhysicalAddress mac, string owner, SourcePlace place)
    {
        if (!_macs.TryAdd(mac, owner)) faults.Add(place, $"this Ethernet address is already that of {_macs[mac]}");
    }
}
