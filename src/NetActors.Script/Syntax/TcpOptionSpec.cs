using NetActors.Headers;

namespace NetActors.Script.Syntax;

/// <summary>A TCP option as a script writes it.</summary>
public abstract record TcpOptionSpec
{
    /// <summary>Its kind byte.</summary>
    public abstract byte Kind { get; }

    /// <summary>Its size in a header, in bytes.</summary>
    public abstract int Size { get; }
}

/// <summary><c>nop</c>.</summary>
public sealed record NopOption : TcpOptionSpec
{
    /// <inheritdoc />
    public override byte Kind => TcpOptionKinds.NoOperation;

    /// <inheritdoc />
    public override int Size => 1;
}

/// <summary><c>eol</c>.</summary>
public sealed record EndOption : TcpOptionSpec
{
    /// <inheritdoc />
    public override byte Kind => TcpOptionKinds.End;

    /// <inheritdoc />
    public override int Size => 1;
}

/// <summary><c>mss 1460</c>.</summary>
/// <param name="Bytes">The segment size.</param>
public sealed record MssOption(ushort Bytes) : TcpOptionSpec
{
    /// <inheritdoc />
    public override byte Kind => TcpOptionKinds.Mss;

    /// <inheritdoc />
    public override int Size => 4;
}

/// <summary><c>wscale 7</c>.</summary>
/// <param name="Shift">The shift count.</param>
public sealed record WindowScaleOption(byte Shift) : TcpOptionSpec
{
    /// <inheritdoc />
    public override byte Kind => TcpOptionKinds.WindowScale;

    /// <inheritdoc />
    public override int Size => 3;
}

/// <summary><c>sackOK</c>.</summary>
public sealed record SackPermittedOption : TcpOptionSpec
{
    /// <inheritdoc />
    public override byte Kind => TcpOptionKinds.SackPermitted;

    /// <inheritdoc />
    public override int Size => 2;
}

/// <summary><c>sack 1001:2001 3001:4001</c>.</summary>
/// <param name="Blocks">Left and right edges, relative to the initial sequence number.</param>
public sealed record SackOption(IReadOnlyList<(uint Left, uint Right)> Blocks) : TcpOptionSpec
{
    /// <inheritdoc />
    public override byte Kind => TcpOptionKinds.Sack;

    /// <inheritdoc />
    public override int Size => 2 + (8 * Blocks.Count);
}

/// <summary><c>TS val 100 ecr 0</c>.</summary>
/// <param name="Value">The sender's clock.</param>
/// <param name="Echo">The value that is sent back.</param>
public sealed record TimestampOption(uint Value, uint Echo) : TcpOptionSpec
{
    /// <inheritdoc />
    public override byte Kind => TcpOptionKinds.Timestamps;

    /// <inheritdoc />
    public override int Size => 10;
}

/// <summary><c>FO 0123abcd</c>, or with the experimental kind <c>FOEXP 0123abcd</c>.</summary>
/// <param name="Cookie">The cookie; empty asks for one.</param>
/// <param name="IsExperimental">Kind 254 with a magic number (draft-ietf-tcpm-fastopen) instead of 34 (RFC 7413).</param>
public sealed record FastOpenOption(IReadOnlyList<byte> Cookie, bool IsExperimental) : TcpOptionSpec
{
    /// <inheritdoc />
    public override byte Kind => IsExperimental ? TcpOptionKinds.Experimental : TcpOptionKinds.FastOpen;

    /// <inheritdoc />
    public override int Size => (IsExperimental ? 4 : 2) + Cookie.Count;
}

/// <summary><c>md5 0123...</c>, or any other kind by its number: <c>unknown 99 0123abcd</c>, which packetdrill has not.</summary>
/// <param name="OptionKind">The kind byte.</param>
/// <param name="Data">What follows kind and length.</param>
public sealed record RawOption(byte OptionKind, IReadOnlyList<byte> Data) : TcpOptionSpec
{
    /// <inheritdoc />
    public override byte Kind => OptionKind;

    /// <inheritdoc />
    public override int Size => 2 + Data.Count;
}
