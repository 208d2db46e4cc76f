using NetActors.Script.Syntax;

namespace NetActors.Script.Parsing;

/// <summary>
/// Reads structures between braces and tells from the first name which one it is (parser.y: <c>sockaddr</c> to <c>linger</c>).
/// </summary>
internal sealed class StructParser(TokenReader tokens, ExpressionParser expressions)
{
    private static readonly string[] FieldNames =
    [
        "sa_family", "sin_port", "sin_addr", "msg_name", "msg_iov", "msg_flags", "msg_control", "cmsg_level", "cmsg_type", "cmsg_data",
        "ee_errno", "ee_origin", "ee_type", "ee_code", "ee_info", "ee_data", "scm_sec", "scm_nsec", "fd", "events", "revents", "ptr", "u32",
        "u64", "onoff", "linger",
    ];

    private readonly Dictionary<string, ScriptExpression> _fields = new(StringComparer.Ordinal);
    private ScriptPosition _position;

    /// <summary>Reads what is behind the opening brace.</summary>
    public ScriptExpression Read(ScriptPosition position)
    {
        _position = position;
        if (tokens.Current.Kind == TokenKind.Ellipsis) return ReadIovec();
        var first = tokens.Current;
        if (first.Kind != TokenKind.Word || !(tokens.Following.Is('=') || tokens.Following.Is('('))
            || Symbols.LinuxSymbols.TryGet(first.Text, out _))
        {
            if (first.Is('(') || first.Is("flags") || first.Is("Flags")) throw TokenReader.Unsupported(first, "a structure of MPLS or GRE");
            return new BraceListExpression(expressions.ReadList('}'), position);
        }

        if (first.Text == "sa_family") return ReadSockaddr();
        if (first.Text == "msg_name") return ReadMsghdr();
        ReadFields();
        return first.Text switch
        {
            "cmsg_level" => new CmsgExpression(Take("cmsg_level"), Take("cmsg_type"), Take("cmsg_data"), Done()),
            "scm_sec" => new ScmTimestampingExpression(Number("scm_sec"), Number("scm_nsec"), Done()),
            "ee_errno" => new ExtendedErrorExpression(
                Take("ee_errno"), Take("ee_origin"), Take("ee_type"), Take("ee_code"), Take("ee_info"), Take("ee_data"), Done()),
            "fd" => new PollfdExpression(Take("fd"), Take("events"), _fields.Remove("revents", out var revents) ? revents : null, Done()),
            "events" => ReadEpollEvent(),
            "onoff" => new LingerExpression((int)Number("onoff"), (int)Number("linger"), Done()),
            _ => throw new ScriptSyntaxException(first.Position, $"no structure begins with '{first.Text}'"),
        };
    }

    private IovecExpression ReadIovec()
    {
        tokens.Take();
        tokens.Expect(',', "behind the buffer");
        var length = expressions.Read();
        tokens.Expect('}', "behind the length of the buffer");
        return new IovecExpression(length, _position);
    }

    /// <summary>Reads the only form there is: <c>{sa_family = F, sin_port = htons(N), sin_addr = inet_addr("A")}</c>.</summary>
    private SockaddrExpression ReadSockaddr()
    {
        tokens.Take();
        tokens.Expect('=', "behind sa_family");
        var family = tokens.Expect(TokenKind.Word, "AF_INET or AF_INET6");
        if (family.Text is not ("AF_INET" or "AF_INET6")) throw TokenReader.Unsupported(family, $"the address family '{family.Text}'");
        tokens.Expect(',', "behind the family");
        tokens.Expect("sin_port", "behind the family");
        tokens.Expect('=', "behind sin_port");
        tokens.Expect("htons", "around the port");
        tokens.Expect('(', "before the port");
        var port = (ushort)tokens.ExpectNumber("the port", 0, ushort.MaxValue);
        tokens.Expect(')', "behind the port");
        tokens.Expect(',', "behind the port");
        tokens.Expect("sin_addr", "behind the port");
        tokens.Expect('=', "behind sin_addr");
        tokens.Expect("inet_addr", "around the address");
        tokens.Expect('(', "before the address");
        var address = expressions.ReadAddress();
        if (address.IsIpv6 != (family.Text == "AF_INET6"))
            throw new ScriptSyntaxException(family.Position, $"the address {address} is not one of {family.Text}");
        tokens.Expect(')', "behind the address");
        tokens.Expect('}', "behind the socket address");
        return new SockaddrExpression(address, port, _position);
    }

    /// <summary>Reads <c>{msg_name(...)=..., msg_iov(N)=[...], msg_flags=F, msg_control=[...]}</c>, the last part if it is there.</summary>
    private MsghdrExpression ReadMsghdr()
    {
        tokens.Take();
        ExpectEllipsis('(', "behind msg_name");
        tokens.Expect(')', "behind the length of msg_name");
        ExpectEllipsis('=', "behind msg_name(...)");
        tokens.Expect(',', "behind msg_name");
        tokens.Expect("msg_iov", "behind msg_name");
        tokens.Expect('(', "behind msg_iov");
        var count = expressions.Read();
        tokens.Expect(')', "behind the number of buffers");
        tokens.Expect('=', "behind msg_iov(N)");
        var buffers = ReadArray("the array of buffers");
        tokens.Expect(',', "behind msg_iov");
        tokens.Expect("msg_flags", "behind msg_iov");
        tokens.Expect('=', "behind msg_flags");
        var flags = expressions.Read();
        ListExpression? control = null;
        if (tokens.TryTake(','))
        {
            tokens.Expect("msg_control", "behind msg_flags");
            tokens.Expect('=', "behind msg_control");
            control = ReadArray("the array of control messages");
        }

        tokens.Expect('}', "behind the message");
        return new MsghdrExpression(buffers, count, flags, control, _position);
    }

    private void ExpectEllipsis(char before, string where)
    {
        tokens.Expect(before, where);
        tokens.Expect(TokenKind.Ellipsis, "'...'");
    }

    private ListExpression ReadArray(string what)
    {
        if (!tokens.Current.Is('[')) throw tokens.Unexpected(what);
        return (ListExpression)expressions.Read();
    }

    private EpollEventExpression ReadEpollEvent()
    {
        var events = Take("events");
        var kind = _fields.Keys.Select(static name => (EpollDataKind?)(name switch
        {
            "fd" => EpollDataKind.Fd,
            "ptr" => EpollDataKind.Ptr,
            "u32" => EpollDataKind.U32,
            "u64" => EpollDataKind.U64,
            _ => null,
        })).FirstOrDefault() ?? throw new ScriptSyntaxException(_position, "an epoll event needs fd, ptr, u32 or u64 behind events");
        return new EpollEventExpression(events, kind, Take(kind.ToString().ToLowerInvariant()), Done());
    }

    private void ReadFields()
    {
        do
        {
            var name = tokens.Expect(TokenKind.Word, "the name of a field");
            if (Array.IndexOf(FieldNames, name.Text) < 0) throw TokenReader.UnknownName(name, "field", FieldNames);
            tokens.Expect('=', $"behind {name.Text}");
            if (!_fields.TryAdd(name.Text, expressions.Read())) throw new ScriptSyntaxException(name.Position,
                $"'{name.Text}' is there twice");
        }
        while (tokens.TryTake(','));
        tokens.Expect('}', "or ',' behind a field");
    }

    private ScriptExpression Take(string name) => _fields.Remove(name, out var value)
        ? value
        : throw new ScriptSyntaxException(_position, $"the structure has no '{name}'");

    private long Number(string name) => Take(name) is IntegerExpression number
        ? number.Value
        : throw new ScriptSyntaxException(_position, $"'{name}' must be a number");

    /// <summary>The place of the structure, once no field is left over.</summary>
    private ScriptPosition Done() => _fields.Count == 0
        ? _position
        : throw new ScriptSyntaxException(_fields.Values.First().Position, $"the structure has no field '{_fields.Keys.First()}'");
}
