namespace NetActors.Scenarios.Reading;

/// <summary>Reads the name of a device of the same host.</summary>
internal static class DeviceNames
{
    /// <summary>The name; a fault when the host has no such device.</summary>
    public static Reading<string> Read(string text, IEnumerable<string> devices)
    {
        var names = devices.Append("lo").ToList();
        return names.Contains(text) ? text
            : Reading<string>.Bad($"the host has no device `{Words.Cut(text)}`", NearestName.Of(text, names));
    }
}
