namespace NetActors.Headers;

/// <summary>
/// Walks the options of an IPv4 header. The walk stops at the end option or at the first that does not fit; <see cref="TryValidate"/>
/// tells which, so that nothing is lost silently.
/// </summary>
/// <param name="options">The bytes behind the first 20 of the header.</param>
public readonly ref struct Ipv4Options(ReadOnlySpan<byte> options)
{
    private readonly ReadOnlySpan<byte> _options = options;

    /// <summary>For <c>foreach</c>.</summary>
    public Enumerator GetEnumerator() => new(_options);

    /// <summary>
    /// Checks the options of a received packet as <c>__ip_options_compile</c> does. False with the offset of the byte at fault from the
    /// begin of the header: the pointer of the parameter problem that answers it.
    /// </summary>
    public bool TryValidate(out int errorPointer)
    {
        errorPointer = 0;
        var (sourceRoutes, recordRoutes, timestamps, labels) = (0, 0, 0, 0);
        var walk = GetEnumerator();
        while (walk.MoveNext())
        {
            var option = walk.Current;
            var fault = option.Type switch
            {
                Ipv4Option.LooseSourceRoute or Ipv4Option.StrictSourceRoute => SourceRouteFault(option, ++sourceRoutes),
                Ipv4Option.RecordRoute => RecordRouteFault(option, ++recordRoutes),
                Ipv4Option.Timestamp => TimestampFault(option, ++timestamps),
                Ipv4Option.RouterAlert => option.Length < 4 ? 1 : -1,
                Ipv4Option.Cipso => ++labels > 1 ? 0 : -1,
                _ => -1,
            };
            if (fault < 0) continue;
            errorPointer = Ipv4Header.Size + option.Offset + fault;
            return false;
        }

        if (!walk.IsMalformed) return true;
        errorPointer = Ipv4Header.Size + walk.Position;
        return false;
    }

    private static int SourceRouteFault(Ipv4Option option, int seen)
    {
        if (option.Length < 3) return 1;
        if (option.Data[0] < 4) return 2;
        return seen > 1 ? 0 : -1;
    }

    private static int RecordRouteFault(Ipv4Option option, int seen)
    {
        if (seen > 1) return 0;
        if (option.Length < 3) return 1;
        var pointer = option.Data[0];
        if (pointer < 4) return 2;
        return pointer <= option.Length && pointer + 3 > option.Length ? 2 : -1;
    }

    private static int TimestampFault(Ipv4Option option, int seen)
    {
        if (seen > 1) return 0;
        if (option.Length < 4) return 1;
        var pointer = option.Data[0];
        var (flag, overflow) = (option.Data[1] & 0x0F, option.Data[1] >> 4);
        if (pointer < 5) return 2;
        if (pointer > option.Length) return overflow == 15 ? 3 : -1;
        var entry = flag is 1 or 3 ? 7 : 3; // bytes behind the pointer: an address and a time stamp, or the time stamp alone
        return pointer + entry > option.Length ? 2 : -1;
    }

    /// <summary>The place of a walk over the options.</summary>
    public ref struct Enumerator
    {
        private readonly ReadOnlySpan<byte> _options;
        private int _length;

        internal Enumerator(ReadOnlySpan<byte> options) => _options = options;

        /// <summary>Where the current option begins, or the one that did not fit, in bytes from the first option byte.</summary>
        public int Position { get; private set; }

        /// <summary>True when the walk ended at an option that does not fit (RFC 791 section 3.1).</summary>
        public bool IsMalformed { get; private set; }

        /// <summary>The option at the place of the walk.</summary>
        public readonly Ipv4Option Current => new(_options.Slice(Position, _length), Position);

        /// <summary>Goes to the next option. False at the end, and at an option whose length is below 2 or beyond the header.</summary>
        public bool MoveNext()
        {
            if (IsMalformed) return false;
            Position += _length;
            _length = 0;
            if (Position >= _options.Length || _options[Position] == Ipv4Option.End) return false;
            if (_options[Position] == Ipv4Option.NoOperation)
            {
                _length = 1;
                return true;
            }

            var left = _options.Length - Position;
            IsMalformed = left < 2 || _options[Position + 1] < 2 || _options[Position + 1] > left;
            if (!IsMalformed) _length = _options[Position + 1];
            return !IsMalformed;
        }
    }
}
