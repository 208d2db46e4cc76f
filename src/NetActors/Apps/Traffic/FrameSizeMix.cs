using NetActors.Time;

namespace NetActors.Apps.Traffic;

/// <summary>How long frames are, in bytes from the destination address to the end of the payload, without check sequence (FCS).</summary>
public sealed class FrameSizeMix
{
    /// <summary>
    /// Ethernet, IPv4 and UDP headers and 18 bytes of payload: on the wire, with its FCS, the shortest frame of 64 bytes.
    /// </summary>
    public const int Smallest = 60;

    /// <summary>A full IPv4 datagram of 1500 bytes in its frame: 1518 bytes with FCS.</summary>
    public const int Largest = 1514;

    /// <summary>Room for a jumbo frame of 9000 bytes IPv4.</summary>
    public const int Jumbo = 9014;

    private readonly int[] _sizes;
    private readonly AliasTable? _table;
    private readonly KernelRandom? _random;

    private FrameSizeMix(int[] sizes, AliasTable? table, KernelRandom? random)
    {
        foreach (var size in sizes)
        {
            if (size is < Smallest or > Jumbo)
                throw new ArgumentOutOfRangeException(nameof(sizes), size, $"frames have {Smallest} to {Jumbo} bytes");
        }

        (_sizes, _table, _random) = (sizes, table, random);
    }

    /// <summary>The sizes in bytes; <see cref="Next"/> answers an index into them.</summary>
    public ReadOnlySpan<int> Sizes => _sizes;

    /// <summary>All frames have <paramref name="frameBytes"/>.</summary>
    public static FrameSizeMix Fixed(int frameBytes) => new([frameBytes], null, null);

    /// <summary>Each size as likely as its weight.</summary>
    public static FrameSizeMix Weighted(ReadOnlySpan<int> frameBytes, ReadOnlySpan<double> weights, KernelRandom random) =>
        frameBytes.Length == weights.Length
            ? new(frameBytes.ToArray(), new AliasTable(weights), random)
            : throw new ArgumentException("as many weights as sizes", nameof(weights));

    /// <summary>The simple Internet mix: of 12 frames 7 of 64, 4 of 594 and 1 of 1518 bytes, FCS included.</summary>
    public static FrameSizeMix Imix(KernelRandom random) => Weighted([60, 590, 1514], [7, 4, 1], random);

    /// <summary>Index of the next frame's size.</summary>
    public int Next() => _table is null ? 0 : _table.Next(_random!);
}
