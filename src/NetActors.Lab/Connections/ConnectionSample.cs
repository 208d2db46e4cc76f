using NetActors.Time;

namespace NetActors.Lab.Connections;

/// <summary>A connection at one moment.</summary>
/// <param name="Time">When.</param>
/// <param name="Cwnd">Congestion window in segments.</param>
/// <param name="Ssthresh">Slow start threshold in segments; 2147483647 for none.</param>
/// <param name="InFlight">Segments believed to be in the network.</param>
/// <param name="SrttUs">Smoothed round trip in microseconds; 0 before the first.</param>
internal readonly record struct ConnectionSample(KernelTime Time, int Cwnd, int Ssthresh, int InFlight, long SrttUs);
