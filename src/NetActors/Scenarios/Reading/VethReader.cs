namespace NetActors.Scenarios.Reading;

/// <summary>Checks namespaces and the veth pairs between them.</summary>
internal static class VethReader
{
    /// <summary>The host above that a namespace is of; a fault and null when it cannot be.</summary>
    /// <param name="section">The namespace.</param>
    /// <param name="name">Whom it names.</param>
    /// <param name="key">Where it does.</param>
    /// <param name="machines">Keys that are the machine's to have: its CPUs, softirqs, costs, and last sysctls of <c>net.core</c> and <c>fs</c>.</param>
    /// <param name="above">The hosts above.</param>
    public static HostSettings? Machine(Section section, string name, SettingKey key, SettingKey[] machines, List<HostSettings> above)
    {
        var place = section.PlaceOf(key);
        var machine = above.Find(h => h.Name == name);
        if (machine is null)
        {
            section.Faults.Add(place, $"`netns-of`: no host above is called `{Words.Cut(name)}`", NearestName.Of(name, above.Select(h => h.Name)));
            return null;
        }

        if (machine.NetnsOf is { } first) section.Faults.Add(place, $"`netns-of`: {name} is a namespace itself", first);
        foreach (var other in machines[..^1])
            if (section.Has(other)) section.Faults.Add(section.PlaceOf(other), $"`{other.Name}` is that of {name}, whose namespace this is");
        foreach (var sysctl in section.Named(machines[^1]))
        {
            if (sysctl.Name.StartsWith("net.core.", StringComparison.Ordinal) || sysctl.Name.StartsWith("fs.", StringComparison.Ordinal))
                section.Faults.Add(sysctl.Place, $"`{sysctl.Name}` is that of {name}, whose namespace this is");
        }

        return machine;
    }

    /// <summary>The other end of a pair; keys that only a NIC has are faults.</summary>
    public static DevicePort? Peer(Section section, string text, SettingKey key, SettingKey[] hardware, ReadingContext context)
    {
        if (context.Kernel == KernelVersion.V310) section.Faults.Add(section.PlaceOf(key), "`peer`: veth pairs are emulated as of 6.x only");
        foreach (var other in hardware)
            if (section.Has(other)) section.Faults.Add(section.PlaceOf(other), $"a veth has no `{other.Name}`");
        var dot = text.IndexOf('.', StringComparison.Ordinal);
        if (dot > 0) return new DevicePort(text[..dot], text[(dot + 1)..]);
        section.Faults.Add(section.PlaceOf(key), $"`peer`: `{Words.Cut(text)}` is not host.device");
        return null;
    }

    /// <summary>Each end is the other's peer, and both are on one machine.</summary>
    public static void Check(IReadOnlyList<SettingEntry> entries, List<HostSettings> hosts, FaultList faults)
    {
        for (var i = 0; i < hosts.Count; i++)
        {
            foreach (var device in hosts[i].Devices)
            {
                if (device.Peer is not { } peer) continue;
                var port = new DevicePort(hosts[i].Name, device.Name);
                var other = hosts.Find(h => h.Name == peer.Host);
                var end = other?.Devices.FirstOrDefault(d => d.Name == peer.Device);
                if (end is null) faults.Add(entries[i].Place, $"{port}: its peer {peer} is not there");
                else if (end.Peer != port || peer == port) faults.Add(entries[i].Place, $"{port}: its peer {peer} has not it as peer");
                else if (Root(hosts[i]) != Root(other!)) faults.Add(entries[i].Place, $"{port} and {peer} are on two machines: a wire joins those, or `netns-of` makes one of them");
            }
        }
    }

    private static string Root(HostSettings host) => host.NetnsOf ?? host.Name;
}
