using System.Text;
using NetActors.Links;
using NetActors.Time;

namespace NetActors.Attach;

/// <summary>
/// One packet of a capture. Its bytes and comment lie in the reader's buffer: they are valid until the next
/// <see cref="CaptureReader.TryRead"/>.
/// </summary>
public readonly struct CaptureRecord
{
    /// <summary>Which of <see cref="CaptureReader.Interfaces"/> captured it.</summary>
    public int InterfaceIndex { get; init; }

    /// <summary>Time since the file's first timestamp; negative when the file is not in order.</summary>
    public KernelTime Time { get; init; }

    /// <summary>Absolute time in nanoseconds since 1970-01-01 UTC, rounded down.</summary>
    public long UnixNanoseconds { get; init; }

    /// <summary>False for a simple packet block (pcapng section 4.4), whose time is that of the packet before it.</summary>
    public bool HasTimestamp { get; init; }

    /// <summary>The captured bytes.</summary>
    public ReadOnlyMemory<byte> Data { get; init; }

    /// <summary>Length on the wire in bytes, at most <see cref="int.MaxValue"/>.</summary>
    public int OriginalLength { get; init; }

    /// <summary>True when only a part was captured (snap length).</summary>
    public bool IsTruncated => OriginalLength > Data.Length;

    /// <summary>The first comment as the file has it; empty when there is none.</summary>
    public ReadOnlyMemory<byte> CommentUtf8 { get; init; }

    /// <summary>The first comment, decoded anew at each call; null when there is none.</summary>
    public string? Comment => CommentUtf8.IsEmpty ? null : Encoding.UTF8.GetString(CommentUtf8.Span);

    /// <summary>Which way the packet went.</summary>
    public CaptureDirection Direction { get; init; }

    /// <summary>Packets lost on the interface since the one before (<c>epb_dropcount</c>); 0 when the file does not say.</summary>
    public ulong DropCount { get; init; }

    /// <summary><c>epb_packetid</c>: the same number wherever the same packet was captured; null when the file does not say.</summary>
    public long? PacketId { get; init; }

    /// <summary><c>epb_queue</c>: the device queue; null when the file does not say.</summary>
    public uint? Queue { get; init; }

    /// <summary>Where in the file the packet's block or record begins, in bytes.</summary>
    public long FileOffset { get; init; }
}
