using System.Buffers.Binary;

namespace NetActors.Headers;

/// <summary>
/// One dissection by the rules of 6.x (kernel: <c>__skb_flow_dissect</c> with <c>flow_keys_dissector</c> and
/// <c>FLOW_DISSECTOR_F_STOP_AT_FLOW_LABEL</c>).
/// </summary>
internal ref struct FlowWalk6(ReadOnlySpan<byte> packet, ushort protocol, ushort? vlanTci)
{
    private readonly ReadOnlySpan<byte> _packet = packet;
    private readonly ushort? _vlanTci = vlanTci;
    private readonly ushort _innerProtocol = protocol;
    private ushort _protocol = vlanTci is null ? protocol : EtherTypes.Vlan;
    private byte _ipProtocol;
    private int _offset;
    private FlowKeys _keys;

    /// <summary>What a step found: what to read next, or that this is the end.</summary>
    private enum Step
    {
        Network,
        Transport,
        Good,
        Bad,
    }

    /// <summary>What was found.</summary>
    public readonly FlowKeys Keys => _keys;

    /// <summary>Reads header after header. False when one is cut off, broken or unknown.</summary>
    public bool Dissect()
    {
        var step = Step.Network;
        for (var headers = 0; step is Step.Network or Step.Transport; headers++)
        {
            var network = step == Step.Network;
            if (headers > FlowDissector.MaxHeaders) step = Step.Good;
            else if (!network) step = ReadTransport();
            else if ((step = ReadNetwork()) == Step.Transport) step = ReadTransport();
        }

        _keys.NetworkProtocol = _protocol;
        _keys.IpProtocol = _ipProtocol;
        _keys.TransportOffset = Math.Min(_offset, _packet.Length);
        return step == Step.Good;
    }

    private Step ReadNetwork() => _protocol switch
    {
        EtherTypes.Ipv4 => ReadIpv4(),
        EtherTypes.Ipv6 => ReadIpv6(),
        EtherTypes.Vlan or EtherTypes.VlanServiceTag => ReadVlan(),
        EtherTypes.PppoeSession => ReadPppoe(),

        // Without a key for labels the kernel stops here; it does not look behind them.
        EtherTypes.MplsUnicast or EtherTypes.MplsMulticast => Step.Good,
        EtherTypes.Arp or EtherTypes.Rarp => Step.Good,
        _ => Step.Bad,
    };

    private Step ReadIpv4()
    {
        if (!FlowDissector.Has(_packet, _offset, Ipv4Header.Size)) return Step.Bad;
        var header = _packet[_offset..];
        var words = header[0] & 0x0F;
        if (words < 5) return Step.Bad;
        _offset += words * 4;
        _ipProtocol = header[9];
        _keys.AddressType = FlowAddressType.Ipv4;
        _keys.Source = BinaryPrimitives.ReadUInt32BigEndian(header[12..]);
        _keys.Destination = BinaryPrimitives.ReadUInt32BigEndian(header[16..]);
        var fragment = BinaryPrimitives.ReadUInt16BigEndian(header[6..]) & 0x3FFF;
        if (fragment == 0) return Step.Transport;
        _keys.IsFragment = true;
        _keys.IsFirstFragment |= (fragment & 0x1FFF) == 0;
        return Step.Good;
    }

    private Step ReadIpv6()
    {
        if (!FlowDissector.Has(_packet, _offset, Ipv6Header.Size)) return Step.Bad;
        var header = _packet[_offset..];
        _offset += Ipv6Header.Size;
        _ipProtocol = header[6];
        _keys.AddressType = FlowAddressType.Ipv6;
        _keys.Source = BinaryPrimitives.ReadUInt128BigEndian(header[8..]);
        _keys.Destination = BinaryPrimitives.ReadUInt128BigEndian(header[24..]);
        var label = BinaryPrimitives.ReadUInt32BigEndian(header) & 0xF_FFFF;
        if (label == 0) return Step.Transport;
        _keys.FlowLabel = label;
        return Step.Good;
    }

    private Step ReadVlan()
    {
        var (tpid, outermost) = (_protocol, _keys.VlanTpid == 0);
        int tci;
        if (outermost && _vlanTci is { } taken)
        {
            (tci, _protocol) = (taken, _innerProtocol);
        }
        else
        {
            if (!FlowDissector.Has(_packet, _offset, VlanTag.Size)) return Step.Bad;
            tci = BinaryPrimitives.ReadUInt16BigEndian(_packet[_offset..]);
            _protocol = BinaryPrimitives.ReadUInt16BigEndian(_packet[(_offset + 2)..]);
            _offset += VlanTag.Size;
        }

        if (!outermost) return Step.Network;
        (_keys.VlanTpid, _keys.VlanEtherType) = (tpid, _protocol);
        (_keys.VlanId, _keys.VlanPriority) = ((ushort)(tci & 0x0FFF), (byte)(tci >> 13));
        return Step.Network;
    }

    private Step ReadPppoe()
    {
        if (!FlowDissector.Has(_packet, _offset, PppProtocols.PppoeSessionSize)) return Step.Bad;
        if (_packet[_offset] != 0x11 || _packet[_offset + 1] != 0) return Step.Bad; // version 1, type 1, code 0: session data
        var ppp = BinaryPrimitives.ReadUInt16BigEndian(_packet[(_offset + 6)..]);
        _offset += PppProtocols.PppoeSessionSize;
        if (PppProtocols.ToEtherType(ppp) is var etherType and not 0)
        {
            _protocol = etherType;
            return Step.Network;
        }

        return PppProtocols.IsValid(ppp) ? Step.Good : Step.Bad;
    }

    private Step ReadTransport()
    {
        var step = _ipProtocol switch
        {
            IpProtocols.Gre => ReadGre(),
            IpProtocols.IpIp => Enter(EtherTypes.Ipv4),
            IpProtocols.Ipv6 => Enter(EtherTypes.Ipv6),
            IpProtocols.Mpls => EnterMpls(),
            IpProtocols.Fragment when _protocol == EtherTypes.Ipv6 => ReadFragment(),
            IpProtocols.HopByHop or IpProtocols.Routing or IpProtocols.DestinationOptions
                when _protocol == EtherTypes.Ipv6 => ReadOptions(),
            _ => Step.Good,
        };
        if (_keys.IsFragment) return step;
        var ports = FlowDissector.ReadPorts(_packet, _offset, _ipProtocol);
        (_keys.SourcePort, _keys.DestinationPort) = ((ushort)(ports >> 16), (ushort)ports);
        return step;
    }

    private Step Enter(ushort protocol)
    {
        _protocol = protocol;
        _keys.IsEncapsulated = true;
        return Step.Network;
    }

    private Step EnterMpls()
    {
        _protocol = EtherTypes.MplsUnicast;
        return Step.Network;
    }

    private Step ReadOptions()
    {
        if (!FlowDissector.Has(_packet, _offset, 2)) return Step.Bad;
        _ipProtocol = _packet[_offset];
        _offset += (_packet[_offset + 1] + 1) * 8;
        return Step.Transport;
    }

    private Step ReadFragment()
    {
        if (!FlowDissector.Has(_packet, _offset, 8)) return Step.Bad;
        _keys.IsFragment = true;
        _keys.IsFirstFragment |= (BinaryPrimitives.ReadUInt16BigEndian(_packet[(_offset + 2)..]) & 0xFFF8) == 0;
        _ipProtocol = _packet[_offset];
        _offset += 8;
        return Step.Good;
    }

    private Step ReadGre()
    {
        var inside = GreReader.Read6(_packet, ref _offset, ref _protocol, ref _keys.GreKey, out var broken);
        if (broken) return Step.Bad;
        _keys.IsEncapsulated |= inside;
        return inside ? Step.Network : Step.Good;
    }
}
