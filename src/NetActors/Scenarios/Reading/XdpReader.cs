using NetActors.Filters;
using NetActors.Xdp;

namespace NetActors.Scenarios.Reading;

/// <summary>Reads a device's XDP program.</summary>
internal static class XdpReader
{
    internal static readonly KeyTable Keys = new("hosts.HOST.devices.DEVICE.xdp", "An XDP program (`ip link set DEVICE xdp`); not in 3.10");

    private static readonly string[] ProgramWords = ["pass", "drop", "tx", "echo", "cpumap", "xsk"];

    private static readonly SettingKey<XdpMode> Mode = Keys.Choice("mode", "native", "in the driver, or in the stack",
        ("native", XdpMode.Native), ("generic", XdpMode.Generic));
    private static readonly SettingKey<XdpChoice> Program = Keys.Value("program", "word or classic BPF", $"{string.Join(", ", ProgramWords)}, or instructions",
        "none", XdpChoice.None, Read,
        "what becomes of each frame: echo answers UDP itself, cpumap spreads it over `cpus`, xsk gives it to the AF_XDP socket of its queue; what is no UDP passes. "
        + "In classic BPF, as `tcpdump -ddd` and bpf_asm print it, what is returned: 0 aborted, 1 drop, 2 pass, 3 tx");
    private static readonly SettingKey<int> Port = Keys.Whole("port", 0, 0, 65535, "echo and xsk: only datagrams to this port; 0 is any");
    private static readonly SettingKey Cpus = Keys.Node("cpus", "list of CPUs", "CPUs of the host", "none", "cpumap: the CPUs that get frames, each on a kernel thread, by the flow's hash");
    private static readonly SettingKey<int> QueueSize = Keys.Whole("qsize", 192, 1, CpuMapEntry.LongestQueue, "cpumap: frames that the queue of each CPU holds");

    /// <summary>The program.</summary>
    public static XdpSettings Read(Section section, int cpus, DriverKind driver, ReadingContext context)
    {
        context.RefuseIn310(section, Program);
        var settings = new XdpSettings(section.Get(Mode), section.Get(Program))
        {
            Port = section.Get(Port),
            QueueSize = section.Get(QueueSize),
            Cpus = section.Node(Cpus) is { } node ? Section.Value(node, Cpus.Name, text => CpuReader.List(text, cpus), CpuSet.Empty, context.Faults) : CpuSet.Empty,
        };
        var word = settings.Program.Word;
        if (word == XdpWord.CpuMap && settings.Cpus.Count == 0) context.Faults.Add(section.PlaceOf(Program), "`cpumap` needs `cpus`");
        if (word != XdpWord.CpuMap && section.Has(Cpus)) context.Faults.Add(section.PlaceOf(Cpus), "`cpus` is for `program: cpumap`");
        if (word != XdpWord.CpuMap && section.Has(QueueSize)) context.Faults.Add(section.PlaceOf(QueueSize), "`qsize` is for `program: cpumap`");
        if (word is not (XdpWord.Echo or XdpWord.Xsk) && section.Has(Port)) context.Faults.Add(section.PlaceOf(Port), "`port` is for `program: echo` and `xsk`");
        if (word != XdpWord.None && driver == DriverKind.NetifRx && settings.Mode == XdpMode.Native)
            context.Faults.Add(section.PlaceOf(Program), "a driver without NAPI has no native XDP: `mode: generic`");
        return settings;
    }

    private static Reading<XdpChoice> Read(string text)
    {
        if (!text.Any(char.IsDigit) && !ProgramWords.Contains(text))
            return Reading<XdpChoice>.Bad($"`{Words.Cut(text)}` is none of {Words.Or(ProgramWords)}, and no instructions", NearestName.Of(text, ProgramWords));
        XdpAction? action = text switch { "pass" => XdpAction.Pass, "drop" => XdpAction.Drop, "tx" => XdpAction.Tx, _ => null };
        if (action is { } always) return new XdpChoice(XdpWord.Given, (ref XdpBuff _) => always);
        XdpWord? word = text switch { "echo" => XdpWord.Echo, "cpumap" => XdpWord.CpuMap, "xsk" => XdpWord.Xsk, _ => null };
        if (word is { } named) return new XdpChoice(named, null);
        var fault = ClassicXdp.TryParse(text, out var program);
        return fault is null ? new XdpChoice(XdpWord.Given, program) : Reading<XdpChoice>.Bad(fault);
    }
}
