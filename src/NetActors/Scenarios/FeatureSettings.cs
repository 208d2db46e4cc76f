namespace NetActors.Scenarios;

/// <summary>Offloads (<c>ethtool -K</c>).</summary>
public sealed record FeatureSettings
{
    /// <summary>Receive checksums verified by the NIC.</summary>
    public required bool Rx { get; init; }

    /// <summary>Transmit checksums filled in by the NIC.</summary>
    public required bool Tx { get; init; }

    /// <summary>Scatter-gather transmit.</summary>
    public required bool Sg { get; init; }

    /// <summary>TCP segmented by the NIC.</summary>
    public required bool Tso { get; init; }

    /// <summary>Segmentation put off to the driver's door.</summary>
    public required bool Gso { get; init; }

    /// <summary>Large UDP packets cut by the NIC (USO).</summary>
    public bool Uso { get; init; } = true;

    /// <summary>Datagrams that no socket here wants are merged too.</summary>
    public bool UdpGroForwarding { get; init; }

    /// <summary>Packets of a flow merged on receive.</summary>
    public required bool Gro { get; init; }

    /// <summary>Segments of a flow merged by the driver, with less care.</summary>
    public bool Lro { get; init; }

    /// <summary>The NIC's hash is handed to the stack.</summary>
    public required bool RxHash { get; init; }

    /// <summary>Flow rules and accelerated RFS.</summary>
    public required bool Ntuple { get; init; }

    /// <summary>VLAN tags taken off by the NIC.</summary>
    public required bool RxVlan { get; init; }

    /// <summary>VLAN tags put on by the NIC.</summary>
    public required bool TxVlan { get; init; }
}
