using NetActors.Headers;
using NetActors.Script.Syntax;
using NetActors.Script.Wire;
using NetActors.Time;

namespace NetActors.Script.Running;

/// <summary>
/// Sends the packets of a script to the stack and compares what the stack sends with what the script expects (run_packet.c).
/// </summary>
internal sealed class PacketRunner(IScriptHost host, ScriptSettings settings, ScriptRunnerOptions options, ScriptSockets sockets,
    ScriptClock clock, ScriptDialogue dialogue)
{
    /// <summary>Lets a packet of the script arrive.</summary>
    /// <exception cref="ScriptMismatchException">It belongs to no socket, or cannot be translated.</exception>
    public void Inject(PacketSpec spec)
    {
        var socket = sockets.ForInbound(spec) ?? throw new ScriptMismatchException(spec.Position, "no socket for this packet");
        if (spec is TcpPacketSpec tcp) NoteInbound(socket, tcp);
        var writer = WriterFor(socket, spec);
        var bytes = spec switch
        {
            TcpPacketSpec segment => writer.Tcp(socket.ToLive(segment, settings.TimestampEchoScaled)),
            UdpPacketSpec datagram => writer.Udp(datagram),
            IcmpPacketSpec message => writer.Icmp(message with { Echoed = socket.ToLive(message.Echoed) }),
            _ => throw new InvalidOperationException($"no such packet: {spec.GetType().Name}"),
        };
        dialogue.Add(clock.Now, "<", PacketText.Of(spec));
        host.Inject(bytes);
    }

    /// <summary>Waits for the next packet of the script's socket and compares it.</summary>
    /// <exception cref="ScriptMismatchException">It does not come, differs, or comes at another time.</exception>
    public void Expect(PacketSpec spec, DueTime due)
    {
        var socket = sockets.ForOutbound(spec) ?? throw new ScriptMismatchException(spec.Position, "no socket for this packet");
        if (spec is TcpPacketSpec synAck && socket.State == ScriptSocketState.PassivePacketReceived
            && synAck.Has(TcpFlags.Syn | TcpFlags.Ack))
            socket.ScriptLocalIsn = synAck.Sequence;
        var (packet, left) = Receive(spec, socket, due);
        if (spec is TcpPacketSpec segment) (packet, left) = Collect(segment, socket, packet, left, due);
        var fault = PacketComparer.Compare(spec, packet, settings)
            ?? socket.CheckFlowLabel(spec.Ip.FlowLabel, packet.FlowLabel)
            ?? clock.Verify(due, clock.ToScript(left), "the packet");
        if (fault is null) return;
        throw new ScriptMismatchException(
            spec.Position, fault, $"{DueText(due)} {PacketText.Of(spec)}",
                $"{ScriptClock.Text(clock.ToScript(left))} {PacketText.Of(packet, spec.Ip)}");
    }

    /// <summary>The run has failed: packets that wait unseen may tell why, so the dialogue gets them too.</summary>
    public void ShowWaiting()
    {
        while (host.TryTakePacket(out var sent))
        {
            if (!WireReader.TryRead(sent.Bytes, out var packet, out _) || packet is null) continue;
            var ours = sockets.UnderTest is { } socket && ScriptSockets.Matches(socket, packet, null) ? socket.ToScript(packet) : packet;
            dialogue.Add(clock.ToScript(sent.Time), ">", $"{PacketText.Of(ours, IpSpec.Unstated)} (not asked for)");
        }
    }

    /// <summary>The time as an expectation shows it.</summary>
    private static string DueText(DueTime due) => due.Kind switch
    {
        EventTimeKind.Any => "*",
        EventTimeKind.AbsoluteRange or EventTimeKind.RelativeRange => $"{ScriptClock.Text(due.Start)}~{ScriptClock.Text(due.End)}",
        _ => ScriptClock.Text(due.Start),
    };

    private static void NoteInbound(ScriptSocket socket, TcpPacketSpec spec)
    {
        if (socket.State == ScriptSocketState.PassiveSynAckSent && spec.Has(TcpFlags.Ack))
            socket.State = ScriptSocketState.PassiveSynAckAcked;
        if (socket.State != ScriptSocketState.ActiveSynSent || !spec.Has(TcpFlags.Syn)) return;
        socket.RemoteIsn = spec.Sequence; // also for a simultaneous open, whose SYN acknowledges nothing
        if (spec.Has(TcpFlags.Ack)) socket.State = ScriptSocketState.ActiveSynAcked;
    }

    /// <summary>The ends of an inbound packet: those of the connection, or as far as they are not known yet those of the options.</summary>
    private WireWriter WriterFor(ScriptSocket socket, PacketSpec spec)
    {
        var source = socket.Remote ?? new WireEndpoint(settings.RemoteAddress, settings.ConnectPort);
        var destination = socket.Local ?? new WireEndpoint(settings.LocalAddress, settings.BindPort);
        var ports = Ports(spec);
        return ports is null
            ? new WireWriter(source, destination)
            : new WireWriter(
                ports.Source == 0 ? source : source with { Port = ports.Source },
                ports.Destination == 0 ? destination : destination with { Port = ports.Destination });
    }

    private static PortPair? Ports(PacketSpec spec) => spec switch
    {
        TcpPacketSpec tcp => tcp.Ports,
        UdpPacketSpec udp => udp.Ports,
        _ => null,
    };

    /// <summary>The next packet of the socket with its numbers translated, and when it left; packets of nobody are passed over.</summary>
    private (WirePacket Packet, KernelTime Left) Receive(PacketSpec spec, ScriptSocket socket, DueTime due)
    {
        var limit = KernelTime.Max(host.Now, due.Kind == EventTimeKind.Any ? host.Now : clock.ToLive(clock.Latest(due))) + options.MaxWait;
        while (true)
        {
            var wait = host.RunUntilPacket(limit);
            if (wait != HostWait.Happened || !host.TryTakePacket(out var sent)) throw new ScriptMismatchException(
                spec.Position,
                wait == HostWait.Idle
                    ? "the stack sends nothing, and nothing is pending"
                    : $"the stack has sent nothing until {ScriptClock.Text(clock.Now)} s",
                $"{DueText(due)} {PacketText.Of(spec)}", "no packet");
            if (Understand(sent, spec, socket) is { } packet) return (packet, sent.Time);
        }
    }

    private WirePacket? Understand(OutboundPacket sent, PacketSpec spec, ScriptSocket socket)
    {
        var time = clock.ToScript(sent.Time);
        if (!WireReader.TryRead(sent.Bytes, out var packet, out var fault) || packet is null)
            throw new ScriptMismatchException(spec.Position, fault ?? "the stack has sent something that cannot be read");
        if (!ScriptSockets.Matches(socket, packet, Ports(spec)))
        {
            var text = PacketText.Of(packet, IpSpec.Unstated);
            dialogue.Add(time, ">", $"{packet.Source} > {packet.Destination}: {text} (of no socket of the script)");
            return null;
        }

        if (socket.State == ScriptSocketState.PassivePacketReceived && packet.Has(TcpFlags.Syn | TcpFlags.Ack))
        {
            socket.State = ScriptSocketState.PassiveSynAckSent;
            socket.LiveLocalIsn = packet.Sequence;
        }

        var translated = socket.ToScript(packet);
        if (spec is TcpPacketSpec segment) translated = socket.TranslateTimestamp(translated, segment);
        dialogue.Add(time, ">", PacketText.Of(translated, spec.Ip));
        if (fault is not null) throw new ScriptMismatchException(spec.Position, fault, null, PacketText.Of(translated, spec.Ip));
        return translated;
    }

    /// <summary>
    /// Data may come in smaller segments than the script says, all but the last of one size; they are added up unless
    /// <c>--strict_segments</c>. The flags are those of the last.
    /// </summary>
    private (WirePacket Packet, KernelTime Left) Collect(TcpPacketSpec spec, ScriptSocket socket, WirePacket first, KernelTime left,
        DueTime due)
    {
        if (settings.StrictSegments || first.Payload.Length == 0 || first.Sequence != spec.Sequence) return (first, left);
        var (whole, last) = (first, first);
        while (whole.Payload.Length < spec.PayloadLength)
        {
            if (last.Payload.Length != first.Payload.Length) return (whole, left);
            (last, _) = Receive(spec, socket, due);
            if (!PacketComparer.IsContinuation(whole, last)) throw new ScriptMismatchException(
                spec.Position, $"after {whole.Payload.Length} of {spec.PayloadLength} bytes something else came",
                PacketText.Of(spec), PacketText.Of(last, spec.Ip));
            whole = whole with { Flags = last.Flags, Payload = Join(whole.Payload, last.Payload) };
        }

        return (whole, left);
    }

    private static byte[] Join(ReadOnlyMemory<byte> first, ReadOnlyMemory<byte> second) => [.. first.Span, .. second.Span];
}
