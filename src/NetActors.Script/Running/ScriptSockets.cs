using NetActors.Headers;
using NetActors.Script.Syntax;
using NetActors.Script.Wire;

namespace NetActors.Script.Running;

/// <summary>
/// The sockets and descriptors of a run. As in packetdrill a script tests one socket at a time: the last that socket() made, or the
/// connection that the script has opened to it.
/// </summary>
internal sealed class ScriptSockets(ScriptSettings settings, ScriptRunnerOptions options)
{
    private readonly Dictionary<int, int> _liveFds = [];
    private readonly Dictionary<int, ScriptSocket> _byFd = [];
    private readonly List<ScriptSocket> _all = [];
    private ushort _nextPeerPort = options.FirstPeerPort;

    /// <summary>The socket that packets belong to; null before there is one.</summary>
    public ScriptSocket? UnderTest { get; private set; }

    /// <summary>The descriptor of the stack for one of the script. False when the script has none such.</summary>
    public bool TryGetLiveFd(int scriptFd, out int liveFd) => _liveFds.TryGetValue(scriptFd, out liveFd);

    /// <summary>The socket behind a descriptor of the script; null when it is none.</summary>
    public ScriptSocket? ByFd(int scriptFd) => _byFd.GetValueOrDefault(scriptFd);

    /// <summary>Notes a new descriptor. False when either number is in use.</summary>
    public bool TryOpen(int scriptFd, int liveFd) => !_liveFds.ContainsValue(liveFd) && _liveFds.TryAdd(scriptFd, liveFd);

    /// <summary>socket() has made one.</summary>
    public void OnSocket(int scriptFd, int liveFd, int domain, int protocol)
    {
        UnderTest = new ScriptSocket(domain, protocol) { LiveFd = liveFd };
        _byFd[scriptFd] = UnderTest;
        _all.Add(UnderTest);
    }

    /// <summary>accept() has answered; false when no connection of the script is its peer.</summary>
    public bool TryAccept(int scriptFd, int liveFd, WireEndpoint peer)
    {
        var socket = _all.Find(candidate => candidate.LiveFd < 0
            && candidate.State is (ScriptSocketState.PassiveSynAckSent or ScriptSocketState.PassiveSynAckAcked)
            && candidate.Remote == peer);
        if (socket is null) return false;
        socket.LiveFd = liveFd;
        _byFd[scriptFd] = socket;
        return true;
    }

    /// <summary>close() was called: the descriptor may come again, the connection goes on.</summary>
    public void OnClose(int scriptFd)
    {
        _liveFds.Remove(scriptFd);
        if (_byFd.Remove(scriptFd, out var socket)) socket.LiveFd = -1;
    }

    /// <summary>The script gives the number to another descriptor; the old one stays open, without a number.</summary>
    public void Forget(int scriptFd)
    {
        _liveFds.Remove(scriptFd);
        _byFd.Remove(scriptFd);
    }

    /// <summary>connect() or sendto() names a peer.</summary>
    public void OnConnect(int scriptFd, WireEndpoint peer)
    {
        if (ByFd(scriptFd) is not { State: ScriptSocketState.New } socket) return;
        socket.State = ScriptSocketState.ActiveConnecting;
        socket.Remote = peer;
    }

    /// <summary>The socket for an inbound packet; a first one makes a connection of its own. Null when there is none.</summary>
    public ScriptSocket? ForInbound(PacketSpec spec)
    {
        var isOpen = UnderTest is null or { State: ScriptSocketState.PassiveListening };
        return isOpen && spec is TcpPacketSpec tcp ? OpenPassive(tcp) : UnderTest;
    }

    /// <summary>The socket for an expected packet. Null when there is none.</summary>
    public ScriptSocket? ForOutbound(PacketSpec spec)
    {
        if (spec is TcpPacketSpec tcp && IsConnectSyn(tcp.Flags) && UnderTest is { State: ScriptSocketState.ActiveConnecting } connecting)
        {
            connecting.State = ScriptSocketState.ActiveSynSent;
            connecting.ScriptLocalIsn = tcp.Sequence;
        }

        return UnderTest;
    }

    /// <summary>True when a packet of the stack belongs to the socket; a first one tells its end and initial sequence number.</summary>
    public static bool Matches(ScriptSocket socket, WirePacket packet, PortPair? ports)
    {
        if (packet.IsIcmp) return socket.Remote is null || packet.Destination.Address == socket.Remote.Value.Address;
        if (ports is not null) return packet.Source.Port == ports.Source && packet.Destination.Port == ports.Destination;
        if (packet.Source == socket.Local && packet.Destination == socket.Remote) return true;
        if (packet.Destination != socket.Remote) return false;
        var isFirst = packet.IsTcp
            ? IsConnectSyn(packet.Flags) && socket.State == ScriptSocketState.ActiveSynSent
            : packet.IsUdp && socket is { Protocol: IpProtocols.Udp, State: ScriptSocketState.ActiveConnecting };
        if (!isFirst) return false;
        socket.Local = packet.Source;
        if (packet.IsTcp) socket.LiveLocalIsn = packet.Sequence;
        return true;
    }

    private static bool IsConnectSyn(TcpFlags flags) => (flags & (TcpFlags.Syn | TcpFlags.Ack)) == TcpFlags.Syn;

    private ScriptSocket OpenPassive(TcpPacketSpec spec)
    {
        var domain = settings.IsWireIpv6 ? 10 : 2;
        UnderTest = new ScriptSocket(domain, IpProtocols.Tcp)
        {
            State = ScriptSocketState.PassivePacketReceived,
            Remote = new WireEndpoint(settings.RemoteAddress, spec.Ports is { Source: > 0 } from ? from.Source : _nextPeerPort++),
            Local = new WireEndpoint(settings.LocalAddress, spec.Ports is { Destination: > 0 } to ? to.Destination : settings.BindPort),
            RemoteIsn = spec.Sequence,
        };
        _all.Add(UnderTest);
        return UnderTest;
    }
}
