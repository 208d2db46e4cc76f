using NetActors.Filters;
using NetActors.Xdp;

namespace NetActors.Scenarios.Reading;

/// <summary>Reads a device's XDP program.</summary>
internal static class XdpReader
{
    internal static readonly KeyTable Keys = new("hosts.HOST.devices.DEVICE.xdp", "An XDP program (`ip link set DEVICE xdp`); not in 3.10");

    private static readonly SettingKey<XdpMode> Mode = Keys.Choice("mode", "native", "in the driver, or in the stack",
        ("native", XdpMode.Native), ("generic", XdpMode.Generic));
    private static readonly SettingKey<XdpProgram?> Program = Keys.Value<XdpProgram?>("program", "word or classic BPF", "pass, drop, tx, or instructions",
        "none", null, Read,
        "what becomes of each frame; in classic BPF, as `tcpdump -ddd` and bpf_asm print it, what is returned: 0 aborted, 1 drop, 2 pass, 3 tx");

    /// <summary>The program.</summary>
    public static XdpSettings Read(Section section, ReadingContext context)
    {
        context.RefuseIn310(section, Program);
        return new XdpSettings(section.Get(Mode), section.Get(Program));
    }

    private static Reading<XdpProgram?> Read(string text)
    {
        XdpAction? action = text switch { "pass" => XdpAction.Pass, "drop" => XdpAction.Drop, "tx" => XdpAction.Tx, _ => null };
        if (action is { } always) return new XdpProgram((ref XdpBuff _) => always);
        var fault = ClassicXdp.TryParse(text, out var program);
        return fault is null ? program : Reading<XdpProgram?>.Bad(fault);
    }
}
