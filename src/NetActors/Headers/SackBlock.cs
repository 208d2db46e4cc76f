namespace NetActors.Headers;

/// <summary>A range of bytes that arrived out of order (RFC 2018 section 3; kernel: <c>struct tcp_sack_block</c>).</summary>
/// <param name="Start">Number of the first byte (<c>start_seq</c>).</param>
/// <param name="End">Number of the byte behind the last (<c>end_seq</c>).</param>
public readonly record struct SackBlock(uint Start, uint End);
