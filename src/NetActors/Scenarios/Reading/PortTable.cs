namespace NetActors.Scenarios.Reading;

/// <summary>The devices of all hosts, for what refers to them as <c>host.device</c>.</summary>
internal sealed class PortTable(IReadOnlyList<HostSettings> hosts)
{
    private readonly List<DevicePort> _ports =
        [.. hosts.SelectMany(host => host.Devices.Where(device => device.Peer is null).Select(device => new DevicePort(host.Name, device.Name)))];

    /// <summary>Reads a reference; a fault when there is no such device.</summary>
    public Reading<DevicePort> Read(string text)
    {
        foreach (var port in _ports)
            if (port.ToString() == text)
                return port;
        var names = _ports.Select(port => port.ToString()).ToList();
        var near = NearestName.Of(text, names) ?? names.Find(name => name.EndsWith("." + text, StringComparison.Ordinal)
            || name.StartsWith(text + ".", StringComparison.Ordinal));
        return Reading<DevicePort>.Bad($"no device is called `{Words.Cut(text)}` (host.device)", near);
    }
}
