namespace NetActors.Nic;

/// <summary>Features that <c>ethtool -K</c> switches.</summary>
[Flags]
public enum NicFeatures : ushort
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary><c>rx</c>: tests checksums.</summary>
    RxChecksum = 1,

    /// <summary><c>rxhash</c>: hands the hash to the stack.</summary>
    RxHash = 2,

    /// <summary><c>rxvlan</c>: takes the VLAN tag out of the frame.</summary>
    RxVlan = 4,

    /// <summary><c>ntuple</c>: asks the flow rules.</summary>
    Ntuple = 8,

    /// <summary><c>gro</c>: packets of a flow are merged as they are polled.</summary>
    Gro = 16,

    /// <summary><c>tx</c>: fills checksums in.</summary>
    TxChecksum = 32,

    /// <summary><c>sg</c>: takes packets in pieces.</summary>
    ScatterGather = 64,

    /// <summary><c>tso</c>: cuts large packets.</summary>
    Tso = 128,

    /// <summary><c>gso</c>: large packets come as far as the driver.</summary>
    Gso = 256,

    /// <summary><c>tx-udp-segmentation</c>: cuts large UDP packets (USO).</summary>
    Uso = 512,

    /// <summary><c>rx-udp-gro-forwarding</c>: datagrams that no socket here wants are merged too.</summary>
    UdpGroForwarding = 1024,

    /// <summary><c>lro</c>: segments are merged with less care than by gro; not what is to be forwarded.</summary>
    Lro = 2048,

    /// <summary>What Linux drivers begin with.</summary>
    Default = RxChecksum | RxHash | RxVlan | Gro | TxChecksum | ScatterGather | Tso | Gso | Uso,
}
