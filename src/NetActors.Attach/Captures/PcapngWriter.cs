using System.Text;
using NetActors.Buffers;
using NetActors.Links;
using NetActors.Time;

namespace NetActors.Attach;

/// <summary>
/// Writes a capture that Wireshark opens (draft-ietf-opsawg-pcapng): one section, little endian, nanoseconds, virtual time zero as
/// 1970-01-01. The same calls give the same bytes on every machine: nothing of the machine or its clock goes into the file. CPU and
/// drop reason stand in the packet's comment. Allocates nothing per packet once its buffer and texts are there.
/// </summary>
public sealed partial class PcapngWriter : ICaptureSink, IDisposable
{
    /// <summary>Most bytes written of a frame, unless the constructor is told otherwise: libpcap's own default.</summary>
    public const int DefaultSnapLength = 262_144;

    private const int FlushThreshold = 32 * 1024;

    private readonly Stream _stream;
    private readonly bool _leaveOpen;
    private readonly int _snapLength;
    private readonly PcapngBlockBuffer _buffer = new();
    private readonly PcapngComments _comments = new();
    private readonly List<PcapngInterfaceCounts> _interfaces = [];
    private KernelTime _first = KernelTime.Never;
    private KernelTime _last;
    private long _offset;
    private bool _completed;

    /// <summary>A writer over <paramref name="stream"/>, which gets the section header with the first flush.</summary>
    /// <param name="stream">Only written forwards.</param>
    /// <param name="snapLength">Most bytes written of a frame, from 1 on.</param>
    /// <param name="leaveOpen">True when the caller closes the stream.</param>
    public PcapngWriter(Stream stream, int snapLength = DefaultSnapLength, bool leaveOpen = false)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentOutOfRangeException.ThrowIfLessThan(snapLength, 1);
        (_stream, _snapLength, _leaveOpen) = (stream, snapLength, leaveOpen);
        WriteSectionHeader();
    }

    /// <summary>Why the stream could not be written; nothing is written from then on.</summary>
    public CaptureFault Fault { get; private set; }

    /// <summary>Frames that came after the fault.</summary>
    public long LostFrames { get; private set; }

    /// <inheritdoc />
    public int AddInterface(string name, int linkType)
    {
        ArgumentNullException.ThrowIfNull(name);
        ObjectDisposedException.ThrowIf(_completed, this);
        _buffer.Begin(PcapngBlockType.InterfaceDescription);
        _buffer.U16(checked((ushort)linkType));
        _buffer.U16(0);
        _buffer.U32((uint)_snapLength);
        _buffer.Option(PcapngOption.InterfaceName, Encoding.UTF8.GetBytes(name));
        _buffer.Option(PcapngOption.InterfaceResolution, [TimestampResolution.Nanoseconds.Encoded]);
        _buffer.EndOfOptions();
        _buffer.End();
        _interfaces.Add(new PcapngInterfaceCounts());
        return _interfaces.Count - 1;
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
        long packetId) => Write(new PcapngPacket(interfaceId, time, frame)
        {
            OriginalLength = originalLength,
            Direction = direction,
            Cpu = cpu,
            DropReason = dropReason,
            PacketId = packetId,
        });

    /// <summary>Writes one frame as an enhanced packet block (section 4.3), cut to the snap length.</summary>
    public void Write(in PcapngPacket packet)
    {
        ObjectDisposedException.ThrowIf(_completed, this);
        ArgumentOutOfRangeException.ThrowIfNegative(packet.Time.Nanoseconds, nameof(packet));
        var counts = _interfaces[packet.InterfaceId];
        if (!Fault.IsNone)
        {
            LostFrames++;
            return;
        }

        var captured = packet.Frame[..Math.Min(packet.Frame.Length, _snapLength)];
        _buffer.Begin(PcapngBlockType.EnhancedPacket);
        _buffer.U32((uint)packet.InterfaceId);
        _buffer.Timestamp((ulong)packet.Time.Nanoseconds);
        _buffer.U32((uint)captured.Length);
        _buffer.U32((uint)Math.Max(packet.OriginalLength, packet.Frame.Length));
        _buffer.Padded(captured);
        WriteOptions(packet, counts.PendingDrops);
        _buffer.End();

        counts.Add(packet.DropReason);
        (_first, _last) = (KernelTime.Min(_first, packet.Time), KernelTime.Max(_last, packet.Time));
        if (_buffer.Length >= FlushThreshold) Flush();
    }

    /// <summary>
    /// Counts frames that the device lost unseen, such as those of a full receive FIFO: they stand in the next frame's
    /// <c>epb_dropcount</c> and in the statistics. Frames written with a drop reason are counted by themselves.
    /// </summary>
    public void CountDropped(int interfaceId, long count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        _interfaces[interfaceId].AddUnseen((ulong)count);
    }

    /// <summary>Hands what is buffered to the stream.</summary>
    public void Flush()
    {
        try
        {
            if (Fault.IsNone)
            {
                _stream.Write(_buffer.Bytes, 0, _buffer.Length);
                _stream.Flush(); // a full disk shows here and not when the stream is closed
                _offset += _buffer.Length;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException or ObjectDisposedException)
        {
            Fault = new CaptureFault(CaptureFaultKind.InputOutput, _offset, $"writing failed: {e.Message}");
        }

        _buffer.Clear();
    }

    /// <summary>Writes the statistics of each interface and all that is buffered; the file is then whole, and nothing may follow.</summary>
    public void Complete()
    {
        if (_completed) return;
        _completed = true;
        for (var i = 0; i < _interfaces.Count; i++) WriteStatistics(i);
        Flush();
    }

    /// <summary>Completes the file and closes the stream, unless the caller wants to.</summary>
    public void Dispose()
    {
        Complete();
        if (!_leaveOpen) _stream.Dispose();
    }
}
