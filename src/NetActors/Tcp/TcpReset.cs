using NetActors.Headers;

namespace NetActors.Tcp;

/// <summary>The RST for a segment that belongs to no connection (RFC 9293 section 3.10.7.1; kernel: <c>tcp_v4_send_reset</c>).</summary>
public static class TcpReset
{
    /// <summary>Makes it. False for a RST, which is never answered.</summary>
    public static bool TryAnswer(in TcpInSegment segment, out TcpOutSegment reset)
    {
        reset = default;
        if (segment.Has(TcpFlags.Rst)) return false;
        if (segment.Has(TcpFlags.Ack))
        {
            reset.Sequence = segment.Acknowledgment;
            reset.Flags = TcpFlags.Rst;
        }
        else
        {
            reset.Acknowledgment = segment.EndSequence;
            reset.Flags = TcpFlags.Rst | TcpFlags.Ack;
        }

        return true;
    }
}
