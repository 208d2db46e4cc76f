namespace NetActors.Tcp;

/// <summary>What one acknowledgement measured (kernel: <c>struct ack_sample</c>).</summary>
/// <param name="PacketsAcked">Segments it acknowledged cumulatively.</param>
/// <param name="RttMicroseconds">Round trip in microseconds; -1 when it measured none.</param>
/// <param name="InFlightBytes">Bytes that were in flight when the newest of them was sent.</param>
public readonly record struct AckSample(int PacketsAcked, long RttMicroseconds, long InFlightBytes);
