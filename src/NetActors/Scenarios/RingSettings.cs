namespace NetActors.Scenarios;

/// <summary>Descriptors of each queue's rings (<c>ethtool -G</c>); one of them always stays empty.</summary>
/// <param name="Rx">Receive descriptors.</param>
/// <param name="Tx">Transmit descriptors.</param>
public sealed record RingSettings(int Rx, int Tx);

/// <summary>Link-level flow control (<c>ethtool -A</c>).</summary>
/// <param name="Rx">Obeys the peer's pause frames.</param>
/// <param name="Tx">Sends pause frames instead of dropping when a ring is full.</param>
public sealed record PauseSettings(bool Rx, bool Tx);
