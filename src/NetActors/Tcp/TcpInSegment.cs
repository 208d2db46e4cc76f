using NetActors.Headers;

namespace NetActors.Tcp;

/// <summary>
/// A segment as it reached the connection, checksum good (kernel: <c>struct tcphdr</c> with <c>TCP_SKB_CB</c>). Several segments that GRO
/// put together are one, with <see cref="GsoSize"/> set.
/// </summary>
public readonly ref struct TcpInSegment
{
    /// <summary>Number of the first payload byte, or of the SYN.</summary>
    public uint Sequence { get; init; }

    /// <summary>Next byte that the sender expects; counts with <see cref="TcpFlags.Ack"/>.</summary>
    public uint Acknowledgment { get; init; }

    /// <summary>Control bits.</summary>
    public TcpFlags Flags { get; init; }

    /// <summary>Window before scaling.</summary>
    public ushort Window { get; init; }

    /// <summary>Urgent pointer; counts with <see cref="TcpFlags.Urg"/>.</summary>
    public ushort UrgentPointer { get; init; }

    /// <summary>The options.</summary>
    public TcpOptions Options { get; init; }

    /// <summary>Header length in bytes, options included.</summary>
    public int HeaderLength { get; init; }

    /// <summary>The data.</summary>
    public TcpPayload Payload { get; init; }

    /// <summary>Memory that the packet holds (kernel: <c>truesize</c>); 0 is taken for the least that the payload needs.</summary>
    public int TrueSize { get; init; }

    /// <summary>Payload of each segment of a GRO packet; 0 for a single one (kernel: <c>gso_size</c>).</summary>
    public int GsoSize { get; init; }

    /// <summary>The ECN bits of the IP header.</summary>
    public EcnCodepoint Ecn { get; init; }

    /// <summary>Number behind the last byte, SYN and FIN counted (kernel: <c>end_seq</c>).</summary>
    public uint EndSequence => Sequence + (uint)Payload.Length + (Has(TcpFlags.Syn) ? 1u : 0) + (Has(TcpFlags.Fin) ? 1u : 0);

    /// <summary>Segments that the packet stands for (kernel: <c>gso_segs</c>).</summary>
    public int Segments => GsoSize > 0 ? Math.Max((Payload.Length + GsoSize - 1) / GsoSize, 1) : 1;

    /// <summary>Reads a header whose segment's options were parsed to <paramref name="options"/>.</summary>
    public static TcpInSegment Of(
        TcpHeader header, scoped in TcpOptions options, int trueSize = 0, EcnCodepoint ecn = EcnCodepoint.NotEct) => new()
        {
            Sequence = header.Sequence,
            Acknowledgment = header.Acknowledgment,
            Flags = header.Flags,
            Window = header.Window,
            UrgentPointer = header.UrgentPointer,
            Options = options,
            HeaderLength = header.HeaderLength,
            Payload = header.Payload,
            TrueSize = trueSize,
            Ecn = ecn,
        };

    /// <summary>True when all of <paramref name="flags"/> are set.</summary>
    public bool Has(TcpFlags flags) => (Flags & flags) == flags;
}
