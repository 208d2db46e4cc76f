using NetActors.Buffers;
using NetActors.Links;
using NetActors.Time;

namespace NetActors.Cli.Running;

/// <summary>Lets several threads write one capture: in real time every emulated CPU has its own.</summary>
internal sealed class SharedCapture(ICaptureSink sink) : ICaptureSink
{
    private readonly Lock _one = new();

    /// <inheritdoc />
    public int AddInterface(string name, int linkType)
    {
        lock (_one) return sink.AddInterface(name, linkType);
    }

    /// <inheritdoc />
    public void Write(
        int interfaceId,
        KernelTime time,
        ReadOnlySpan<byte> frame,
        int originalLength,
        CaptureDirection direction,
        int cpu,
        SkbDropReason dropReason,
        long packetId)
    {
        lock (_one) sink.Write(interfaceId, time, frame, originalLength, direction, cpu, dropReason, packetId);
    }
}
