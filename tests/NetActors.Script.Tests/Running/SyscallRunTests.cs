using NetActors.Headers;
using NetActors.Script.Running;
using NetActors.Script.Tests.Doubles;
using NetActors.Sockets;

namespace NetActors.Script.Tests.Running;

/// <summary>System calls: what they are given, what of their answers is compared, when those that block may end.</summary>
public sealed class SyscallRunTests
{
    private readonly Connection _connection = new();

    private ScriptResult Answering<T>(string call, ScriptAnswer answer)
        where T : ScriptSyscall
    {
        _connection.AnswerMore = made => made is T ? answer : null;
        return _connection.Run("+0 " + call);
    }

    private T Made<T>()
        where T : ScriptSyscall => _connection.Host.Calls.OfType<T>().Last();

    private static void Passes(ScriptResult result) => Assert.Equal("", result.Failure?.ToString() ?? "");

    private static ScriptFailure Fails(ScriptResult result, string message)
    {
        Assert.NotNull(result.Failure);
        Assert.Contains(message, result.Failure.Message, StringComparison.Ordinal);
        return result.Failure;
    }

    private static ScriptAnswer Data(long result, params byte[] data) => new() { Result = result, Data = data };

    [Fact]
    public void Result_and_error_must_be_those_of_the_script()
    {
        Passes(Answering<ReceiveCall>("read(4, ..., 10) = -1 ECONNRESET (x)", ScriptAnswer.Fail(Errno.ECONNRESET)));
        var failure = Fails(new SyscallRunTests().Answering<ReceiveCall>("read(4, ..., 10) = -1 ECONNRESET (x)",
            ScriptAnswer.Fail(Errno.EPIPE)), "read() answered otherwise");
        Assert.Equal(("-1 ECONNRESET (Connection reset by peer)", "-1 EPIPE (Broken pipe)"), (failure.Expected, failure.Actual));
        failure = Fails(new SyscallRunTests().Answering<ReceiveCall>("read(4, ..., 10) = 5", ScriptAnswer.Return(6)),
            "read() answered otherwise");
        Assert.Equal(("5", "6", new ScriptPosition(8, 4)), (failure.Expected, failure.Actual, failure.Position));
    }

    [Fact]
    public void Any_descriptor_of_the_stack_will_do_and_later_calls_use_it()
    {
        Passes(_connection.Run("+0 close(4) = 0\n+0 close(3) = 0"));
        Assert.Equal([78, 77], _connection.Host.Calls.OfType<CloseCall>().Select(call => call.Fd));
        Fails(new Connection().Run("+0 close(9) = 0"), "the script has no open descriptor 9");
        Fails(new Connection().Run("+0 close(4) = 0\n+0 close(4) = 0"), "the script has no open descriptor 4");
    }

    [Fact]
    public void A_connection_that_the_script_has_not_opened_cannot_be_accepted()
    {
        var answer = new ScriptAnswer { Result = 90, Address = [2, 0, 0, 5, 1, 2, 3, 4, 0, 0, 0, 0, 0, 0, 0, 0] };
        Fails(Answering<AcceptCall>("accept(3, ..., ...) = 5", answer), "accept() gave a connection from 1.2.3.4.5");
    }

    [Fact]
    public void Data_is_zeros_and_bad_pointers_are_passed_on()
    {
        Passes(_connection.Run("+0 write(4, ..., 100) = 100\n+0 sendto(4, ..., 5, MSG_FASTOPEN, ..., ...) = 5\n+0 writev(4, [{..., 10}, {..., 20}], 2) = 30"));
        var sends = _connection.Host.Calls.OfType<SendCall>().ToArray();
        Assert.Equal(new byte[100], sends[0].Buffers[0].Data);
        Assert.Equal((TransferApi.Address, 0x20000000, 16), (sends[1].Api, sends[1].Flags, sends[1].Address.Length));
        Assert.Equal([10, 20], sends[2].Buffers.Select(buffer => buffer.Length));
        _connection.AnswerMore = call => call is SendCall or ReceiveCall ? ScriptAnswer.Fail(Errno.EFAULT) : null;
        var bad = new Connection { AnswerMore = _connection.AnswerMore };
        Passes(bad.Run("+0 write(4, 0, 100) = -1 EFAULT (Bad address)\n+0 read(4, 0, 100) = -1 EFAULT (Bad address)"));
        Assert.Null(bad.Host.Calls.OfType<SendCall>().Single().Buffers[0].Data);
        Assert.False(bad.Host.Calls.OfType<ReceiveCall>().Single().Buffers[0].IsWritable);
    }

    [Fact]
    public void Options_are_set_as_numbers_structures_and_text()
    {
        Passes(_connection.Run("""
            +0 setsockopt(4, SOL_SOCKET, SO_LINGER, {onoff=1, linger=2}, 8) = 0
            +0 setsockopt(4, SOL_TCP, TCP_NODELAY, [1], 4) = 0
            +0 setsockopt(4, SOL_IP, IP_TOS, [4], 1) = 0
            +0 setsockopt(4, SOL_TCP, TCP_CONGESTION, "reno", 4) = 0
            +0 setsockopt(4, SOL_TCP, TCP_NODELAY, 0, 4) = 0
            """));
        var values = _connection.Host.Calls.OfType<SetSockOptCall>().Select(call =>
            call.Value is null ? null : Convert.ToHexStringLower(call.Value));
        Assert.Equal(["0100000002000000", "01000000", "04", "72656e6f", null], values);
    }

    [Fact]
    public void The_value_of_an_option_is_compared_with_its_length()
    {
        Passes(Answering<GetSockOptCall>("getsockopt(4, SOL_SOCKET, SO_ERROR, [ECONNREFUSED], [4]) = 0", Data(0, 111, 0, 0, 0)));
        Fails(new SyscallRunTests().Answering<GetSockOptCall>("getsockopt(4, SOL_SOCKET, SO_ERROR, [ETIMEDOUT], [4]) = 0",
            Data(0, 111, 0, 0, 0)),
            "expected the value ETIMEDOUT, actual ECONNREFUSED (Connection refused)");
        Fails(new SyscallRunTests().Answering<GetSockOptCall>("getsockopt(4, SOL_TCP, TCP_MAXSEG, [5], [4]) = 0", Data(0, 5)),
            "expected a value of 4 bytes, actual 1");
        Passes(new SyscallRunTests().Answering<GetSockOptCall>("getsockopt(4, SOL_TCP, TCP_CONGESTION, \"cubic\"..., [16]) = 0",
            Data(0, [.. "cubic"u8, .. new byte[11]])));
        Fails(new SyscallRunTests().Answering<GetSockOptCall>("getsockopt(4, SOL_TCP, TCP_CONGESTION, \"reno\", [5]) = 0",
            Data(0, [.. "cubic"u8])), "expected \"reno\", actual \"cubic\"");
        Fails(new SyscallRunTests().Answering<IoctlCall>("ioctl(4, SIOCINQ, [1000]) = 0", Data(0, 5, 0, 0, 0)),
            "expected the value 1000, actual 5");
    }

    [Fact]
    public void Poll_compares_every_entry()
    {
        const string Call = "poll([{fd=4, events=POLLIN|POLLOUT, revents=POLLOUT}, {fd=3, events=POLLIN}], 2, 100) = 1";
        Passes(Answering<PollCall>(Call, new ScriptAnswer { Result = 1, Revents = [4, 0] }));
        Assert.Equal([new PollEntry(78, 5), new PollEntry(77, 1)], Made<PollCall>().Entries);
        Fails(new SyscallRunTests().Answering<PollCall>(Call, new ScriptAnswer { Result = 1, Revents = [4, 0x11] }),
            "expected revents 0 for descriptor 3, actual POLLIN|POLLHUP");
    }

    [Fact]
    public void Epoll_translates_descriptors_in_its_data()
    {
        _connection.AnswerMore = call => call switch
        {
            EpollCreateCall => ScriptAnswer.Return(200),
            EpollWaitCall => new ScriptAnswer { Result = 1, Events = [new EpollEvent(1, 78)] },
            _ => null,
        };
        const string Begin = "+0 epoll_create(1) = 5\n+0 epoll_ctl(5, EPOLL_CTL_ADD, 4, {events=EPOLLIN|EPOLLET, fd=4}) = 0\n";
        Passes(_connection.Run(Begin + "+0 epoll_wait(5, {events=EPOLLIN, fd=4}, 1, 0) = 1"));
        Assert.Equal(new EpollCtlCall(200, 1, 78, new EpollEvent(0x80000001, 78)), Made<EpollCtlCall>());
        var other = new Connection { AnswerMore = _connection.AnswerMore };
        Fails(other.Run(Begin + "+0 epoll_wait(5, {events=EPOLLOUT, fd=4}, 1, 0) = 1"), "expected events EPOLLOUT, actual EPOLLIN");
        var third = new Connection { AnswerMore = _connection.AnswerMore };
        Fails(third.Run(Begin + "+0 epoll_wait(5, {events=EPOLLIN, u64=5}, 1, 0) = 1"), "expected data 5 (0x5), actual 78 (0x4e)");
    }

    [Fact]
    public void No_event_is_written_as_one_of_zeros()
    {
        _connection.AnswerMore = call => call is EpollCreateCall ? ScriptAnswer.Return(200) : null;
        Passes(_connection.Run("+0 epoll_create(1) = 5\n+0 epoll_wait(5, {events=0, ptr=0}, 1, 0) = 0"));
    }

    [Fact]
    public void Messages_compare_their_flags_and_control_messages()
    {
        const string Call = "recvmsg(4, {msg_name(...)=..., msg_iov(1)=[{..., 10}], msg_flags=MSG_TRUNC, msg_control=[{cmsg_level=SOL_TCP, cmsg_type=TCP_CM_INQ, cmsg_data=9}]}, 0) = 10";
        static ScriptAnswer Message(int flags, byte inq) => new()
        {
            Result = 10,
            MessageFlags = flags,
            Control = [20, 0, 0, 0, 0, 0, 0, 0, 6, 0, 0, 0, 36, 0, 0, 0, inq, 0, 0, 0, 0, 0, 0, 0],
        };
        Passes(Answering<ReceiveCall>(Call, Message(0x20, 9)));
        Fails(new SyscallRunTests().Answering<ReceiveCall>(Call, Message(0, 9)), "expected msg_flags 0x20, actual 0x0");
        Fails(new SyscallRunTests().Answering<ReceiveCall>(Call, Message(0x20, 8)), "cmsg_data: expected 9, actual 8");
        Fails(new SyscallRunTests().Answering<ReceiveCall>(Call, new ScriptAnswer { Result = 10, MessageFlags = 0x20 }),
            "a control message that the script expects is missing");
    }

    [Fact]
    public void Both_ends_of_a_pipe_get_descriptors()
    {
        Passes(Answering<PipeCall>("pipe([10, 11]) = 0\n+0 splice(4, 0, 11, 0, 5, SPLICE_F_NONBLOCK) = 0",
            new ScriptAnswer { Result = 0, Pipe = (90, 91) }));
        Assert.Equal(new SpliceCall(78, -1, 91, -1, 5, 2), Made<SpliceCall>());
    }

    [Fact]
    public void A_call_that_is_not_said_to_block_is_waited_for()
    {
        _connection.Host.Answer = Blocking(_connection, () => _connection.Host.Complete(ScriptAnswer.Return(5), 700));
        Passes(_connection.Run("+0 read(4, ..., 5) = 5\n.8 close(4) = 0"));
    }

    [Fact]
    public void A_call_that_nothing_ends_is_a_failure()
    {
        _connection.Host.Answer = Blocking(_connection, static () => { });
        Fails(_connection.Run("+0 read(4, ..., 5) = 5"), "read() blocks, and nothing ends it");
    }

    [Theory]
    [InlineData(200, null)]
    [InlineData(196, null)]
    [InlineData(150, "expected the system call to return at 0.300000 s, but it returned at 0.250000 s")]
    [InlineData(230, "expected the system call to return at 0.300000 s, but it returned at 0.330000 s")]
    public void A_call_that_blocks_must_end_at_its_time(double ms, string? message)
    {
        _connection.Host.Answer = Blocking(_connection, () => _connection.Host.Complete(ScriptAnswer.Return(5), ms));
        var result = _connection.Run("+0...0.2 read(4, ..., 5) = 5\n+.1 < . 1:1(0) ack 1 win 5\n+.2 close(4) = 0");
        if (message is null) Passes(result);
        else Assert.Equal(8, Fails(result, message).Position.Line);
    }

    [Fact]
    public void Other_events_go_on_while_a_call_blocks_and_its_answer_is_compared()
    {
        _connection.Host.Answer = Blocking(_connection, static () => { });
        _connection.OnSegment = packet =>
        {
            if (Connection.Parse(packet).Payload.Length == 0) return;
            _connection.Host.Complete(ScriptAnswer.Return(101));
            _connection.Send(TcpFlags.Ack, 1, 101);
        };
        var failure = Fails(_connection.Run("+.1...0.3 read(4, ..., 1000) = 100\n+.2 < P. 1:101(100) ack 1 win 20000\n+0 > . 1:1(0) ack 101"), "read() answered otherwise");
        Assert.Equal(("100", "101", 8), (failure.Expected, failure.Actual, failure.Position.Line));
    }

    [Fact]
    public void A_call_may_still_end_behind_the_last_event_but_not_later()
    {
        _connection.Host.Answer = Blocking(_connection, () => _connection.Host.Complete(ScriptAnswer.Return(5), 500));
        Passes(_connection.Run("+0...0.5 read(4, ..., 5) = 5"));
        var never = new Connection();
        never.Host.Answer = Blocking(never, static () => { });
        Fails(never.Run("+0...0.5 read(4, ..., 5) = 5"), "the script ends while read() still blocks");
    }

    [Fact]
    public void Two_calls_cannot_block_at_once()
    {
        _connection.Host.Answer = Blocking(_connection, static () => { });
        Fails(_connection.Run("+0...0.5 read(4, ..., 5) = 5\n+0...0.5 read(4, ..., 5) = 5"), "while another that blocks is under way");
    }

    private static Func<ScriptSyscall, ScriptAnswer?> Blocking(Connection connection, Action begun)
    {
        var before = connection.Host.Answer;
        return call =>
        {
            if (call is not ReceiveCall) return before(call);
            begun();
            return null;
        };
    }
}
