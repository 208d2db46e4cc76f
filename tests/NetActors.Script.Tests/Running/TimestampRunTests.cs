using System.Buffers.Binary;
using NetActors.Headers;
using NetActors.Script.Tests.Doubles;

namespace NetActors.Script.Tests.Running;

public sealed class TimestampRunTests
{
    private const string Opening = """
        0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3
        +0 listen(3, 5) = 0
        +0 < S 0:0(0) win 20000 <mss 1000,sackOK,TS val 5000 ecr 0>
        +0 > S. 0:0(0) ack 1 <mss 1460,sackOK,TS val 100 ecr 5000>

        """;

    private readonly Connection _connection = new() { SynAckOptions = "020405b4" + "0402" + "080a" + "abcd0000" + "00001388" };

    [Fact]
    public void An_echo_becomes_the_timestamp_that_the_stack_has_sent()
    {
        var result = _connection.RunAll(Opening + "+.1 < . 1:1(0) ack 1 win 20000 <nop,nop,TS val 5100 ecr 100>");
        Assert.Null(result.Failure);
        var options = Connection.Parse(_connection.Host.Injected[1]).Options;
        Assert.Equal((5100u, 0xabcd0000u),
            (BinaryPrimitives.ReadUInt32BigEndian(options[4..]), BinaryPrimitives.ReadUInt32BigEndian(options[8..])));
    }

    [Fact]
    public void An_echo_of_nothing_is_refused_unless_it_may_be_computed()
    {
        const string Tail = "+.1 < . 1:1(0) ack 1 win 20000 <nop,nop,TS val 5100 ecr 150>";
        Assert.Contains("TS ecr 150 echoes no TS val", _connection.RunAll(Opening + Tail).Failure!.Message, StringComparison.Ordinal);
        var scaled = new Connection { SynAckOptions = _connection.SynAckOptions };
        Assert.Null(scaled.RunAll(Opening + Tail, "tcp_ts_ecr_scaled").Failure);
        Assert.Equal(0xabcd0000u + 50, BinaryPrimitives.ReadUInt32BigEndian(Connection.Parse(scaled.Host.Injected[1]).Options[8..]));
    }

    [Theory]
    [InlineData(0, 900, true)]
    [InlineData(1000, 104, true)]
    [InlineData(1000, 105, false)]
    public void Outbound_values_are_compared_only_when_a_tick_is_given(int tick, uint after, bool passes)
    {
        _connection.OnSegment = _ => _connection.Send(TcpFlags.Ack, 1, 1, options: $"0101080a{0xabcd0000u + after:x8}000013ec");
        var result = _connection.RunAll(
            Opening + "+0 < . 1:1(0) ack 1 win 5 <nop,nop,TS val 5100 ecr 100>\n+0 > . 1:1(0) ack 1 <nop,nop,TS val 200 ecr 5100>",
                $"tcp_ts_tick_usecs={tick}");
        if (passes) Assert.Null(result.Failure);
        else Assert.Contains("tcp_option: expected TS val 200 ecr 5100, actual TS val 205 ecr 5100", result.Failure!.Message,
            StringComparison.Ordinal);
    }
}
