using System.Text;
using NetActors.Script.Syntax;
using NetActors.Script.Tests.Doubles;

namespace NetActors.Script.Tests.Parsing;

public sealed class SyscallTests
{
    private static ScriptExpression Argument(string call, int index) => Scripts.Call($"0 {call}").Arguments[index];

    private static long Number(ScriptExpression expression) => expression switch
    {
        IntegerExpression integer => integer.Value,
        OrExpression or => Number(or.Left) | Number(or.Right),
        _ => throw new InvalidOperationException(expression.GetType().Name),
    };

    [Fact]
    public void Result_error_and_note_are_read()
    {
        var call = Scripts.Call("0 accept(3, ..., ...) = -1 EAGAIN (Resource temporarily unavailable)");
        Assert.Equal("accept", call.Name);
        Assert.Equal(-1, Number(call.Result));
        Assert.Equal(new ErrnoSpec("EAGAIN", 11), call.Error);
        Assert.Equal(2, call.Arguments.OfType<EllipsisExpression>().Count());
    }

    [Fact]
    public void A_note_can_stand_without_an_error()
    {
        var call = Scripts.Call("0 fcntl(3, F_GETFL) = 0x2 (flags O_RDWR)");
        Assert.Null(call.Error);
        Assert.Equal("flags O_RDWR", call.Note);
        Assert.Equal(2, Number(call.Result));
    }

    [Theory]
    [InlineData("5", 5)]
    [InlineData("-7", -7)]
    [InlineData("0x1F", 31)]
    [InlineData("O_RDWR|O_NONBLOCK", 0x802)]
    [InlineData("SOCK_STREAM | SOCK_NONBLOCK | 4", 0x805)]
    public void Numbers_and_names_are_joined_by_bars(string text, long value) =>
        Assert.Equal(value, Number(Argument($"fcntl(3, F_SETFL, {text}) = 0", 2)));

    [Fact]
    public void Strings_have_escapes_follow_each_other_and_may_go_on()
    {
        var text = Assert.IsType<StringExpression>(Argument("setsockopt(3, SOL_TCP, TCP_CONGESTION, \"re\" \"no\\0\\x41\\n\", 7) = 0", 3));
        Assert.Equal("reno\0A\n", Encoding.Latin1.GetString([.. text.Bytes]));
        Assert.False(text.IsPrefix);
        Assert.True(Assert.IsType<StringExpression>(Argument("getsockopt(3, SOL_TCP, TCP_CONGESTION, \"cubic\"..., [16]) = 0",
            3)).IsPrefix);
    }

    [Fact]
    public void Poll_takes_entries_with_what_should_come()
    {
        var list = Assert.IsType<ListExpression>(Argument("poll([{fd=3, events=POLLIN|POLLOUT, revents=POLLERR}, {fd=4, events=POLLIN}], 2, 0) = 1", 0));
        var entry = Assert.IsType<PollfdExpression>(list.Items[0]);
        Assert.Equal((3, 5, 8), (Number(entry.Fd), Number(entry.Events), Number(entry.Revents!)));
        Assert.Null(Assert.IsType<PollfdExpression>(list.Items[1]).Revents);
    }

    [Theory]
    [InlineData("fd=4", EpollDataKind.Fd)]
    [InlineData("ptr=4", EpollDataKind.Ptr)]
    [InlineData("u32=4", EpollDataKind.U32)]
    [InlineData("u64=4", EpollDataKind.U64)]
    public void Epoll_events_carry_any_member_of_the_data(string data, EpollDataKind kind)
    {
        var step = Assert.IsType<EpollEventExpression>(Argument($"epoll_wait(5, {{events=EPOLLIN|EPOLLET, {data}}}, 1, 0) = 1", 1));
        Assert.Equal((kind, 4L, 0x80000001L), (step.DataKind, Number(step.Data), Number(step.Events)));
    }

    [Fact]
    public void A_message_has_buffers_flags_and_control_messages()
    {
        var message = Assert.IsType<MsghdrExpression>(Argument("""
            recvmsg(4, {msg_name(...)=...,
                        msg_iov(2)=[{..., 1000}, {...,5}],
                        msg_flags=MSG_ERRQUEUE|MSG_TRUNC,
                        msg_control=[{cmsg_level=SOL_TCP, cmsg_type=TCP_CM_INQ, cmsg_data=9000},
                                     {cmsg_level=SOL_SOCKET, cmsg_type=SCM_TIMESTAMPING, cmsg_data={scm_sec=0,scm_nsec=20000000}},
                                     {cmsg_level=SOL_IP, cmsg_type=IP_RECVERR,
                                      cmsg_data={ee_errno=ENOMSG, ee_origin=SO_EE_ORIGIN_TIMESTAMPING, ee_type=0, ee_code=0,
                                                 ee_info=SCM_TSTAMP_ACK, ee_data=2963}}]}, MSG_ERRQUEUE) = 0
            """, 1));
        Assert.Equal([1000L, 5L], message.Buffers.Items.Cast<IovecExpression>().Select(buffer => Number(buffer.Length)));
        Assert.Equal(0x2020, Number(message.Flags));
        var control = message.Control!.Items.Cast<CmsgExpression>().ToArray();
        Assert.Equal(9000, Number(control[0].Data));
        Assert.Equal(20_000_000, Assert.IsType<ScmTimestampingExpression>(control[1].Data).Nanoseconds);
        Assert.Equal(2963, Number(Assert.IsType<ExtendedErrorExpression>(control[2].Data).Data));
    }

    [Fact]
    public void Linger_socket_addresses_and_attributes_are_read()
    {
        var linger = Assert.IsType<LingerExpression>(Argument("setsockopt(4, SOL_SOCKET, SO_LINGER, {onoff=1, linger=2}, 8) = 0", 3));
        Assert.Equal((1, 2), (linger.OnOff, linger.Seconds));
        var address = Assert.IsType<SockaddrExpression>(
            Argument("connect(3, {sa_family = AF_INET, sin_port = htons(8080), sin_addr = inet_addr(\"192.0.2.1\")}, ...) = 0", 1));
        Assert.Equal(("192.0.2.1", (ushort)8080), (address.Address.ToString(), address.Port));
        var list = Assert.IsType<BraceListExpression>(Argument("ioctl(3, FIONREAD, {TCP_NLA_BUSY=5, TCP_NLA_SRTT=...}) = 0", 2));
        Assert.Equal(["TCP_NLA_BUSY", "TCP_NLA_SRTT"], list.Items.Cast<AssignExpression>().Select(item => item.Name));
    }

    [Theory]
    [InlineData("clos(3) = 0", "unknown system call 'clos'", 3)]
    [InlineData("sendfile(3, 4, [0], 5) = 5", "the system call sendfile() is not supported", 3)]
    [InlineData("open(\"x\", O_RDWR) = 5", "the system call open() is not supported", 3)]
    [InlineData("close(3, 4) = 0", "close() takes 1 arguments, not 2", 3)]
    [InlineData("close(EBADNAME) = 0", "unknown symbol 'EBADNAME'", 9)]
    [InlineData("close(3) = -1 EWHAT (what)", "unknown error 'EWHAT'", 17)]
    [InlineData("close(3) 0", "expected '=' before the result", 12)]
    [InlineData("close(3 = 0", "expected ')' or ',' behind an expression", 11)]
    [InlineData("epoll_wait(5, {events=EPOLLIN}, 1, 0) = 1", "needs fd, ptr, u32 or u64", 17)]
    [InlineData("poll([{fd=3, evnts=1}], 1, 0) = 1", "unknown field 'evnts'", 16)]
    [InlineData("setsockopt(3, SOL_SOCKET, SO_LINGER, {(label 1)}, 8) = 0", "a structure of MPLS or GRE is not supported", 41)]
    [InlineData("setsockopt(3, SOL_TCP, TCP_CONGESTION, \"\\q\", 1) = 0", "unsupported escape '\\q'", 43)]
    public void What_cannot_be_is_refused_at_its_place(string text, string message, int column)
    {
        var fault = Scripts.Faults("0 " + text)[0];
        Assert.Contains(message, fault.Message, StringComparison.Ordinal);
        Assert.Equal(new ScriptPosition(1, column), fault.Position);
    }

    [Fact]
    public void Endless_nesting_is_a_fault_and_not_an_overflow() =>
        Assert.Contains("nested too deep", Scripts.Faults($"0 close({new string('[', 5000)}) = 0")[0].Message, StringComparison.Ordinal);
}
