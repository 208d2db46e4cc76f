using NetActors.Time;
using NetActors.Xdp;

namespace NetActors.Scenarios.Reading;

/// <summary>Reads the programs that get frames past the stack.</summary>
internal static class BypassKeys
{
    internal static readonly KeyTable Common = new("hosts.HOST.tasks[] (af-xdp, poll-mode)", "Works on frames past the stack", TaskKeys.Common);
    internal static readonly KeyTable AfXdp = new("hosts.HOST.tasks[] (af-xdp)",
        "Works over AF_XDP sockets, one a thread; the device needs `xdp: { program: xsk }`; not in 3.10", Common);
    internal static readonly KeyTable PollMode = new("hosts.HOST.tasks[] (poll-mode)",
        "Drives a card itself, as DPDK does: no interrupts, no stack; the device has no addresses", Common);

    private static readonly SettingKey<string> Device = Common.Text("device", KeyTable.Required, "the device");
    private static readonly SettingKey<bool> Echo = Common.Choice("action", "drop", "what it does with a datagram: read and forget it, or send it back",
        ("drop", false), ("echo", true));
    private static readonly SettingKey<int> Port = Common.Whole("port", 0, 0, 65535, "the UDP port that it is for; 0 is any");
    private static readonly SettingKey<int> Batch = Common.Whole("batch", 32, 1, 1024, "frames that it takes at a time (rx_burst)");
    private static readonly SettingKey<KernelTime> Service = Common.Time("service", "0ns", "user time that a frame costs", most: "1s");

    private static readonly SettingKey<bool> ZeroCopy = AfXdp.Choice("mode", "copy", "frames are copied to the program's memory (XDP_COPY), or the card works on it (XDP_ZEROCOPY)",
        ("copy", false), ("zero-copy", true));
    private static readonly SettingKey<bool> NeedWakeup = AfXdp.Switch("need_wakeup", true, "XDP_USE_NEED_WAKEUP: it calls the kernel when asked to; else with every batch");
    private static readonly SettingKey<bool> Spins = AfXdp.Choice("wait", "poll", "how it waits for frames: asleep in poll(), or looking all the time",
        ("poll", false), ("spin", true));
    private static readonly SettingKey<int> FirstQueue = AfXdp.Whole("queue", 0, 0, 63, "the queue of the first thread; the next thread has the next");
    private static readonly SettingKey<int> Frames = AfXdp.Value("frames", "power of two", "64 to 65536", "4096", 4096, text => Power(text, 64, 65536), "frames of the UMEM");
    private static readonly SettingKey<int> FrameSize = AfXdp.Value("frame-size", "power of two", "2048 or 4096", "4096", 4096, text => Power(text, 2048, 4096), "bytes of a frame");
    private static readonly SettingKey<int> RxRing = Ring("rx-ring", "receive");
    private static readonly SettingKey<int> TxRing = Ring("tx-ring", "transmit");
    private static readonly SettingKey<int> FillRing = Ring("fill-ring", "fill");
    private static readonly SettingKey<int> CompletionRing = Ring("completion-ring", "completion");

    /// <summary>An <c>af-xdp</c> program.</summary>
    public static AfXdpSettings ReadAfXdp(Section section, ReadingContext context)
    {
        if (context.Kernel == KernelVersion.V310) context.Faults.Add(section.PlaceOf(TaskKeys.Program), "3.10 has no AF_XDP");
        return new AfXdpSettings
        {
            Device = section.Get(Device),
            IsEcho = section.Get(Echo),
            Port = section.Get(Port),
            Batch = section.Get(Batch),
            Service = section.Get(Service),
            FirstQueue = section.Get(FirstQueue),
            Spins = section.Get(Spins),
            Socket = new XskSettings
            {
                Frames = section.Get(Frames),
                FrameBytes = section.Get(FrameSize),
                RxRing = section.Get(RxRing),
                TxRing = section.Get(TxRing),
                FillRing = section.Get(FillRing),
                CompletionRing = section.Get(CompletionRing),
                ZeroCopy = section.Get(ZeroCopy),
                NeedWakeup = section.Get(NeedWakeup),
            },
        };
    }

    /// <summary>A <c>poll-mode</c> program.</summary>
    public static PollModeSettings ReadPollMode(Section section) => new()
    {
        Device = section.Get(Device),
        IsEcho = section.Get(Echo),
        Port = section.Get(Port),
        Batch = section.Get(Batch),
        Service = section.Get(Service),
    };

    /// <summary>Whether the device is there and can be had.</summary>
    public static void Check(Section section, BypassSettings task, IReadOnlyList<DeviceSettings> devices, IReadOnlyList<TaskSettings> others, ReadingContext context)
    {
        if (!section.Has(Device)) return;
        var (place, faults) = (section.PlaceOf(Device), context.Faults);
        if (devices.FirstOrDefault(d => d.Name == task.Device) is not { } device)
        {
            faults.Add(place, $"this host has no device `{Words.Cut(task.Device)}`", NearestName.Of(task.Device, devices.Select(d => d.Name)));
            return;
        }

        if (device.Peer is not null) faults.Add(place, $"`{device.Name}` is an end of a veth pair: only a card has queues for programs");
        var first = (task as AfXdpSettings)?.FirstQueue ?? 0;
        if (first + task.Threads > device.Queues)
            faults.Add(place, $"{task.Threads} thread(s) from queue {first} on, but `{device.Name}` has {device.Queues} queue(s)");
        var taken = others.OfType<BypassSettings>().Where(o => o.Device == task.Device && Overlaps(o, task)).Select(o => o.Name).FirstOrDefault();
        if (taken is not null) faults.Add(place, $"`{Words.Cut(taken)}` has queues of `{device.Name}` already that this one wants (EBUSY)");
        if (task is PollModeSettings) CheckPollMode(place, device, faults);
        else CheckAfXdp(place, (AfXdpSettings)task, device, faults);
    }

    private static void CheckPollMode(SourcePlace place, DeviceSettings device, FaultList faults)
    {
        if (device.Addresses.Count > 0) faults.Add(place, $"the kernel gives `{device.Name}` up: it can have no `addresses`");
        if (device.Xdp.Program.Word != XdpWord.None) faults.Add(place, $"the kernel gives `{device.Name}` up: it can have no `xdp`");
        if (device.Driver != DriverKind.Napi) faults.Add(place, $"the kernel gives `{device.Name}` up: it can have no `driver`");
    }

    private static void CheckAfXdp(SourcePlace place, AfXdpSettings task, DeviceSettings device, FaultList faults)
    {
        if (device.Xdp.Program.Word != XdpWord.Xsk) faults.Add(place, $"`{device.Name}` needs `xdp: {{ program: xsk }}`: a program has to give the socket its frames");
        if (task.Socket.ZeroCopy && device.Xdp.Mode == XdpMode.Generic) faults.Add(place, "`mode: zero-copy` needs native XDP (EOPNOTSUPP)");
        if (task.Socket.ZeroCopy && device.Mtu + 18 > Math.Min(2048, task.Socket.FrameBytes - XskUmem.Headroom))
            faults.Add(place, $"frames of mtu {device.Mtu} do not fit into those of the UMEM (EOPNOTSUPP)");
    }

    private static bool Overlaps(BypassSettings one, BypassSettings other)
    {
        if (one is PollModeSettings || other is PollModeSettings) return true;
        var (a, b) = ((AfXdpSettings)one, (AfXdpSettings)other);
        return a.FirstQueue < b.FirstQueue + b.Threads && b.FirstQueue < a.FirstQueue + a.Threads;
    }

    private static SettingKey<int> Ring(string name, string what) =>
        AfXdp.Value(name, "power of two", "2 to 65536", "2048", 2048, text => Power(text, 2, 65536), $"entries of the {what} ring");

    private static Reading<int> Power(string text, int least, int most)
    {
        var read = Values.Whole(text, least, most).Then(v => (int)v);
        return read.Fault is null && !int.IsPow2(read.Value) ? Reading<int>.Bad($"{text} is no power of two") : read;
    }
}
