using System.Net;
using System.Net.NetworkInformation;

namespace NetActors.Scenarios.Reading;

/// <summary>Reads neighbours in the words of <c>ip neighbour</c>.</summary>
internal static class NeighbourReader
{
    private static readonly (string, NeighbourNud)[] States =
    [
        ("permanent", NeighbourNud.Permanent), ("noarp", NeighbourNud.Noarp), ("reachable", NeighbourNud.Reachable),
        ("stale", NeighbourNud.Stale),
    ];

    /// <summary>The neighbours; those with faults are left out.</summary>
    public static List<NeighbourSettings> ReadAll(IReadOnlyList<SettingNode> items, IReadOnlyList<string> devices, FaultList faults)
    {
        var neighbours = new List<NeighbourSettings>();
        foreach (var item in items)
        {
            var words = new WordReader(item, "a neighbour", faults);
            if (words.Faulty) continue;
            var neighbour = Read(words, devices);
            if (!words.Faulty) neighbours.Add(neighbour!);
        }

        return neighbours;
    }

    private static NeighbourSettings? Read(WordReader words, IReadOnlyList<string> devices)
    {
        var address = words.Take("an address", Values.Address, IPAddress.Any);
        PhysicalAddress? link = null;
        string? device = null;
        var nud = NeighbourNud.Permanent;
        while (words.More && !words.Faulty)
        {
            var option = words.Take("a word");
            if (option == "lladdr") link = words.Take("an Ethernet address", Values.Mac, PhysicalAddress.None);
            else if (option == "dev") device = words.Take("a device", text => DeviceNames.Read(text, devices), "");
            else if (option == "nud") nud = words.Take("a state", text => Values.Choice(text, States), NeighbourNud.Permanent);
            else words.FailUnknown(option, ["lladdr", "dev", "nud"]);
        }

        if (words.Faulty) return null;
        if (link is null) words.Fail("`lladdr` is missing");
        if (device is null) words.Fail("`dev` is missing");
        return link is null || device is null ? null : new NeighbourSettings(address, link, device, nud);
    }
}
