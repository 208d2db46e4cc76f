namespace NetActors.Attach;

/// <summary>Walks the options of a block (pcapng section 3.5): code, length, value padded to four bytes.</summary>
internal ref struct PcapngOptionReader(ReadOnlySpan<byte> options, ByteOrder order)
{
    private readonly ReadOnlySpan<byte> _options = options;
    private int _next;

    /// <summary>Why the walk ended early; null when it did not.</summary>
    public string? Fault { get; private set; }

    /// <summary>Code of the option at hand.</summary>
    public ushort Code { get; private set; }

    /// <summary>Where its value begins among the options.</summary>
    public int ValueOffset { get; private set; }

    /// <summary>Its value.</summary>
    public ReadOnlySpan<byte> Value { get; private set; }

    /// <summary>Goes on to the next option. False at the end (which needs no end-of-options) and at a fault.</summary>
    public bool MoveNext()
    {
        if (Fault is not null || _next == _options.Length) return false;
        var rest = _options[_next..];
        if (rest.Length < 4) return Fail("options end inside an option's header");
        Code = order.U16(rest);
        int length = order.U16(rest[2..]);
        if (Code == PcapngOption.EndOfOptions)
        {
            _next = _options.Length;
            return false;
        }

        var padded = 4 + ((length + 3) & ~3);
        if (padded > rest.Length) return Fail($"option {Code} of {length} bytes goes beyond its block");
        ValueOffset = _next + 4;
        Value = rest.Slice(4, length);
        _next += padded;
        return true;
    }

    /// <summary>True when the value has the length its code asks for; otherwise the walk ends with a fault.</summary>
    public bool HasLength(int length) =>
        Value.Length == length || Fail($"option {Code} has {Value.Length} bytes instead of {length}");

    private bool Fail(string message)
    {
        Fault = message;
        return false;
    }
}
