using NetActors.Tcp;
using NetActors.Time;

namespace NetActors.Cli.Tracing;

/// <summary>A socket went from one state to another.</summary>
/// <param name="Time">When.</param>
/// <param name="Host">Index of its host.</param>
/// <param name="Port">Its port.</param>
/// <param name="PeerPort">Its peer's.</param>
/// <param name="Old">Where it was.</param>
/// <param name="New">Where it is.</param>
internal readonly record struct StateStep(KernelTime Time, int Host, int Port, int PeerPort, TcpState Old, TcpState New);
