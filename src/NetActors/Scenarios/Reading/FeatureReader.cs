namespace NetActors.Scenarios.Reading;

/// <summary>Reads offloads.</summary>
internal static class FeatureReader
{
    internal static readonly KeyTable Keys = new("hosts.HOST.devices.DEVICE.features", "Offloads (`ethtool -K`)");

    private static readonly SettingKey<bool> Rx = Keys.Switch("rx", true, "the NIC verifies receive checksums");
    private static readonly SettingKey<bool> Tx = Keys.Switch("tx", true, "the NIC fills in transmit checksums");
    private static readonly SettingKey<bool> Sg = Keys.Switch("sg", true, "scatter-gather transmit");
    private static readonly SettingKey<bool> Tso = Keys.Switch("tso", true, "the NIC segments TCP");
    private static readonly SettingKey<bool> Gso = Keys.Switch("gso", true, "segmentation put off to the driver's door");
    private static readonly SettingKey<bool> Gro = Keys.Switch("gro", true, "packets of a flow merged on receive");
    private static readonly SettingKey<bool> Lro = Keys.Switch("lro", false,
        "the driver merges TCP segments whatever their acknowledgements, windows, time stamps and IP headers; off while the device forwards");
    private static readonly SettingKey<bool> Uso = Keys.Switch("tx-udp-segmentation", true, "the NIC segments UDP (USO); needs tx and sg; not in 3.10");
    private static readonly SettingKey<bool> UdpGroForwarding = Keys.Switch("rx-udp-gro-forwarding", false,
        "gro merges datagrams that no socket here wants; not in 3.10");
    private static readonly SettingKey<bool> RxHash = Keys.Switch("rxhash", true, "the NIC's hash handed to the stack");
    private static readonly SettingKey<bool> Ntuple = Keys.Switch("ntuple", false, "flow rules and accelerated RFS");
    private static readonly SettingKey<bool> RxVlan = Keys.Switch("rxvlan", true, "the NIC takes VLAN tags off");
    private static readonly SettingKey<bool> TxVlan = Keys.Switch("txvlan", true, "the NIC puts VLAN tags on");

    /// <summary>The offloads.</summary>
    public static FeatureSettings Read(Section section, ReadingContext context, bool isVeth)
    {
        context.RefuseIn310(section, Uso);
        context.RefuseIn310(section, UdpGroForwarding);
        if (isVeth && section.Get(Lro)) section.Faults.Add(section.PlaceOf(Lro), "a veth has no `lro`");
        var features = Read(section);
        return isVeth && !section.Has(Gro) ? features with { Gro = false } : features; // veth_disable_gro
    }

    private static FeatureSettings Read(Section section) => new()
    {
        Lro = section.Get(Lro),
        Uso = section.Get(Uso),
        UdpGroForwarding = section.Get(UdpGroForwarding),
        Rx = section.Get(Rx),
        Tx = section.Get(Tx),
        Sg = section.Get(Sg),
        Tso = section.Get(Tso),
        Gso = section.Get(Gso),
        Gro = section.Get(Gro),
        RxHash = section.Get(RxHash),
        Ntuple = section.Get(Ntuple),
        RxVlan = section.Get(RxVlan),
        TxVlan = section.Get(TxVlan),
    };
}
