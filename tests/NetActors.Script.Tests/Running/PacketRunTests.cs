using System.Buffers.Binary;
using NetActors.Headers;
using NetActors.Script.Running;
using NetActors.Script.Tests.Doubles;

namespace NetActors.Script.Tests.Running;

/// <summary>Packets in and out: what is translated, what is compared, when they may come.</summary>
public sealed class PacketRunTests
{
    private const TcpFlags Ack = TcpFlags.Ack;
    private readonly Connection _connection = new();

    private static void Passes(ScriptResult result) => Assert.Equal("", result.Failure?.ToString() ?? "");

    private static ScriptFailure Fails(ScriptResult result, string message)
    {
        Assert.NotNull(result.Failure);
        Assert.Contains(message, result.Failure.Message, StringComparison.Ordinal);
        return result.Failure;
    }

    [Fact]
    public void A_handshake_whose_numbers_wrap_passes()
    {
        Passes(_connection.Run(""));
        var (syn, ack) = (_connection.Host.Injected[0], _connection.Host.Injected[1]);
        _ = Ipv4Header.TryParse(syn, out var ip);
        Assert.True(ip.IsChecksumValid);
        Assert.Equal((StackPackets.Remote, StackPackets.Local), (ip.SourceAddress, ip.DestinationAddress));
        var tcp = Connection.Parse(syn);
        Assert.True(tcp.IsChecksumValid(ip.SourceAddress, ip.DestinationAddress));
        Assert.Equal(((ushort)8080, 0u, (ushort)20000), (tcp.DestinationPort, tcp.Sequence, tcp.Window));
        Assert.Equal("020403e8", Convert.ToHexStringLower(tcp.Options));
        Assert.Equal((1u, unchecked(Connection.Isn + 1)), (Connection.Parse(ack).Sequence, Connection.Parse(ack).Acknowledgment));
    }

    [Fact]
    public void The_socket_calls_get_the_addresses_of_the_settings()
    {
        Passes(_connection.Run(""));
        var bind = Assert.IsType<BindCall>(_connection.Host.Calls[1]);
        Assert.Equal("0200" + "1f90" + "c0a80002" + "0000000000000000", Convert.ToHexStringLower(bind.Address));
        Assert.Equal(77, bind.Fd);
        Assert.Equal(new SocketCall(2, 1, 6), _connection.Host.Calls[0]);
    }

    [Theory]
    [InlineData("> P. 1:101(100) ack 1", TcpFlags.Ack, 1u, 1u, 100, "tcp_flags: expected P., actual .")]
    [InlineData("> . 1:101(100) ack 1", TcpFlags.Ack, 2u, 1u, 100, "tcp_seq: expected 1 (0x1), actual 2 (0x2)")]
    [InlineData("> . 1:101(100) ack 1", TcpFlags.Ack, 1u, 3u, 100, "tcp_ack_seq: expected 1 (0x1), actual 3 (0x3)")]
    [InlineData("> . 1:101(100) ack 1", TcpFlags.Ack, 1u, 1u, 200, "tcp_payload_length: expected 100 (0x64), actual 200 (0xc8)")]
    [InlineData("> . 1:1(0) ack 1 win 5", TcpFlags.Ack, 1u, 1u, 0, "tcp_window: expected 5 (0x5), actual 65535 (0xffff)")]
    [InlineData("> . 1:1(0) ack 1 urg 5", TcpFlags.Ack, 1u, 1u, 0, "tcp_urg_ptr: expected 5")]
    [InlineData("> . 1:1(0) ack 1 <nop,nop,nop,nop>", TcpFlags.Ack, 1u, 1u, 0, "tcp_options: expected <nop,nop,nop,nop>, actual <>")]
    [InlineData("> [ect0] . 1:1(0) ack 1", TcpFlags.Ack, 1u, 1u, 0, "ip_ecn: expected 2 (0x2), actual 0 (0x0)")]
    [InlineData("> [ttl 3] . 1:1(0) ack 1", TcpFlags.Ack, 1u, 1u, 0, "ip_ttl: expected 3 (0x3), actual 64 (0x40)")]
    [InlineData("> udp (5)", TcpFlags.Ack, 1u, 1u, 0, "expected UDP, the stack sent TCP")]
    public void A_field_that_differs_is_named_with_both_values(string expected, TcpFlags flags, uint sequence, uint acknowledgment,
        int payload, string message)
    {
        _connection.OnSegment = _ => _connection.Send(flags, sequence, acknowledgment, payload);
        var failure = Fails(_connection.Run("+0 " + expected), message);
        Assert.Equal(8, failure.Position.Line);
    }

    [Fact]
    public void A_failure_shows_place_expectation_packet_and_dialogue()
    {
        _connection.OnSegment = _ => _connection.Send(Ack, 1, 1, 100);
        var failure = Fails(_connection.Run("+0 > P. 1:101(100) ack 1"), "tcp_flags");
        Assert.Equal("""
            test.pkt:8:4: tcp_flags: expected P., actual .
              expected: 0.100000 P. 1:101(100) ack 1
              actual:   0.100000 . 1:101(100) ack 1 win 65535
              so far:
                  0.000000 call socket() = 77
                  0.000000 call bind() = 0
                  0.000000 call listen() = 0
                  0.000000 < S 0:0(0) win 20000 <mss 1000>
                  0.000000 > S. 0:0(0) ack 1 win 65535 <mss 1460>
                  0.100000 < . 1:1(0) ack 1 win 20000
                  0.100000 call accept() = 78
                  0.100000 > . 1:101(100) ack 1 win 65535
            """.ReplaceLineEndings("\n"), failure.ToString());
    }

    [Fact]
    public void A_packet_that_never_comes_is_told()
    {
        Fails(_connection.Run("+0 > . 1:1(0) ack 1"), "the stack sends nothing, and nothing is pending");
        var late = new Connection();
        late.OnSegment = _ => late.Send(Ack, 1, 1, ms: 400_000);
        Fails(late.Run("+0 > . 1:1(0) ack 1"), "the stack has sent nothing until 300");
    }

    [Theory]
    [InlineData("+0", 4, true)]
    [InlineData("+0", 4.1, false)]
    [InlineData("+.01", 6, true)]
    [InlineData("+.01", 5.9, false)]
    [InlineData("+1", 1124, true)] // 12.5 % of the second that has passed, the slack of the timer wheel
    [InlineData("+1", 1126, false)]
    [InlineData("+1", 876, true)]
    [InlineData("+1", 874, false)]
    [InlineData("+.03~+.06", 26, true)]
    [InlineData("+.03~+.06", 64, true)]
    [InlineData("+.03~+.06", 65, false)]
    [InlineData("+.03~+.06", 25, false)]
    [InlineData(".11", 14, true)]
    [InlineData(".11", 15, false)]
    [InlineData(".11~.15", 54, true)]
    [InlineData("*", 290_000, true)]
    public void A_packet_may_come_within_the_tolerance(string time, double ms, bool passes)
    {
        _connection.OnSegment = _ => _connection.Send(Ack, 1, 1, ms: ms);
        var result = _connection.Run(time + " > . 1:1(0) ack 1");
        if (passes) Passes(result);
        else Fails(result, "expected the packet");
    }

    [Fact]
    public void The_tolerance_is_that_of_the_options()
    {
        _connection.OnSegment = _ => _connection.Send(Ack, 1, 1, ms: 30);
        Passes(_connection.Run("+0 > . 1:1(0) ack 1", "tolerance_usecs=30000"));
        var strict = new Connection();
        strict.OnSegment = _ => strict.Send(Ack, 1, 1, ms: 1005);
        Fails(strict.Run("+1 > . 1:1(0) ack 1", "tolerance_percent=0"), "tolerance 0.004000 s");
    }

    [Fact]
    public void Inbound_packets_in_a_row_count_from_each_other_and_not_from_what_they_cost()
    {
        _connection.OnSegment = _ => _connection.Host.Charge(3);
        Passes(_connection.Run("+.01 < . 1:1(0) ack 1 win 5\n+.01 < . 1:1(0) ack 1 win 5\n+.01 < . 1:1(0) ack 1 win 5\n+.01 < . 1:1(0) ack 1 win 5"));
        Assert.Equal(ScriptedHost.Ms(1000_000 + 100 + 3 + 40 + 3), _connection.Host.Now);
    }

    [Fact]
    public void Data_in_smaller_segments_is_added_up_unless_that_is_forbidden()
    {
        void Send(Connection connection)
        {
            connection.Send(Ack, 1, 1, 1000);
            connection.Send(Ack, 1001, 1, 1000);
            connection.Send(Ack | TcpFlags.Psh, 2001, 1, 500);
        }

        _connection.OnSegment = _ => Send(_connection);
        Passes(_connection.Run("+0 > P. 1:2501(2500) ack 1"));
        var strict = new Connection();
        strict.OnSegment = _ => Send(strict);
        Fails(strict.Run("+0 > P. 1:2501(2500) ack 1", "strict_segments"), "tcp_flags");
    }

    [Fact]
    public void Segments_that_do_not_continue_each_other_are_not_added_up()
    {
        _connection.OnSegment = _ =>
        {
            _connection.Send(Ack, 1, 1, 1000);
            _connection.Send(Ack, 1, 1, 1000);
        };
        var failure = Fails(_connection.Run("+0 > . 1:2001(2000) ack 1"), "after 1000 of 2000 bytes something else came");
        Assert.Equal(". 1:1001(1000) ack 1 win 65535", failure.Actual);
    }

    [Fact]
    public void Bad_checksums_and_bytes_that_nobody_wrote_are_found()
    {
        _connection.OnSegment = _ => _connection.Send(Ack, 1, 1, 3, fill: 7);
        Fails(_connection.Run("+0 > . 1:4(3) ack 1"), "payload: byte 0 is 0x07");
        var broken = new Connection();
        broken.OnSegment = _ =>
        {
            var packet = StackPackets.Tcp(8080, broken.Peer, Ack, Connection.Isn + 1, 1);
            packet[36] ^= 1;
            broken.Host.Send(packet);
        };
        Fails(broken.Run("+0 > . 1:1(0) ack 1"), "bad outbound TCP checksum");
        var header = new Connection();
        header.OnSegment = _ =>
        {
            var packet = StackPackets.Tcp(8080, header.Peer, Ack, Connection.Isn + 1, 1);
            packet[10] ^= 1;
            header.Host.Send(packet);
        };
        Fails(header.Run("+0 > . 1:1(0) ack 1"), "bad outbound IP checksum");
    }

    [Fact]
    public void Packets_of_no_socket_of_the_script_are_passed_over()
    {
        _connection.OnSegment = _ =>
        {
            _connection.Host.Send(StackPackets.Tcp(9999, _connection.Peer, Ack, 5, 5));
            _connection.Host.Send(StackPackets.Udp(53, 53, 5));
            _connection.Send(Ack, 1, 1);
        };
        var result = _connection.Run("+0 > . 1:1(0) ack 1");
        Passes(result);
        Assert.Equal(2, result.Dialogue.Count(line => line.Contains("of no socket", StringComparison.Ordinal)));
    }

    [Fact]
    public void Sack_blocks_are_translated_both_ways()
    {
        _connection.OnSegment = packet =>
        {
            if (_connection.Host.Injected.Count == 3) _connection.Send(Ack, 1, 1, options: "0101050a" + "000007d1" + "00000bb9");
        };
        Passes(_connection.Run("""
            +0 < . 2001:3001(1000) ack 1 win 300 <nop,nop,sack 1:11>
            +0 > . 1:1(0) ack 1 <nop,nop,sack 2001:3001>
            """));
        var options = Connection.Parse(_connection.Host.Injected[2]).Options;
        Assert.Equal(unchecked(Connection.Isn + 1), BinaryPrimitives.ReadUInt32BigEndian(options[4..]));
        Assert.Equal(unchecked(Connection.Isn + 11), BinaryPrimitives.ReadUInt32BigEndian(options[8..]));
    }

    [Fact]
    public void A_peers_initial_number_other_than_zero_counts_only_in_its_SYN()
    {
        Passes(_connection.RunAll("""
            0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3
            +0 listen(3, 5) = 0
            +0 < S 5000:5000(0) win 20000 <mss 1000>
            +0 > S. 700:700(0) ack 5001 <mss 1460>
            +0 < . 1:11(10) ack 1 win 20000
            """));
        Assert.Equal((5001u, unchecked(Connection.Isn + 1)),
            (Connection.Parse(_connection.Host.Injected[1]).Sequence, Connection.Parse(_connection.Host.Injected[1]).Acknowledgment));
    }

    [Fact]
    public void Each_connection_of_the_script_has_a_port_of_its_own()
    {
        const string Again = "+0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 5\n+0 listen(5, 1) = 0\n+0 < S 0:0(0) win 5\n+0 > S. 0:0(0) ack 1 <...>";
        var fd = 77;
        _connection.AnswerMore = call => call is SocketCall ? ScriptAnswer.Return(fd++ * 100) : null;
        Passes(_connection.Run(Again));
        Assert.NotEqual(Connection.Parse(_connection.Host.Injected[0]).SourcePort,
            Connection.Parse(_connection.Host.Injected[2]).SourcePort);
    }

    [Fact]
    public void Ecn_marks_and_tos_are_sent_and_compared()
    {
        _connection.OnSegment = _ => _connection.Send(Ack, 1, 1, tos: 2);
        Passes(_connection.Run("+0 > [ect01] . 1:1(0) ack 1\n+0 < [tos 0x2f, ttl 9] . 1:1(0) ack 1 win 5\n+0 > [ect0] . 1:1(0) ack 1"));
        Assert.Equal((0x2f, 9), (_connection.Host.Injected[2][1], _connection.Host.Injected[2][8]));
    }

    [Fact]
    public void Packets_that_wait_unseen_when_a_script_fails_are_in_its_dialogue()
    {
        _connection.OnSegment = _ => _connection.Send(TcpFlags.Rst, 1, 0);
        var failure = Fails(_connection.Run("+0 write(4, ..., 5) = 6"), "write() answered otherwise");
        Assert.EndsWith("> R 1:1(0) win 65535 (not asked for)", failure.Dialogue[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void A_connection_from_a_written_port_is_found_by_it()
    {
        Passes(_connection.RunAll("""
            0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3
            +0 listen(3, 5) = 0
            +0 < 5555 > 8080 S 0:0(0) win 20000 <mss 1000>
            +0 > S. 0:0(0) ack 1 <...>
            +0 < . 1:1(0) ack 1 win 20000
            +0 accept(3, ..., ...) = 4
            """));
        Assert.Equal(5555, _connection.Peer);
        Assert.Equal(5555, Connection.Parse(_connection.Host.Injected[1]).SourcePort);
    }

    [Fact]
    public void A_packet_before_there_is_a_socket_has_nowhere_to_go() =>
        Fails(_connection.RunAll("0 > . 1:1(0) ack 1"), "no socket for this packet");
}
