using System.Buffers.Binary;
using NetActors.Buffers;
using NetActors.Time;

namespace NetActors.Headers;

/// <summary>
/// The hash by which a host steers packets in software (kernel: <c>skb_get_hash</c>): SipHash over canonical keys in 6.x, Jenkins' hash
/// in 3.10. The two directions of a connection have one hash.
/// </summary>
public sealed class SoftwareFlowHash
{
    private const int FixedBytes = 24;

    private readonly KernelVersion _version;
    private readonly SipHash _sip;
    private readonly uint _jenkinsSeed;

    /// <summary>A hash whose values follow from <paramref name="seed"/>, where Linux takes its secret at boot (<c>hashrnd</c>).</summary>
    public SoftwareFlowHash(KernelVersion version, ulong seed)
    {
        (_version, Seed) = (version, seed);
        var secret = KernelRandom.For(seed, "hashrnd");
        _sip = new SipHash(secret.NextUInt64(), secret.NextUInt64());
        _jenkinsSeed = secret.NextUInt32();
    }

    /// <summary>What the secret was made from.</summary>
    public ulong Seed { get; }

    /// <summary>
    /// The packet's hash: one that covers ports or was computed in software is used again, a device's hash of the addresses alone is
    /// replaced. Never 0 in 6.x; 0 in 3.10 for a packet that cannot be dissected. <see cref="SkBuff.Data"/> begins at the network header.
    /// </summary>
    public uint GetHash(SkBuff skb)
    {
        if (skb.L4Hash || (skb.SwHash && _version != KernelVersion.V310)) return skb.Hash;
        var hash = Compute(skb.Data, skb.Protocol, skb.VlanTci, out var l4);
        if (hash != 0 || _version != KernelVersion.V310) (skb.Hash, skb.L4Hash, skb.SwHash) = (hash, l4, true);
        return skb.Hash;
    }

    /// <summary>The hash of a packet's keys: not 0, but for a packet that 3.10 cannot dissect.</summary>
    /// <param name="packet">The bytes from the network header on.</param>
    /// <param name="protocol">EtherType of the packet.</param>
    /// <param name="vlanTci">The tag that the device took off; null when none.</param>
    /// <param name="l4">True when ports or a flow label were part of it.</param>
    public uint Compute(ReadOnlySpan<byte> packet, ushort protocol, ushort? vlanTci, out bool l4)
    {
        var found = FlowDissector.Dissect(packet, protocol, vlanTci, _version, out var keys);
        l4 = (found || _version != KernelVersion.V310) && keys.HasL4;
        return found || _version != KernelVersion.V310 ? FromKeys(keys) : 0;
    }

    /// <summary>The hash of <paramref name="keys"/>, never 0 (kernel: <c>flow_hash_from_keys</c>).</summary>
    public uint FromKeys(in FlowKeys keys)
    {
        var hash = _version == KernelVersion.V310 ? Jenkins(keys) : Sip(keys);
        return hash == 0 ? 1 : hash;
    }

    /// <summary>Addresses and ports are sorted each for itself (kernel: <c>__flow_hash_consistentify</c>).</summary>
    private uint Sip(in FlowKeys keys)
    {
        Span<byte> words = stackalloc byte[FixedBytes + 2 * Ipv6Address.Size];
        BinaryPrimitives.WriteUInt16BigEndian(words, keys.NetworkProtocol);
        BinaryPrimitives.WriteUInt16BigEndian(words[2..], keys.IpProtocol);
        BinaryPrimitives.WriteUInt32BigEndian(words[4..], keys.FlowLabel);
        BinaryPrimitives.WriteUInt16BigEndian(words[8..], (ushort)(keys.VlanPriority << 13 | keys.VlanId));
        BinaryPrimitives.WriteUInt16BigEndian(words[10..], keys.VlanTpid);
        BinaryPrimitives.WriteUInt32BigEndian(words[12..], keys.VlanEtherType);
        BinaryPrimitives.WriteUInt32BigEndian(words[16..], keys.GreKey);
        if (keys.AddressType == FlowAddressType.None)
        {
            WritePorts(words, keys.SourcePort, keys.DestinationPort);
            return (uint)_sip.Compute(words[..FixedBytes]);
        }

        WritePorts(words, Math.Min(keys.SourcePort, keys.DestinationPort), Math.Max(keys.SourcePort, keys.DestinationPort));
        var (low, high) = keys.Source < keys.Destination ? (keys.Source, keys.Destination) : (keys.Destination, keys.Source);
        if (keys.AddressType == FlowAddressType.Ipv4)
        {
            BinaryPrimitives.WriteUInt32BigEndian(words[FixedBytes..], (uint)low);
            BinaryPrimitives.WriteUInt32BigEndian(words[(FixedBytes + 4)..], (uint)high);
            return (uint)_sip.Compute(words[..(FixedBytes + 8)]);
        }

        BinaryPrimitives.WriteUInt128BigEndian(words[FixedBytes..], low);
        BinaryPrimitives.WriteUInt128BigEndian(words[(FixedBytes + Ipv6Address.Size)..], high);
        return (uint)_sip.Compute(words);
    }

    private static void WritePorts(Span<byte> words, ushort first, ushort second)
    {
        BinaryPrimitives.WriteUInt16BigEndian(words[20..], first);
        BinaryPrimitives.WriteUInt16BigEndian(words[22..], second);
    }

    /// <summary>Addresses and ports are swapped together, by address and then by port (kernel 3.10: <c>__skb_get_rxhash</c>).</summary>
    private uint Jenkins(in FlowKeys keys)
    {
        var ipv6 = keys.AddressType == FlowAddressType.Ipv6;
        var source = ipv6 ? Ipv6Address.Fold(keys.Source) : (uint)keys.Source;
        var destination = ipv6 ? Ipv6Address.Fold(keys.Destination) : (uint)keys.Destination;
        var (sourcePort, destinationPort) = (keys.SourcePort, keys.DestinationPort);
        if (destination < source || (destination == source && destinationPort < sourcePort))
        {
            (source, destination) = (destination, source);
            (sourcePort, destinationPort) = (destinationPort, sourcePort);
        }

        return JenkinsHash.Hash3Words(destination, source, (uint)sourcePort << 16 | destinationPort, _jenkinsSeed);
    }
}
