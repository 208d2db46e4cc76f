using System.Globalization;

namespace NetActors.Observe;

/// <summary>What <c>ethtool -S DEV</c> prints: the driver's own counters.</summary>
public static class EthtoolStatistics
{
    /// <summary>Writes the statistics of one device; <c>no stats available</c> when its driver has none.</summary>
    public static void Write(TextWriter writer, DeviceSnapshot device)
    {
        writer.Write(device.Ethtool.Count == 0 ? "no stats available\n" : "NIC statistics:\n");
        foreach (var (name, value) in device.Ethtool) writer.Write(string.Create(CultureInfo.InvariantCulture, $"     {name}: {value}\n"));
    }
}
