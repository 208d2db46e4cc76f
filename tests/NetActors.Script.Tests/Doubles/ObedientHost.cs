using System.Buffers.Binary;
using System.Globalization;
using System.Text.RegularExpressions;
using NetActors.Headers;
using NetActors.Script.Code;
using NetActors.Script.Running;
using NetActors.Script.Syntax;
using NetActors.Script.Wire;
using NetActors.Sockets;
using NetActors.Time;

namespace NetActors.Script.Tests.Doubles;

/// <summary>
/// A stack that reads the script too and does exactly what it says, with numbers, ports and timestamps of its own: a runner that is right
/// finds nothing wrong with it, and finds whatever a test makes it do otherwise.
/// </summary>
internal sealed partial class ObedientHost(PacketScript script) : IScriptHost
{
    private const uint Isn = 0xFFFF_FFFD;
    private const uint TimestampOffset = 0x8000_0000;
    private const ushort ActivePort = 50_001;
    private readonly List<ScriptEvent> _events = [.. script.Events];
    private readonly Dictionary<uint, uint> _script = [];
    private (ScriptCall Call, KernelTime End, SyscallAction Action)? _blocked;
    private OutboundPacket? _waiting;
    private uint _remoteIsn;
    private uint _scriptIsn;
    private ushort _peerPort = 8080;
    private ushort _localPort = 8080;
    private int _packets;
    private EventTime _last;

    public KernelTime Now { get; private set; } = KernelTime.FromSeconds(77);

    /// <summary>Which packet, counted from 0, is spoilt, and how.</summary>
    public (int Index, Action<byte[]> Spoil)? Spoilt { get; init; }

    /// <summary>How much later than the script says that packet leaves.</summary>
    public KernelTime Delay { get; init; }

    /// <summary>Packets sent so far.</summary>
    public int Sent => _packets;

    /// <summary>What has been asked of it and not by the script.</summary>
    public List<string> Surprises { get; } = [];

    private static KernelTime Start => KernelTime.FromSeconds(77);

    public void AdvanceTo(KernelTime time)
    {
        if (_blocked is { } blocked && blocked.End <= time)
        {
            Now = KernelTime.Max(Now, blocked.End);
            CompleteBlocked();
        }

        Now = KernelTime.Max(Now, time);
    }

    public HostWait RunUntilPacket(KernelTime limit)
    {
        if (_waiting is not null) return HostWait.Happened;
        if (_events.Count == 0 || _events[0].Action is not PacketAction { Packet: { Direction: PacketDirection.Outbound } packet }) return HostWait.Idle;
        var time = _events[0].Time;
        _events.RemoveAt(0);
        AdvanceTo((time.IsRelative || time.Kind == EventTimeKind.Any ? Now : Start) + time.Start);
        var bytes = Make(packet);
        if (Spoilt is { } spoilt && spoilt.Index == _packets)
        {
            spoilt.Spoil(bytes);
            Now += Delay;
        }

        _packets++;
        _waiting = new OutboundPacket(Now, bytes);
        return HostWait.Happened;
    }

    public bool TryTakePacket(out OutboundPacket packet)
    {
        packet = _waiting ?? default;
        var any = _waiting is not null;
        _waiting = null;
        return any;
    }

    public void Inject(ReadOnlySpan<byte> packet)
    {
        var spec = Next<PacketAction>()?.Packet;
        if (spec is not TcpPacketSpec tcp) return;
        var live = Connection.Parse(packet.ToArray());
        if (tcp.Has(TcpFlags.Syn) && (live.SourcePort != _peerPort || tcp.Has(TcpFlags.Ack))) (_peerPort, _remoteIsn) = (live.SourcePort,
            tcp.Sequence);
        if (!live.IsChecksumValid(StackPackets.Remote, StackPackets.Local)) Surprises.Add($"{spec.Position}: checksum");
        if (live.Sequence != tcp.Sequence
            + (tcp.Has(TcpFlags.Syn) ? 0 : _remoteIsn)) Surprises.Add($"{spec.Position}: sequence number {live.Sequence}");
        if (tcp.Has(TcpFlags.Ack) && live.Acknowledgment != unchecked(tcp.Acknowledgment + Isn - (tcp.Has(TcpFlags.Syn) ? _scriptIsn : 0)))
            Surprises.Add($"{spec.Position}: acknowledgement {live.Acknowledgment}");
        CheckEcho(tcp, live);
    }

    public ScriptCall Begin(ScriptSyscall syscall)
    {
        if (syscall is GetSockOptCall { Option: 11 or 26 or 55 } ask && _events is [{ Action: CodeAction code }, ..])
            return ScriptCall.Completed(syscall, ask.Option == 11 ? new ScriptAnswer { Result = 0, Data = Info(code.Program) }
                : ScriptAnswer.Fail(Errno.ENOPROTOOPT), Now);
        while (_events is [{ Action: CodeAction or CommandAction }, ..]) _events.RemoveAt(0);
        var action = Next<SyscallAction>()!;
        if (action.BlocksUntil is null) return ScriptCall.Completed(syscall, AnswerOf(action), Now);
        var call = new ScriptCall(syscall);
        var length = _last.Kind == EventTimeKind.Absolute ? action.BlocksUntil.Value - (Now - Start)
            : action.BlocksUntil.Value - _last.Start;
        _blocked = (call, Now + length, action);
        return call;
    }

    public HostWait RunUntilCompleted(ScriptCall pending, KernelTime limit)
    {
        AdvanceTo(limit);
        return pending.IsCompleted ? HostWait.Happened : HostWait.TimeReached;
    }

    private T? Next<T>()
        where T : ScriptAction
    {
        while (_events is [{ Action: CodeAction or CommandAction }, ..]) _events.RemoveAt(0);
        if (_events.Count == 0) return null;
        var step = _events[0];
        _events.RemoveAt(0);
        _last = step.Time;
        if (step.Action is T wanted) return wanted;
        Surprises.Add($"{step.Position}: expected {typeof(T).Name}, the script has {step.Action.GetType().Name}");
        return null;
    }

    private void CompleteBlocked()
    {
        var (call, _, action) = _blocked!.Value;
        _blocked = null;
        call.Complete(AnswerOf(action), Now);
    }

    private void CheckEcho(TcpPacketSpec tcp, TcpHeader live)
    {
        if (!tcp.Has(TcpFlags.Ack) || tcp.Options?.OfType<TimestampOption>().FirstOrDefault() is not { } written) return;
        TcpOptionCodec.TryRead(live.Options, out var options);
        if (options.OfType<TimestampOption>().First().Echo != _script[written.Echo]) Surprises.Add($"{tcp.Position}: echo");
    }

    private byte[] Make(PacketSpec spec)
    {
        if (spec is UdpPacketSpec udp) return StackPackets.Udp(8080, 8080, udp.PayloadLength);
        var tcp = Assert.IsType<TcpPacketSpec>(spec);
        var isSyn = tcp.Has(TcpFlags.Syn);
        if (isSyn)
        {
            _scriptIsn = tcp.Sequence;
            if (!tcp.Has(TcpFlags.Ack)) _localPort = ActivePort;
        }

        var local = unchecked(Isn - (isSyn ? _scriptIsn : 0));
        var options = (tcp.Options ?? []).Select(option => option switch
        {
            SackOption sack => new SackOption([.. sack.Blocks.Select(block => (block.Left + _remoteIsn, block.Right + _remoteIsn))]),
            TimestampOption timestamp => timestamp with { Value = _script[timestamp.Value] = timestamp.Value + TimestampOffset },
            _ => option,
        }).ToArray();
        var acknowledgment = tcp.Has(TcpFlags.Ack) ? tcp.Acknowledgment + (isSyn ? 0 : _remoteIsn) : 0;
        return StackPackets.Tcp(
            _localPort, _peerPort, tcp.Flags, unchecked(tcp.Sequence + local), acknowledgment, tcp.PayloadLength, tcp.Window ?? 502,
            Convert.ToHexString(TcpOptionCodec.Write(options)));
    }

    private ScriptAnswer AnswerOf(SyscallAction action)
    {
        if (action.Error is { } error) return ScriptAnswer.Fail((Errno)error.Number);
        var result = Number(action.Result);
        if (action.Name is "socket" or "accept" or "epoll_create") result += 100;
        var answer = ScriptAnswer.Return(result);
        return action.Name switch
        {
            "accept" => answer with { Address = Peer() },
            "getsockopt" => answer with { Data = BitConverter.GetBytes((int)Number(((ListExpression)action.Arguments[3]).Items[0])) },
            "poll" => answer with
            {
                Revents = [.. ((ListExpression)action.Arguments[0]).Items.Cast<PollfdExpression>().Select(entry =>
                    (short)(entry.Revents is null ? 0 : Number(entry.Revents)))],
            },
            "epoll_wait" when result > 0 && action.Arguments[1] is EpollEventExpression step =>
                answer with { Events = [new EpollEvent((uint)Number(step.Events), (ulong)Number(step.Data) + 100)] },
            _ => answer,
        };
    }

    private byte[] Peer()
    {
        var bytes = new byte[16];
        bytes[0] = 2;
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(2), _peerPort);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(4), StackPackets.Remote);
        return bytes;
    }

    private static long Number(ScriptExpression expression) => expression switch
    {
        IntegerExpression integer => integer.Value,
        OrExpression or => Number(or.Left) | Number(or.Right),
        _ => throw new NotSupportedException(expression.GetType().Name),
    };

    /// <summary>A struct tcp_info in which all that the code compares with a number is that number.</summary>
    private static byte[] Info(CodeProgram code)
    {
        var bytes = new byte[TcpInfoFields.InfoSize];
        foreach (Match match in Comparison().Matches(code.Text))
        {
            var value = int.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture);
            var (offset, shift, size) = match.Groups[1].Value switch
            {
                "tcpi_state" => (0, 0, 1),
                "tcpi_ca_state" => (1, 0, 1),
                "tcpi_backoff" => (4, 0, 1),
                "tcpi_options" => (5, 0, 1),
                "tcpi_snd_wscale" => (6, 0, 1),
                "tcpi_unacked" => (24, 0, 4),
                "tcpi_sacked" => (28, 0, 4),
                "tcpi_snd_ssthresh" => (76, 0, 4),
                "tcpi_snd_cwnd" => (80, 0, 4),
                "tcpi_total_retrans" => (100, 0, 4),
                var name => throw new NotSupportedException(name),
            };
            if (size == 1) bytes[offset] |= (byte)(value << shift);
            else BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(offset), value);
        }

        return bytes;
    }

    [GeneratedRegex(@"(tcpi_\w+) [=>]= (\d+)")]
    private static partial Regex Comparison();
}
