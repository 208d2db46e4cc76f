using System.Globalization;

namespace NetActors.Observe;

/// <summary>/proc/net/dev: the devices' standard counters (kernel: <c>dev_seq_printf_stats</c>), the same in 3.10 and 6.x.</summary>
public static class ProcNetDev
{
    private const string Header =
        "Inter-|   Receive                                                |  Transmit\n" +
        " face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed\n";

    /// <summary>Writes the file.</summary>
    public static void Write(TextWriter writer, HostSnapshot host)
    {
        writer.Write(Header);
        foreach (var device in host.Devices) writer.Write(Line(device.Name, device.Stats));
    }

    private static string Line(string name, RtnlLinkStats s)
    {
        var rxDrop = s.RxDropped + s.RxMissedErrors;
        var frame = s.RxLengthErrors + s.RxOverErrors + s.RxCrcErrors + s.RxFrameErrors;
        var carrier = s.TxCarrierErrors + s.TxAbortedErrors + s.TxWindowErrors + s.TxHeartbeatErrors;
        FormattableString rx = $"{s.RxBytes,7} {s.RxPackets,7} {s.RxErrors,4} {rxDrop,4} {s.RxFifoErrors,4} {frame,5} {s.RxCompressed,10}";
        FormattableString tx = $"{s.TxBytes,8} {s.TxPackets,7} {s.TxErrors,4} {s.TxDropped,4} {s.TxFifoErrors,4} {s.Collisions,5}";
        FormattableString line = $"{name,6}: {rx} {s.Multicast,9} {tx} {carrier,7} {s.TxCompressed,10}\n";
        return line.ToString(CultureInfo.InvariantCulture);
    }
}
