namespace NetActors.Script.Parsing;

/// <summary>What a token of a script is (packetdrill: the tokens of lexer.l).</summary>
internal enum TokenKind
{
    /// <summary>Nothing is left.</summary>
    End,

    /// <summary><c>--name</c> or <c>--name=value</c>; the text is what follows the dashes.</summary>
    Option,

    /// <summary>A decimal number, perhaps negative.</summary>
    Integer,

    /// <summary>A hexadecimal number, <c>0x</c> included in the text.</summary>
    HexInteger,

    /// <summary>A number with a point.</summary>
    Float,

    /// <summary>Letters, digits and underscores.</summary>
    Word,

    /// <summary>Text between double quotes, escapes as they were written.</summary>
    String,

    /// <summary>Text between backticks: a shell command.</summary>
    Command,

    /// <summary>Text between <c>%{</c> and <c>}%</c>.</summary>
    Code,

    /// <summary><c>...</c>.</summary>
    Ellipsis,

    /// <summary>An IPv4 address.</summary>
    Ipv4Address,

    /// <summary>An IPv6 address.</summary>
    Ipv6Address,

    /// <summary>Any other character, alone.</summary>
    Punctuation,
}
