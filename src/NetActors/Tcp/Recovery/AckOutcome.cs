namespace NetActors.Tcp;

/// <summary>What <see cref="TcpSender.OnAck"/> found.</summary>
/// <param name="Flags">What the acknowledgement did and what is to be done.</param>
/// <param name="NewlyAckedBytes">How far SND.UNA moved.</param>
/// <param name="NewlyDelivered">Segments delivered, cumulatively or selectively.</param>
public readonly record struct AckOutcome(AckFlags Flags, uint NewlyAckedBytes, int NewlyDelivered)
{
    /// <summary>True when any of <paramref name="flags"/> is set.</summary>
    public bool Has(AckFlags flags) => (Flags & flags) != 0;
}
