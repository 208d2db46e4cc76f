using NetActors.Headers;
using NetActors.Time;

namespace NetActors.Tcp;

/// <summary>A range to be sent again, now.</summary>
/// <param name="Seq">First sequence number.</param>
/// <param name="EndSeq">Number behind the last; SYN and FIN count.</param>
/// <param name="Flags">SYN, FIN and PSH as first sent.</param>
/// <param name="DepartsAt">When it is to leave the host: in the future when it is paced below.</param>
/// <param name="SegmentSize">Payload bytes of each segment on the wire but the last; 0 when it is one segment.</param>
public readonly record struct RetransmitSegment(uint Seq, uint EndSeq, TcpFlags Flags, KernelTime DepartsAt, int SegmentSize);
