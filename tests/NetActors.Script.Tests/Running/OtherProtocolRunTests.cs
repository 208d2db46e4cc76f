using System.Buffers.Binary;
using NetActors.Headers;
using NetActors.Script.Running;
using NetActors.Script.Tests.Doubles;
using NetActors.Sockets;

namespace NetActors.Script.Tests.Running;

/// <summary>Active opens, UDP, ICMP and IPv6.</summary>
public sealed class OtherProtocolRunTests
{
    private const ushort Port = 51234;
    private readonly ScriptedHost _host = new();

    private ScriptResult Run(string text, params string[] options) =>
        ScriptRunner.Run(Scripts.Read(text, Scripts.With(options)), _host, new FakeCommands(), new FakeFiles());

    private static void Passes(ScriptResult result) => Assert.Equal("", result.Failure?.ToString() ?? "");

    private static ScriptAnswer Socket(ScriptSyscall call) => ScriptAnswer.Return(call is SocketCall ? 9 : 0);

    private const string Connect = """
        0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3
        +0 connect(3, ..., ...) = -1 EINPROGRESS (Operation now in progress)
        +0 > S 0:0(0) <...>

        """;

    private void AnswerConnect()
    {
        _host.Answer = call =>
        {
            if (call is not ConnectCall) return Socket(call);
            _host.Send(StackPackets.Tcp(Port, 8080, TcpFlags.Syn, 0xFFFF_FFFF, 0, options: "020405b4"));
            return ScriptAnswer.Fail(Errno.EINPROGRESS);
        };
    }

    [Fact]
    public void The_port_and_number_of_an_active_open_are_those_of_its_SYN()
    {
        AnswerConnect();
        _host.OnInject = _ => _host.Send(StackPackets.Tcp(Port, 8080, TcpFlags.Ack, 0, 501));
        Passes(Run(Connect + "+.03 < S. 500:500(0) ack 1 win 30000 <mss 1400>\n+0 > . 1:1(0) ack 1"));
        var synAck = Connection.Parse(_host.Injected[0]);
        Assert.Equal((Port, (ushort)8080, 500u, 0u), (synAck.DestinationPort, synAck.SourcePort, synAck.Sequence, synAck.Acknowledgment));
    }

    [Fact]
    public void A_simultaneous_open_takes_the_peers_number_from_its_SYN()
    {
        AnswerConnect();
        _host.OnInject = packet =>
        {
            if ((Connection.Parse(packet).Flags & TcpFlags.Ack) == 0) _host.Send(StackPackets.Tcp(Port, 8080, TcpFlags.Syn | TcpFlags.Ack,
                0xFFFF_FFFF, 501));
        };
        Passes(Run(Connect + "+0 < S 500:500(0) win 30000 <mss 1400>\n+0 > S. 0:0(0) ack 501\n+0 < . 1:1(0) ack 1 win 5"));
        Assert.Equal((501u, 0u), (Connection.Parse(_host.Injected[1]).Sequence, Connection.Parse(_host.Injected[1]).Acknowledgment));
    }

    [Fact]
    public void An_ICMP_error_carries_the_segment_as_the_stack_has_sent_it()
    {
        AnswerConnect();
        Passes(Run(Connect + "+0 < icmp unreachable frag_needed mtu 1200 [1:1461(1460)]"));
        var packet = _host.Injected[0];
        _ = Ipv4Header.TryParse(packet, out var ip);
        Assert.True(IcmpHeader.TryParse(ip.Payload, out var icmp) && icmp.IsChecksumValid);
        Assert.Equal((3, 4, (ushort)1200), (icmp.Type, icmp.Code, icmp.NextHopMtu));
        _ = Ipv4Header.TryOverlay(icmp.Payload, out var inner);
        Assert.Equal((StackPackets.Local, StackPackets.Remote, (ushort)1500),
            (inner.SourceAddress, inner.DestinationAddress, inner.TotalLength));
        Assert.Equal((Port, 8080), (BinaryPrimitives.ReadUInt16BigEndian(icmp.Payload[20..]),
            BinaryPrimitives.ReadUInt16BigEndian(icmp.Payload[22..])));
        Assert.Equal(0u, BinaryPrimitives.ReadUInt32BigEndian(icmp.Payload[24..])); // initial 0xffffffff, one on
    }

    [Fact]
    public void Datagrams_go_both_ways_and_an_error_names_the_ports()
    {
        _host.Answer = call =>
        {
            if (call is SendCall send)
            {
                _host.Send(StackPackets.Udp(8080, 8080, send.Buffers[0].Length));
                return ScriptAnswer.Return(send.Buffers[0].Length);
            }

            return call is ReceiveCall ? ScriptAnswer.Return(50) : Socket(call);
        };
        Passes(Run("""
            0 socket(..., SOCK_DGRAM, IPPROTO_UDP) = 3
            +0 bind(3, ..., ...) = 0
            +0 < udp (50)
            +0 recv(3, ..., 100, 0) = 50
            +0 connect(3, ..., ...) = 0
            +0 send(3, ..., 100, 0) = 100
            +0 > udp (100)
            +.01 < udp (50)
            +.01 < icmp unreachable port_unreachable [udp (100)]
            """));
        foreach (var datagram in _host.Injected.Take(2))
        {
            _ = Ipv4Header.TryParse(datagram, out var ip);
            Assert.True(UdpHeader.TryParse(ip.Payload, out var udp) && udp.Checksum != 0
                && udp.IsChecksumValid(ip.SourceAddress, ip.DestinationAddress));
            Assert.Equal((8080, 8080, 50), (udp.SourcePort, udp.DestinationPort, udp.Payload.Length));
        }

        Assert.Equal(17, _host.Injected[2][28 + 9]);
        Assert.Equal(8080, BinaryPrimitives.ReadUInt16BigEndian(_host.Injected[2].AsSpan(28 + 20)));
    }

    [Fact]
    public void Ports_that_a_datagram_names_are_used_and_compared()
    {
        _host.Answer = Socket;
        _host.OnInject = _ => _host.Send(StackPackets.Udp(53, 7777, 8));
        Passes(Run("0 socket(..., SOCK_DGRAM, IPPROTO_UDP) = 3\n+0 < udp 7777 > 53 (8)\n+0 > udp 53 > 7777 (8)"));
        Assert.Equal(7777, BinaryPrimitives.ReadUInt16BigEndian(_host.Injected[0].AsSpan(20)));
    }

    [Fact]
    public void A_ping_socket_sends_an_echo_request()
    {
        _host.Answer = call =>
        {
            if (call is not SendCall send) return Socket(call);
            Assert.Equal(8, send.Buffers[0].Data![0]);
            _host.Send(StackPackets.IcmpEchoRequest(7));
            return ScriptAnswer.Return(16);
        };
        Passes(Run("""
            0 socket(..., SOCK_DGRAM, IPPROTO_ICMP) = 3
            +0 sendto(3, ..., 16, 0, ..., ...) = 16
            +0 > icmp echo_request id 7 [raw (16)]
            +0 < icmp echo_reply id 7 [raw (16)]
            """));
        Assert.Equal(20 + 16, _host.Injected[0].Length);
        var other = Run("0 socket(..., SOCK_DGRAM, IPPROTO_ICMP) = 3\n+0 sendto(3, ..., 16, 0, ..., ...) = 16\n+0 > icmp echo_request [raw (24)]");
        Assert.Contains("icmp_payload_length: expected 16 (0x10), actual 8 (0x8)", other.Failure!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Over_IPv6_the_same_script_has_IPv6_packets_and_flow_labels_that_stay()
    {
        var label = 0x111u;
        _host.Answer = Socket;
        _host.OnInject = packet =>
        {
            Assert.True(Ipv6Header.TryParse(packet, out var ip));
            Assert.True(TcpHeader.TryParse(ip.Payload, out var tcp) && tcp.IsChecksumValid(ip.SourceAddress, ip.DestinationAddress));
            _host.Send((tcp.Flags & TcpFlags.Syn) != 0
                ? StackPackets.Tcp6(8080, tcp.SourcePort, TcpFlags.Syn | TcpFlags.Ack, 9, 1, "020405a0", label)
                : StackPackets.Tcp6(8080, tcp.SourcePort, TcpFlags.Ack, 10, 1, "", label));
        };
        const string Script = """
            0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3
            +0 bind(3, ..., ...) = 0
            +0 listen(3, 1) = 0
            +0 < S 0:0(0) win 5 <mss 1000>
            +0 > (flowlabel 0x1) S. 0:0(0) ack 1 <mss 1440>
            +0 < . 1:1(0) ack 1 win 5
            +0 > [flowlabel 0x1] . 1:1(0) ack 1
            +0 < . 1:1(0) ack 1 win 5
            +0 > [flowlabel 0x2] . 1:1(0) ack 1
            """;
        var result = Run(Script, "ip_version=ipv6");
        Assert.Contains("expected another than before, the packet has 0x111 again", result.Failure!.Message, StringComparison.Ordinal);
        Assert.Equal(9, result.Failure.Position.Line);
        Assert.Equal(new SocketCall(10, 1, 6), _host.Calls[0]);
        Assert.Equal(28, Assert.IsType<BindCall>(_host.Calls[1]).Address.Length);
    }

    [Fact]
    public void Mapped_addresses_have_IPv6_sockets_and_IPv4_packets()
    {
        _host.Answer = Socket;
        Passes(Run("0 socket(..., SOCK_DGRAM, IPPROTO_UDP) = 3\n+0 bind(3, ..., ...) = 0\n+0 < udp (5)", "ip_version=ipv4-mapped-ipv6"));
        Assert.Equal("0a001f90" + "00000000" + "00000000000000000000ffffc0a80002" + "00000000",
            Convert.ToHexStringLower(Assert.IsType<BindCall>(_host.Calls[1]).Address));
        Assert.Equal(0x45, _host.Injected[0][0]);
    }
}
