namespace NetActors.Headers;

/// <summary>One IPv4 option, whole, seen over the bytes of a header.</summary>
public readonly ref struct Ipv4Option
{
    /// <summary>End of the list (<c>IPOPT_END</c>).</summary>
    public const byte End = 0;

    /// <summary>Filler (<c>IPOPT_NOOP</c>).</summary>
    public const byte NoOperation = 1;

    /// <summary>Record route (<c>IPOPT_RR</c>).</summary>
    public const byte RecordRoute = 7;

    /// <summary>Time stamp (<c>IPOPT_TIMESTAMP</c>).</summary>
    public const byte Timestamp = 68;

    /// <summary>Loose source route (<c>IPOPT_LSRR</c>).</summary>
    public const byte LooseSourceRoute = 131;

    /// <summary>CIPSO security label (<c>IPOPT_CIPSO</c>).</summary>
    public const byte Cipso = 134;

    /// <summary>Strict source route (<c>IPOPT_SSRR</c>).</summary>
    public const byte StrictSourceRoute = 137;

    /// <summary>Router alert (<c>IPOPT_RA</c>, RFC 2113).</summary>
    public const byte RouterAlert = 148;

    private readonly ReadOnlySpan<byte> _bytes;

    internal Ipv4Option(ReadOnlySpan<byte> bytes, int offset)
    {
        _bytes = bytes;
        Offset = offset;
    }

    /// <summary>Which option it is, copy bit and class included.</summary>
    public byte Type => _bytes[0];

    /// <summary>The whole option in bytes: 1 for a filler, otherwise at least 2.</summary>
    public int Length => _bytes.Length;

    /// <summary>Where the option begins, in bytes from the first option byte.</summary>
    public int Offset { get; }

    /// <summary>True when every fragment carries the option (<c>IPOPT_COPIED</c>).</summary>
    public bool IsCopied => (_bytes[0] & 0x80) != 0;

    /// <summary>The bytes behind type and length.</summary>
    public ReadOnlySpan<byte> Data => _bytes[Math.Min(2, _bytes.Length)..];
}
