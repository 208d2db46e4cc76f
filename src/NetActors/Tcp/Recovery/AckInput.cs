using NetActors.Headers;

namespace NetActors.Tcp;

/// <summary>
/// The parts of an incoming segment that the sender looks at; the segment has passed the checks before the ACK bit (RFC 9293).
/// </summary>
/// <param name="seq">SEG.SEQ.</param>
/// <param name="ack">SEG.ACK.</param>
/// <param name="windowBytes">SEG.WND in bytes, scaled.</param>
/// <param name="payloadLength">Bytes of payload.</param>
/// <param name="flags">Control bits.</param>
/// <param name="options">Options, of which SACK and time stamps count.</param>
public readonly ref struct AckInput(uint seq, uint ack, uint windowBytes, int payloadLength, TcpFlags flags, in TcpOptions options)
{
    private readonly ref readonly TcpOptions _options = ref options;

    /// <summary>SEG.SEQ.</summary>
    public uint Seq { get; } = seq;

    /// <summary>SEG.ACK.</summary>
    public uint Ack { get; } = ack;

    /// <summary>SEG.WND in bytes, scaled.</summary>
    public uint WindowBytes { get; } = windowBytes;

    /// <summary>Bytes of payload.</summary>
    public int PayloadLength { get; } = payloadLength;

    /// <summary>Control bits.</summary>
    public TcpFlags Flags { get; } = flags;

    /// <summary>Options, of which SACK and time stamps count.</summary>
    public ref readonly TcpOptions Options => ref _options;

    /// <summary>Header prediction took it: the window is unchanged (kernel: <c>tcp_ack</c> without <c>FLAG_SLOWPATH</c>).</summary>
    public bool IsPredicted { get; init; }

    /// <summary>Its time stamp is newer than the last one taken (<c>FLAG_TS_PROGRESS</c>).</summary>
    public bool HasTimestampProgress { get; init; }

    /// <summary>Acknowledgements that receive offload merged into it (kernel: <c>gso_segs</c>); 0 and 1 are one.</summary>
    public int MergedAcks { get; init; }
}
