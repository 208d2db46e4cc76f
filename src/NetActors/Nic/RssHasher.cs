using System.Buffers.Binary;
using System.Numerics;

namespace NetActors.Nic;

/// <summary>
/// Computes the receive hash of a frame from the fields chosen for its flow type (specification sections 1.1, 1.3, 1.6). A field that
/// is not chosen counts as zero, so that the others keep their place in the input.
/// </summary>
public sealed class RssHasher
{
    private readonly FlowHashFields[] _fields = new FlowHashFields[FlowTypes.Count];
    private Toeplitz _toeplitz;

    /// <summary>A hasher with <paramref name="key"/> and the fields igb and ixgbe begin with: TCP sdfn, everything else sd.</summary>
    public RssHasher(ReadOnlySpan<byte> key)
    {
        _toeplitz = new Toeplitz(key);
        for (var type = FlowType.Ip4; type <= FlowType.Esp6; type++) _fields[(int)type] = FlowHashFields.Addresses;
        _fields[(int)FlowType.Tcp4] = _fields[(int)FlowType.Tcp6] = FlowHashFields.FourTuple;
    }

    /// <summary>The key; a new one must have 40 or 52 bytes.</summary>
    public ReadOnlySpan<byte> Key { get => _toeplitz.Key; set => _toeplitz = new Toeplitz(value); }

    /// <summary>The hash function.</summary>
    public RssHashFunction Function { get; set; }

    /// <summary>The transform before it.</summary>
    public RssTransform Transform { get; set; }

    /// <summary>The fields of a flow type (<c>ethtool -n DEV rx-flow-hash TYPE</c>).</summary>
    public FlowHashFields FieldsOf(FlowType type) => _fields[(int)type];

    /// <summary>Chooses the fields of a flow type; <see cref="FlowType.Ether"/> never has any.</summary>
    public void SetFields(FlowType type, FlowHashFields fields)
    {
        if (type != FlowType.Ether) _fields[(int)type] = fields;
    }

    /// <summary>Copies key, function, transform and fields: a context begins with the device's.</summary>
    public void CopyTo(RssHasher other)
    {
        (other._toeplitz, other.Function, other.Transform) = (_toeplitz, Function, Transform);
        _fields.CopyTo(other._fields.AsSpan());
    }

    /// <summary>True when a symmetric transform would get half a pair: one address or one port without the other.</summary>
    public static bool IsLopsided(FlowHashFields fields) =>
        (fields & FlowHashFields.Addresses) is not (FlowHashFields.None or FlowHashFields.Addresses)
        || (fields & FlowHashFields.Ports) is not (FlowHashFields.None or FlowHashFields.Ports);

    /// <summary>The hash of an Ethernet frame.</summary>
    public RssHash Hash(ReadOnlySpan<byte> frame) => Hash(frame, FrameLayout.Parse(frame));

    /// <summary>The hash of an Ethernet frame whose headers are where <paramref name="layout"/> says.</summary>
    public RssHash Hash(ReadOnlySpan<byte> frame, in FrameLayout layout)
    {
        var fields = _fields[(int)layout.FlowType];
        if (fields == FlowHashFields.None) return default;
        var addresses = layout.FlowType.IsIPv6() ? frame.Slice(layout.NetworkOffset + 8, 32) : frame.Slice(layout.NetworkOffset + 12, 8);
        var usePorts = (fields & FlowHashFields.Ports) != 0 && layout.TransportOffset != 0;
        var ports = usePorts ? frame.Slice(layout.TransportOffset, 4) : default;
        var type = usePorts ? RssHashType.L4 : RssHashType.L3;
        if (Function == RssHashFunction.Toeplitz && Transform == RssTransform.None)
        {
            if (fields == FlowHashFields.Addresses) return new RssHash(_toeplitz.Hash(addresses), type);
            if (fields == FlowHashFields.FourTuple)
                return new RssHash(_toeplitz.Hash(addresses) ^ _toeplitz.Hash(ports, addresses.Length), type);
        }

        return new RssHash(HashAssembled(fields, addresses, ports), type);
    }

    private uint HashAssembled(FlowHashFields fields, ReadOnlySpan<byte> addresses, ReadOnlySpan<byte> ports)
    {
        Span<byte> input = stackalloc byte[Toeplitz.MaxInput];
        input = input[..(addresses.Length + ports.Length)];
        addresses.CopyTo(input);
        ports.CopyTo(input[addresses.Length..]);
        var half = addresses.Length / 2;
        if ((fields & FlowHashFields.SourceAddress) == 0) input[..half].Clear();
        if ((fields & FlowHashFields.DestinationAddress) == 0) input[half..addresses.Length].Clear();
        if (ports.Length > 0)
        {
            if ((fields & FlowHashFields.SourcePort) == 0) input[^4..^2].Clear();
            if ((fields & FlowHashFields.DestinationPort) == 0) input[^2..].Clear();
        }

        if (Transform != RssTransform.None)
        {
            Mix(input[..half], input[half..addresses.Length]);
            if (ports.Length > 0) Mix(input[^4..^2], input[^2..]);
        }

        return Function switch
        {
            RssHashFunction.Xor => Xor(input),
            RssHashFunction.Crc32 => Crc32(input),
            _ => _toeplitz.Hash(input),
        };
    }

    private void Mix(Span<byte> source, Span<byte> destination)
    {
        for (var i = 0; i < source.Length; i++)
        {
            byte s = source[i], d = destination[i];
            destination[i] = (byte)(s ^ d);
            source[i] = Transform == RssTransform.SymmetricOrXor ? (byte)(s | d) : (byte)(s ^ d);
        }
    }

    private static uint Xor(ReadOnlySpan<byte> input)
    {
        var hash = 0u;
        for (; input.Length >= 4; input = input[4..]) hash ^= BinaryPrimitives.ReadUInt32BigEndian(input);
        return hash;
    }

    private static uint Crc32(ReadOnlySpan<byte> input)
    {
        var crc = uint.MaxValue;
        foreach (var value in input) crc = BitOperations.Crc32C(crc, value);
        return ~crc;
    }
}
