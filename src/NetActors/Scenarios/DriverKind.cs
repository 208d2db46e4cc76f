namespace NetActors.Scenarios;

/// <summary>How a driver takes packets in.</summary>
public enum DriverKind
{
    /// <summary>Polled, with interrupts off meanwhile.</summary>
    Napi,

    /// <summary>Each in the interrupt handler, as before NAPI (kernel: <c>netif_rx</c>).</summary>
    NetifRx,
}
