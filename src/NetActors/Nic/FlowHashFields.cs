namespace NetActors.Nic;

/// <summary>What goes into the flow hash of a flow type (kernel: <c>RXH_*</c>; ethtool: the letters of <c>rx-flow-hash</c>).</summary>
[Flags]
public enum FlowHashFields : byte
{
    /// <summary>Nothing: no hash.</summary>
    None = 0,

    /// <summary>s: source address (<c>RXH_IP_SRC</c>).</summary>
    SourceAddress = 1,

    /// <summary>d: destination address (<c>RXH_IP_DST</c>).</summary>
    DestinationAddress = 2,

    /// <summary>f: first two bytes of layer 4, the source port (<c>RXH_L4_B_0_1</c>).</summary>
    SourcePort = 4,

    /// <summary>n: next two bytes of layer 4, the destination port (<c>RXH_L4_B_2_3</c>).</summary>
    DestinationPort = 8,

    /// <summary>sd: the 2-tuple.</summary>
    Addresses = SourceAddress | DestinationAddress,

    /// <summary>fn: both ports.</summary>
    Ports = SourcePort | DestinationPort,

    /// <summary>sdfn: the 4-tuple.</summary>
    FourTuple = Addresses | Ports,
}

/// <summary>Reading and writing of ethtool's letters.</summary>
public static class FlowHashLetters
{
    /// <summary>The letters of <paramref name="fields"/> in ethtool's order.</summary>
    public static string Letters(this FlowHashFields fields) => string.Concat(
        fields.HasFlag(FlowHashFields.SourceAddress) ? "s" : "",
        fields.HasFlag(FlowHashFields.DestinationAddress) ? "d" : "",
        fields.HasFlag(FlowHashFields.SourcePort) ? "f" : "",
        fields.HasFlag(FlowHashFields.DestinationPort) ? "n" : "");

    /// <summary>Reads letters such as "sdfn". Refused: unknown letters, and m, v, t and r, which the emulated devices do not
    /// hash.</summary>
    public static EthtoolResult TryParse(string letters, out FlowHashFields fields)
    {
        fields = FlowHashFields.None;
        foreach (var letter in letters)
        {
            switch (letter)
            {
                case 's': fields |= FlowHashFields.SourceAddress; break;
                case 'd': fields |= FlowHashFields.DestinationAddress; break;
                case 'f': fields |= FlowHashFields.SourcePort; break;
                case 'n': fields |= FlowHashFields.DestinationPort; break;
                case 'm' or 'v' or 't' or 'r':
                    return EthtoolResult.Invalid($"rx-flow-hash: this device does not hash on '{letter}'; it knows s, d, f and n");
                default: return EthtoolResult.Invalid($"rx-flow-hash: there is no field '{letter}'; use letters of sdfn");
            }
        }

        return letters.Length > 0 ? EthtoolResult.Success : EthtoolResult.Invalid("rx-flow-hash: name at least one field, such as sd or sdfn");
    }
}
