using System.Runtime.CompilerServices;

namespace NetActors.Headers;

/// <summary>A range of bytes that arrived out of order (RFC 2018 section 3; kernel: <c>struct tcp_sack_block</c>).</summary>
/// <param name="Start">Number of the first byte (<c>start_seq</c>).</param>
/// <param name="End">Number of the byte behind the last (<c>end_seq</c>).</param>
public readonly record struct SackBlock(uint Start, uint End);

/// <summary>As many blocks as fit a header (kernel: <c>TCP_NUM_SACKS</c>).</summary>
[InlineArray(Count)]
public struct SackBlocks
{
    /// <summary>Blocks that fit.</summary>
    public const int Count = 4;

    private SackBlock _first;
}
