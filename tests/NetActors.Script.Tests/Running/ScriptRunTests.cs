using NetActors.Script.Running;
using NetActors.Script.Tests.Doubles;
using NetActors.Sockets;

namespace NetActors.Script.Tests.Running;

/// <summary>Commands, code, and what does not count.</summary>
public sealed class ScriptRunTests
{
    private const int TcpInfo = 11;
    private readonly Connection _connection = new();

    private void Tell(byte state) => _connection.AnswerMore = call => call switch
    {
        GetSockOptCall { Option: TcpInfo } => new ScriptAnswer { Result = 0, Data = [state, .. new byte[231]] },
        GetSockOptCall => ScriptAnswer.Fail(Errno.ENOPROTOOPT),
        _ => null,
    };

    [Fact]
    public void Code_sees_what_the_accepted_socket_says()
    {
        Tell(1);
        var result = _connection.Run("+0 %{ assert tcpi_state == TCP_ESTABLISHED, tcpi_state; print('ok', tcpi_state) }%");
        Assert.Null(result.Failure);
        Assert.Equal(["ok 1"], result.Printed);
        Assert.Equal(78, _connection.Host.Calls.OfType<GetSockOptCall>().First().Fd);
    }

    [Fact]
    public void An_assertion_that_fails_names_its_place_and_values()
    {
        Tell(4);
        var failure = _connection.Run("+0 %{ assert tcpi_state == 1 }%").Failure!;
        Assert.Equal("assert tcpi_state == 1 failed (tcpi_state = 4)", failure.Message);
        Assert.Equal(new ScriptPosition(8, 7), failure.Position);
    }

    [Fact]
    public void Code_without_a_socket_to_look_at_fails() =>
        Assert.Contains("none is accepted or connected", _connection.RunAll("0 %{ assert 1 }%").Failure!.Message, StringComparison.Ordinal);

    [Fact]
    public void Commands_run_before_at_their_time_and_behind()
    {
        var result = _connection.RunAll("`sysctl -q net.ipv4.a=1`\n0 `sysctl -q net.ipv4.b=2`\n`sysctl -q net.ipv4.c=3`");
        Assert.Null(result.Failure);
        Assert.Equal(["1", "2", "3"], _connection.Commands.Sysctls.Values);
    }

    [Fact]
    public void A_command_that_fails_ends_the_script_with_what_it_says()
    {
        var failure = _connection.RunAll("`true`\n0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3\n+0 `sysctl -q kernel.frob=1`").Failure!;
        Assert.Equal("the command ended with status 1: sysctl: cannot stat /proc/sys/kernel/frob: No such file or directory",
            failure.Message);
        Assert.Equal(3, failure.Position.Line);
        Assert.DoesNotContain(
            new Connection().RunAll("`false`\n0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3").Dialogue, line =>
                line.Contains("socket", StringComparison.Ordinal));
    }

    [Fact]
    public void What_is_not_fatal_warns_and_the_script_goes_on()
    {
        const string Tail = "+0 write(4, ..., 5) = 6\n+0 > . 1:1(0) ack 1\n+0 close(4) = 0";
        var result = _connection.Run(Tail, "non_fatal=packet,syscall");
        Assert.Null(result.Failure);
        Assert.Equal([8, 9], result.Warnings.Select(warning => warning.Position.Line));
        Assert.Single(_connection.Host.Calls.OfType<CloseCall>());
        Assert.Equal(8, new Connection().Run(Tail, "non_fatal=packet").Failure!.Position.Line);
    }

    [Fact]
    public void An_event_whose_time_is_over_fails()
    {
        _connection.OnSegment = _ => _connection.Host.Charge(50);
        var failure = _connection.Run(".12 close(4) = 0").Failure!;
        Assert.Contains("expected the event at 0.1", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_same_script_and_stack_give_the_same_dialogue() =>
        Assert.Equal(new Connection().Run("+0 write(4, ..., 5) = 5").Dialogue, new Connection().Run("+0 write(4, ..., 5) = 5").Dialogue);
}
