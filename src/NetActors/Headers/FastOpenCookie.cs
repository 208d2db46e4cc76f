using System.Buffers.Binary;

namespace NetActors.Headers;

/// <summary>A Fast Open cookie (RFC 7413 section 4.1.1; kernel: <c>struct tcp_fastopen_cookie</c>), compared by value.</summary>
/// <param name="Value">The cookie, first byte on the wire highest (bits 120 to 127), zeros behind a short one.</param>
/// <param name="Length">Bytes: 4 to 16 and even; 0 for a request; -1 when the sender wrote a length that is not allowed.</param>
/// <param name="Experimental">Sent as option 254 with the number 0xf989 (kernel: <c>exp</c>).</param>
public readonly record struct FastOpenCookie(UInt128 Value, sbyte Length, bool Experimental)
{
    /// <summary>Fewest bytes of a cookie (<c>TCP_FASTOPEN_COOKIE_MIN</c>).</summary>
    public const int MinLength = 4;

    /// <summary>Most bytes of a cookie (<c>TCP_FASTOPEN_COOKIE_MAX</c>).</summary>
    public const int MaxLength = 16;

    /// <summary>Reads the bytes of an option, of an even number (kernel: <c>tcp_parse_fastopen_option</c>).</summary>
    public static FastOpenCookie Read(ReadOnlySpan<byte> bytes, bool experimental)
    {
        if (bytes.Length is 0) return new FastOpenCookie(0, 0, experimental);
        if (bytes.Length is < MinLength or > MaxLength) return new FastOpenCookie(0, -1, experimental);
        Span<byte> padded = stackalloc byte[MaxLength];
        padded.Clear();
        bytes.CopyTo(padded);
        return new FastOpenCookie(BinaryPrimitives.ReadUInt128BigEndian(padded), (sbyte)bytes.Length, experimental);
    }

    /// <summary>Writes the cookie; the caller has checked that <see cref="Length"/> bytes fit.</summary>
    public void Write(Span<byte> bytes)
    {
        if (Length <= 0) return;
        Span<byte> padded = stackalloc byte[MaxLength];
        BinaryPrimitives.WriteUInt128BigEndian(padded, Value);
        padded[..Length].CopyTo(bytes);
    }
}
