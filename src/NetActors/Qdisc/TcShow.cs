using System.Globalization;
using System.Text;
using NetActors.Time;

namespace NetActors.Qdisc;

/// <summary>What <c>tc -s qdisc</c> and <c>tc -s class</c> print (iproute2: tc/tc_qdisc.c, tc/tc_class.c).</summary>
internal static class TcShow
{
    /// <summary>The qdiscs of a device. Those that no command made are shown below the root only when they hold a queue (<c>TCQ_F_INVISIBLE</c>).</summary>
    public static void Qdiscs(StringBuilder text, DeviceQdiscs device, KernelTime now)
    {
        foreach (var qdisc in DeviceQdiscs.All(device.Root))
        {
            if (!Shows(qdisc)) continue;
            Qdisc(text, device, qdisc, now);
        }

        if (device.Hook is { } hook) text.Append(CultureInfo.InvariantCulture, $"qdisc {hook} ffff: dev {device.Device} parent ffff:fff1 \n Sent 0 bytes 0 pkt (dropped 0, overlimits 0 requeues 0) \n backlog 0b 0p requeues 0\n");
    }

    /// <summary>tc shows it: a command made it, or it is a root or a transmit queue's.</summary>
    public static bool Shows(QdiscBase qdisc) => qdisc.Handle != 0 || qdisc.Parent is null or Mq;

    /// <summary>Qdiscs and classes by line.</summary>
    public static IReadOnlyList<string> Lines(DeviceQdiscs device, KernelTime now)
    {
        var text = new StringBuilder();
        Qdiscs(text, device, now);
        Classes(text, device);
        return text.Length == 0 ? [] : text.ToString().TrimEnd('\n').Split('\n');
    }

    /// <summary>The classes of a device's qdiscs that have figures of their own.</summary>
    public static void Classes(StringBuilder text, DeviceQdiscs device)
    {
        foreach (var qdisc in DeviceQdiscs.All(device.Root))
        {
            foreach (var cl in qdisc.Classes)
            {
                if (cl.Options is null) continue;
                text.Append(CultureInfo.InvariantCulture, $"class {qdisc.Kind} {TcHandle.Format(cl.Id)} dev {device.Device} ");
                text.Append(cl.ParentId == TcHandle.Root ? "root " : $"parent {TcHandle.Format(cl.ParentId)} ");
                if (cl.Leaf is { Handle: not 0 } leaf) text.Append(CultureInfo.InvariantCulture, $"leaf {TcHandle.Format(leaf.Handle)} ");
                cl.Options(text);
                text.Append('\n');
                Stats(text, cl.Stats!);
                cl.Xstats?.Invoke(text);
                text.Append("\n\n");
            }
        }
    }

    private static void Qdisc(StringBuilder text, DeviceQdiscs device, QdiscBase qdisc, KernelTime now)
    {
        text.Append(CultureInfo.InvariantCulture, $"qdisc {qdisc.Kind} {qdisc.Handle >> 16:x}: dev {device.Device} ");
        if (qdisc.Parent is null) text.Append(qdisc is Mq ? "root " : string.Create(CultureInfo.InvariantCulture, $"root refcnt {device.Active.Length + 1} "));
        else text.Append(CultureInfo.InvariantCulture, $"parent {TcHandle.Format(qdisc.ParentId)} ");
        qdisc.DumpOptions(text);
        text.Append('\n');
        Stats(text, qdisc.Summary);
        var before = text.Length;
        qdisc.DumpXstats(text, now);
        if (text.Length > before) text.Append('\n');
    }

    private static void Stats(StringBuilder text, QdiscStats stats)
    {
        text.Append(CultureInfo.InvariantCulture, $" Sent {stats.Bytes} bytes {stats.Packets} pkt (dropped {stats.Drops}, overlimits {stats.Overlimits} requeues {stats.Requeues}) \n");
        text.Append(CultureInfo.InvariantCulture, $" backlog {TcText.Size(stats.Backlog)} {stats.Qlen}p requeues {stats.Requeues}\n");
    }
}
