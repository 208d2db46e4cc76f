namespace NetActors.Attach;

/// <summary>What is wrong with a capture file.</summary>
public enum CaptureFaultKind
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>The file has no bytes at all.</summary>
    EmptyFile,

    /// <summary>The file begins with nothing that a capture begins with.</summary>
    BadMagic,

    /// <summary>The file is of a version that is not known.</summary>
    BadVersion,

    /// <summary>The file ends inside a header, a block or a packet; all packets before that were given.</summary>
    Truncated,

    /// <summary>A length contradicts another length, the format or the reader's limits.</summary>
    BadLength,

    /// <summary>An option contradicts the format.</summary>
    BadOption,

    /// <summary>A packet names an interface that the section has not described, or there are more than the reader's limit.</summary>
    BadInterface,

    /// <summary>A packet's link type is none of <see cref="CaptureLinkType"/>.</summary>
    UnknownLinkType,

    /// <summary>The operating system could not open, read or write the file.</summary>
    InputOutput,
}
