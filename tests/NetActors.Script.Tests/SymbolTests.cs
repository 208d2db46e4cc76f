using NetActors.Script.Symbols;
using NetActors.Sockets;

namespace NetActors.Script.Tests;

public sealed class SymbolTests
{
    /// <summary>include/uapi of Linux for x86-64.</summary>
    [Theory]
    [InlineData("AF_INET", 2)]
    [InlineData("AF_INET6", 10)]
    [InlineData("SOCK_NONBLOCK", 2048)]
    [InlineData("IPPROTO_ICMPV6", 58)]
    [InlineData("SOL_SOCKET", 1)]
    [InlineData("SO_LINGER", 13)]
    [InlineData("SO_REUSEPORT", 15)]
    [InlineData("SO_RCVTIMEO", 20)]
    [InlineData("SO_INCOMING_CPU", 49)]
    [InlineData("SO_ZEROCOPY", 60)]
    [InlineData("TCP_USER_TIMEOUT", 18)]
    [InlineData("TCP_NOTSENT_LOWAT", 25)]
    [InlineData("TCP_FASTOPEN_KEY", 33)]
    [InlineData("TCP_DELACK_MAX_US", 46)]
    [InlineData("MSG_FASTOPEN", 0x20000000)]
    [InlineData("MSG_ZEROCOPY", 0x4000000)]
    [InlineData("O_NONBLOCK", 0x800)]
    [InlineData("F_SETFL", 4)]
    [InlineData("EPOLLET", 0x80000000L)]
    [InlineData("EPOLLRDHUP", 0x2000)]
    [InlineData("EPOLL_CTL_MOD", 3)]
    [InlineData("POLLRDHUP", 0x2000)]
    [InlineData("SHUT_RDWR", 2)]
    [InlineData("SIOCINQ", 0x541B)]
    [InlineData("EHOSTUNREACH", 113)]
    [InlineData("EWOULDBLOCK", 11)]
    public void Constants_have_the_values_of_Linux(string name, long value)
    {
        Assert.True(LinuxSymbols.TryGet(name, out var actual));
        Assert.Equal(value, actual);
    }

    [Fact]
    public void Every_error_of_the_stack_has_its_number_here()
    {
        foreach (var errno in Enum.GetValues<Errno>().Where(errno => errno != Errno.None))
        {
            Assert.True(LinuxSymbols.TryGet(errno.ToString(), out var number), errno.ToString());
            Assert.Equal((long)errno, number);
        }
    }

    [Fact]
    public void A_name_is_there_once_and_the_nearest_is_suggested()
    {
        Assert.False(LinuxSymbols.TryGet("SO_NOSUCH_THING", out _));
        Assert.Equal("SO_KEEPALIVE", LinuxSymbols.Nearest("SO_KEPALIVE"));
    }

    [Fact]
    public void Events_are_told_by_their_names()
    {
        Assert.Equal("POLLIN|POLLRDHUP", PollSymbols.PollText(0x2001));
        Assert.Equal("EPOLLIN|EPOLLET", PollSymbols.EpollText(0x80000001));
        Assert.Equal("0", PollSymbols.PollText(0));
        Assert.Equal("EAGAIN (Resource temporarily unavailable)", ErrnoSymbols.Describe(11));
    }
}
