using NetActors.Attach;
using NetActors.Buffers;
using NetActors.Links;
using NetActors.Script.Running;
using NetActors.Time;

namespace NetActors.Cli.Scripts;

/// <summary>Keeps what passes between a script and its host, for a capture of raw IP packets.</summary>
internal sealed class PacketTap(IScriptHost host) : IScriptHost
{
    private const int LinkTypeRaw = 101; // LINKTYPE_RAW: the packet begins with its IP header
    private readonly List<(KernelTime Time, byte[] Packet, CaptureDirection Direction)> _seen = [];

    /// <inheritdoc />
    public KernelTime Now => host.Now;

    /// <inheritdoc />
    public void AdvanceTo(KernelTime time) => host.AdvanceTo(time);

    /// <inheritdoc />
    public HostWait RunUntilPacket(KernelTime limit) => host.RunUntilPacket(limit);

    /// <inheritdoc />
    public bool TryTakePacket(out OutboundPacket packet)
    {
        if (!host.TryTakePacket(out packet)) return false;
        _seen.Add((packet.Time, packet.Bytes, CaptureDirection.Outbound));
        return true;
    }

    /// <inheritdoc />
    public void Inject(ReadOnlySpan<byte> packet)
    {
        _seen.Add((host.Now, packet.ToArray(), CaptureDirection.Inbound));
        host.Inject(packet);
    }

    /// <inheritdoc />
    public ScriptCall Begin(ScriptSyscall syscall) => host.Begin(syscall);

    /// <inheritdoc />
    public HostWait RunUntilCompleted(ScriptCall pending, KernelTime limit) => host.RunUntilCompleted(pending, limit);

    /// <summary>Takes what the script left, and writes all by time: a packet is taken later than it left.</summary>
    public void Write(Stream stream)
    {
        while (TryTakePacket(out _)) continue;
        using var writer = new PcapngWriter(stream, leaveOpen: true);
        var tun = writer.AddInterface("tun0", LinkTypeRaw);
        var number = 0;
        foreach (var (time, packet, direction) in _seen.OrderBy(static seen => seen.Time.Nanoseconds))
            writer.Write(tun, time, packet, packet.Length, direction, 0, SkbDropReason.NOT_DROPPED_YET, ++number);
    }
}
