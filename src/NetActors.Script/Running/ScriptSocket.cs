using NetActors.Headers;
using NetActors.Script.Syntax;
using NetActors.Script.Wire;

namespace NetActors.Script.Running;

/// <summary>How far a script's socket is (packetdrill: <c>enum socket_state_t</c>).</summary>
internal enum ScriptSocketState
{
    /// <summary>Fresh from socket().</summary>
    New,

    /// <summary>listen() was called.</summary>
    PassiveListening,

    /// <summary>The script has sent a first packet, usually a SYN.</summary>
    PassivePacketReceived,

    /// <summary>The stack has answered with a SYN-ACK.</summary>
    PassiveSynAckSent,

    /// <summary>The script has acknowledged it.</summary>
    PassiveSynAckAcked,

    /// <summary>connect() or sendto() was called.</summary>
    ActiveConnecting,

    /// <summary>The script has expected the SYN.</summary>
    ActiveSynSent,

    /// <summary>The script has answered with a SYN-ACK.</summary>
    ActiveSynAcked,
}

/// <summary>
/// A socket of a script, and how its numbers translate: a script's SYN has the numbers as written, later packets count from it.
/// </summary>
internal sealed class ScriptSocket(int domain, int protocol)
{
    private readonly Dictionary<uint, uint> _liveTimestamps = [];
    private (uint Script, uint Live)? _firstTimestamp;
    private (uint Script, uint Live)? _flowLabel;

    /// <summary>The family.</summary>
    public int Domain { get; } = domain;

    /// <summary>The protocol.</summary>
    public int Protocol { get; } = protocol;

    /// <summary>How far it is.</summary>
    public ScriptSocketState State { get; set; }

    /// <summary>Its descriptor on the stack; -1 before accept().</summary>
    public int LiveFd { get; set; } = -1;

    /// <summary>The stack's end; null before it is known.</summary>
    public WireEndpoint? Local { get; set; }

    /// <summary>The script's end; null before it is known.</summary>
    public WireEndpoint? Remote { get; set; }

    /// <summary>Initial sequence number of the stack in the script.</summary>
    public uint ScriptLocalIsn { get; set; }

    /// <summary>Initial sequence number of the stack on the wire.</summary>
    public uint LiveLocalIsn { get; set; }

    /// <summary>Initial sequence number of the script; the wire has the same.</summary>
    public uint RemoteIsn { get; set; }

    /// <summary>An inbound segment with the numbers of the wire.</summary>
    /// <exception cref="ScriptMismatchException">The timestamp echo is of no packet that the stack has sent.</exception>
    public TcpPacketSpec ToLive(TcpPacketSpec spec, bool scalesEcho)
    {
        var isSyn = spec.Has(TcpFlags.Syn);
        var local = LocalOffset(isSyn);
        return spec with
        {
            Sequence = unchecked(spec.Sequence + RemoteOffset(isSyn)),
            Acknowledgment = spec.Has(TcpFlags.Ack) ? unchecked(spec.Acknowledgment + local) : spec.Acknowledgment,
            Options = [.. (spec.Options ?? []).Select(option => ToLive(option, spec, local, scalesEcho))],
        };
    }

    /// <summary>What an ICMP message carries back, with the numbers of the wire.</summary>
    public EchoedSpec ToLive(EchoedSpec echoed) =>
        echoed.Kind == EchoedKind.Tcp ? echoed with { Sequence = unchecked(echoed.Sequence + LocalOffset(false)) } : echoed;

    /// <summary>A segment of the stack with the numbers of the script.</summary>
    public WirePacket ToScript(WirePacket packet)
    {
        if (!packet.IsTcp) return packet;
        var isSyn = packet.Has(TcpFlags.Syn);
        var remote = RemoteOffset(isSyn);
        return packet with
        {
            Sequence = unchecked(packet.Sequence - LocalOffset(isSyn)),
            Acknowledgment = packet.Has(TcpFlags.Ack) ? unchecked(packet.Acknowledgment - remote) : packet.Acknowledgment,
            Options = [.. packet.Options.Select(option => option is SackOption sack ? Shift(sack, unchecked(0 - remote)) : option)],
        };
    }

    /// <summary>Notes which timestamp of the wire stands for which of the script, and translates that of the packet.</summary>
    public WirePacket TranslateTimestamp(WirePacket packet, TcpPacketSpec spec)
    {
        if (packet.Timestamp is not { } live || spec.Options?.OfType<TimestampOption>().FirstOrDefault() is not { } written) return packet;
        _liveTimestamps[written.Value] = live.Value;
        _firstTimestamp ??= (written.Value, live.Value);
        var translated = live with { Value = unchecked(_firstTimestamp.Value.Script + (live.Value - _firstTimestamp.Value.Live)) };
        return packet with { Options = [.. packet.Options.Select(option => option is TimestampOption ? translated : option)] };
    }

    /// <summary>Checks a flow label: the same in the script is the same on the wire, another is another. Null when it is good.</summary>
    public string? CheckFlowLabel(uint? expected, uint live)
    {
        if (expected is not { } script) return null;
        if (live == 0) return "ipv6_flow_label: expected one, the packet has none";
        if (_flowLabel is not { } known || (script != known.Script && live != known.Live))
        {
            _flowLabel = (script, live);
            return null;
        }

        if (script != known.Script) return $"ipv6_flow_label: expected another than before, the packet has 0x{live:x} again";
        return live == known.Live ? null : $"ipv6_flow_label: expected that of before, 0x{known.Live:x}, actual 0x{live:x}";
    }

    private static SackOption Shift(SackOption sack, uint by) =>
        new([.. sack.Blocks.Select(block => (unchecked(block.Left + by), unchecked(block.Right + by)))]);

    private TcpOptionSpec ToLive(TcpOptionSpec option, TcpPacketSpec spec, uint local, bool scalesEcho) => option switch
    {
        SackOption sack => Shift(sack, local),
        TimestampOption timestamp when spec.Has(TcpFlags.Ack) => timestamp with { Echo = LiveEcho(timestamp.Echo, spec, scalesEcho) },
        _ => option,
    };

    private uint LiveEcho(uint echo, TcpPacketSpec spec, bool scalesEcho)
    {
        if (_liveTimestamps.TryGetValue(echo, out var live)) return live;
        if (scalesEcho && _firstTimestamp is { } first) return unchecked(echo - first.Script + first.Live);
        throw new ScriptMismatchException(
            spec.Position, $"TS ecr {echo} echoes no TS val that the stack was expected to send (see --tcp_ts_ecr_scaled)");
    }

    private uint LocalOffset(bool isSyn) => isSyn ? unchecked(LiveLocalIsn - ScriptLocalIsn) : LiveLocalIsn;

    private uint RemoteOffset(bool isSyn) => isSyn ? 0 : RemoteIsn;
}
