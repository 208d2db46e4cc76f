using System.Net;

namespace NetActors.Scenarios;

/// <summary>An IPv4 address with a prefix length, as <c>ip address</c> and <c>ip route</c> write it.</summary>
/// <param name="Address">The address as written: an interface's address keeps its host bits.</param>
/// <param name="Length">Bits of the prefix, 0 to 32.</param>
public sealed record Ipv4Prefix(IPAddress Address, int Length)
{
    /// <summary>0.0.0.0/0, the <c>default</c> of <c>ip route</c>.</summary>
    public static Ipv4Prefix Default { get; } = new(IPAddress.Any, 0);

    /// <summary>The address as a number, first byte highest.</summary>
    public uint Number => ToNumber(Address);

    /// <summary>The bits that count, as a number.</summary>
    public uint Mask => Length == 0 ? 0 : uint.MaxValue << (32 - Length);

    /// <summary>No host bit is set.</summary>
    public bool IsNetwork => (Number & ~Mask) == 0;

    /// <summary>The prefix covers <paramref name="address"/>.</summary>
    public bool Contains(IPAddress address) => ((ToNumber(address) ^ Number) & Mask) == 0;

    /// <summary>An IPv4 address as a number, first byte highest.</summary>
    public static uint ToNumber(IPAddress address) =>
        System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(address.GetAddressBytes());

    /// <summary><c>10.0.0.0/24</c>.</summary>
    public override string ToString() => $"{Address}/{Length}";
}
