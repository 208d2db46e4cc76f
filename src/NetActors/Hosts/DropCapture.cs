using NetActors.Buffers;
using NetActors.Execution;
using NetActors.Headers;
using NetActors.Links;
using NetActors.Time;

namespace NetActors.Hosts;

/// <summary>
/// Writes what a host or a wire drops into the capture, the reason and the CPU as its comment (Linux: <c>dropwatch</c>, <c>pwru</c>): frames
/// as of a device NAME/drops, packets that were dropped before they had a link header as of NAME/drops-ip.
/// </summary>
internal sealed class DropCapture : IFreeObserver, IDropObserver
{
    private const int Ethernet = 1;
    private const int RawIp = 101;
    private readonly ICaptureSink _sink;
    private readonly ExecutionLayer _layer;
    private readonly Func<int, bool> _isWanted;
    private readonly int _frames;
    private readonly int _packets = -1;
    private volatile bool _ended;

    private DropCapture(ICaptureSink sink, ExecutionLayer layer, string name, Func<int, bool> isWanted, bool hasStack)
    {
        (_sink, _layer, _isWanted) = (sink, layer, isWanted);
        _frames = sink.AddInterface($"{name}/drops", Ethernet);
        if (hasStack) _packets = sink.AddInterface($"{name}/drops-ip", RawIp);
    }

    /// <summary>For what a host drops.</summary>
    /// <param name="sink">The capture.</param>
    /// <param name="layer">Whose clock and CPUs are noted.</param>
    /// <param name="host">The host's name.</param>
    /// <param name="isWanted">Whether drops of a device, by index, are to be written.</param>
    public static DropCapture OfHost(ICaptureSink sink, ExecutionLayer layer, string host, Func<int, bool> isWanted) =>
        new(sink, layer, host, isWanted, hasStack: true);

    /// <summary>For what a direction of a wire drops.</summary>
    public static DropCapture OfWire(ICaptureSink sink, ExecutionLayer layer, string direction) =>
        new(sink, layer, direction, _ => true, hasStack: false);

    /// <summary>Nothing is written from now on.</summary>
    public void End() => _ended = true;

    /// <inheritdoc />
    public void OnFree(SkBuff skb, SkbDropReason reason)
    {
        if (_ended || !_isWanted(skb.IfIndex)) return;
        var cpu = EmulatedCpu.Current;
        var (time, id) = (cpu?.Now ?? _layer.Now, cpu?.LocalId ?? -1);
        var linked = skb.MacHeader > 0 && (skb.NetworkHeader == 0 || skb.NetworkHeader - skb.MacHeader == EthernetHeader.Size);
        var bytes = skb.HeadFrom(linked ? skb.MacHeader : skb.NetworkHeader > 0 ? skb.NetworkHeader : skb.DataOffset);
        var rest = skb.Length - skb.HeadLength; // in page fragments
        _sink.Write(linked ? _frames : _packets, time, bytes, bytes.Length + rest, CaptureDirection.Unknown, id, reason, skb.Id);
    }

    /// <inheritdoc />
    public void OnDrop(SkbDropReason reason, in WireFrame frame, KernelTime at)
    {
        if (!_ended) _sink.Write(_frames, at, frame.Bytes, frame.Length, CaptureDirection.Unknown, -1, reason, frame.Id);
    }
}
