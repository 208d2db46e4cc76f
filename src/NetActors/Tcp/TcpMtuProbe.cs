using NetActors.Time;

namespace NetActors.Tcp;

/// <summary>
/// The search for the largest packet that a path takes, without a word of its routers (RFC 4821; kernel: <c>icsk_mtup</c>). Sizes are of
/// IP packets, in bytes.
/// </summary>
internal sealed class TcpMtuProbe
{
    /// <summary>Packets of this size arrive (<c>search_low</c>).</summary>
    internal int SearchLow;

    /// <summary>Larger ones do not, or were not tried (<c>search_high</c>).</summary>
    internal int SearchHigh;

    /// <summary>Size of the probe that is out; 0 for none (<c>probe_size</c>).</summary>
    internal int Size;

    /// <summary>Its first sequence number, and the one behind it (<c>mtu_probe</c>).</summary>
    internal uint Start, End;

    /// <summary>When the search began (<c>probe_timestamp</c>).</summary>
    internal KernelTime Since;

    /// <summary>A probe has arrived, and the MSS does not follow it yet.</summary>
    internal bool HasGrown;

    /// <summary>The next size to try.</summary>
    internal int Middle => (SearchHigh + SearchLow) >> 1;

    /// <summary>A probe was acknowledged (<c>tcp_mtup_probe_success</c>).</summary>
    internal void Succeed() => (SearchLow, Size, HasGrown) = (Size, 0, true);

    /// <summary>A probe was lost while what followed it arrived (<c>tcp_mtup_probe_failed</c>).</summary>
    internal void Fail() => (SearchHigh, Size) = (Size - 1, 0);
}
