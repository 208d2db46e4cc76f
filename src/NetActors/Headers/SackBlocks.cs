using System.Runtime.CompilerServices;

namespace NetActors.Headers;

/// <summary>As many blocks as fit a header (kernel: <c>TCP_NUM_SACKS</c>).</summary>
[InlineArray(Count)]
public struct SackBlocks
{
    /// <summary>Blocks that fit.</summary>
    public const int Count = 4;

    private SackBlock _first;
}
