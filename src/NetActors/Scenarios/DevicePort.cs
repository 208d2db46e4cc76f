namespace NetActors.Scenarios;

/// <summary>A device of a host, written <c>server.eth0</c>.</summary>
/// <param name="Host">Name of the host.</param>
/// <param name="Device">Name of its device.</param>
public readonly record struct DevicePort(string Host, string Device)
{
    /// <summary><c>server.eth0</c>.</summary>
    public override string ToString() => $"{Host}.{Device}";
}
