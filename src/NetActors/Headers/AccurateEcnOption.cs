namespace NetActors.Headers;

/// <summary>
/// The option of accurate ECN (RFC 9768 section 3.2.3): up to three counters of payload bytes that came with ECT(0), CE and ECT(1), of 24
/// bits each.
/// </summary>
public struct AccurateEcnOption
{
    /// <summary>The first counter.</summary>
    public uint First;

    /// <summary>The second counter, of CE.</summary>
    public uint Second;

    /// <summary>The third counter.</summary>
    public uint Third;

    /// <summary>How many there are.</summary>
    public byte Count;

    /// <summary>ECT(1) comes first (kind 174); else ECT(0) (kind 172).</summary>
    public bool IsOrder1;

    /// <summary>Bytes of kind, length and counters.</summary>
    public readonly int Length => 2 + (3 * Count);

    /// <summary>A counter by its place.</summary>
    public readonly uint this[int place] => place switch { 0 => First, 1 => Second, _ => Third };

    /// <summary>Reads what follows kind and length.</summary>
    public static AccurateEcnOption Read(ReadOnlySpan<byte> data, bool isOrder1)
    {
        var option = new AccurateEcnOption { IsOrder1 = isOrder1, Count = (byte)Math.Min(data.Length / 3, 3) };
        if (option.Count > 0) option.First = Counter(data);
        if (option.Count > 1) option.Second = Counter(data[3..]);
        if (option.Count > 2) option.Third = Counter(data[6..]);
        return option;
    }

    /// <summary>Writes kind, length and counters.</summary>
    public readonly void Write(Span<byte> bytes)
    {
        (bytes[0], bytes[1]) = (IsOrder1 ? TcpOptionKinds.AccurateEcn1 : TcpOptionKinds.AccurateEcn0, (byte)Length);
        for (var i = 0; i < Count; i++)
        {
            var value = this[i];
            (bytes[2 + (3 * i)], bytes[3 + (3 * i)], bytes[4 + (3 * i)]) = ((byte)(value >> 16), (byte)(value >> 8), (byte)value);
        }
    }

    private static uint Counter(ReadOnlySpan<byte> data) => (uint)((data[0] << 16) | (data[1] << 8) | data[2]);
}
