using NetActors.Tcp;

namespace NetActors.Tests.Tcp;

/// <summary>Which sends with MSG_ZEROCOPY are over (kernel: msg_zerocopy_realloc, tcp_clean_rtx_queue).</summary>
public sealed class TcpZeroCopyTests
{
    private readonly TcpZeroCopy _sends = new();

    [Fact]
    public void Send_is_over_when_its_last_byte_is_acknowledged()
    {
        Send(1000, 500);
        Assert.Null(Take(1499));
        Assert.Equal((0u, 1u, false), Take(1500));
        Assert.Null(Take(1500));
    }

    [Fact]
    public void Sequence_numbers_wrap()
    {
        Send(uint.MaxValue - 10, 100);
        Assert.Null(Take(uint.MaxValue));
        Assert.Equal((0u, 1u, false), Take(89));
    }

    [Fact]
    public void Send_joins_the_one_before_while_that_waits_to_be_sent()
    {
        Send(0, 10);
        Send(10, 10, isUnsent: true);
        Send(20, 10);
        Assert.Null(Take(10));
        Assert.Equal((0u, 2u, false), Take(20));
        Assert.Equal((2u, 1u, false), Take(30));
    }

    [Fact]
    public void Joined_sends_have_at_most_half_a_mebibyte()
    {
        Send(0, 500_000);
        Send(500_000, 30_000, isUnsent: true);
        Assert.Equal(2, _sends.Count);
    }

    [Fact]
    public void Send_that_wrote_nothing_leaves_no_gap_in_the_numbers()
    {
        Send(0, 10);
        Assert.True(_sends.TryBegin(10, isUnsent: false, 10));
        _sends.Abort();
        Send(10, 10);
        Assert.Equal((0u, 1u, false), Take(10));
        Assert.Equal((1u, 1u, false), Take(20));
        Assert.Equal(0, _sends.Count);
    }

    [Fact]
    public void Send_is_not_over_while_its_call_goes_on()
    {
        Assert.True(_sends.TryBegin(0, isUnsent: false, 10));
        Assert.Null(Take(10));
        _sends.OnWritten(5, isCopied: true);
        Assert.Equal((0u, 1u, true), Take(5));
    }

    [Fact]
    public void Connection_that_ends_gives_all_back()
    {
        Send(0, 10);
        Send(10, 10);
        Assert.True(_sends.TryTake(0, isPurged: true, out _, out _, out _));
        Assert.True(_sends.TryTake(0, isPurged: true, out _, out _, out _));
        Assert.False(_sends.TryTake(0, isPurged: true, out _, out _, out _));
    }

    [Fact]
    public void Too_many_under_way_are_refused() // net.core.optmem_max
    {
        var begun = 0;
        while (begun < 10_000 && _sends.TryBegin((uint)begun, isUnsent: false, 1)) begun++;
        Assert.InRange(begun, 100, 300);
        _sends.OnWritten((uint)begun, isCopied: false);
        Assert.NotNull(Take(1));
        Assert.True(_sends.TryBegin((uint)begun, isUnsent: false, 1));
    }

    private void Send(uint writeSeq, int bytes, bool isUnsent = false)
    {
        Assert.True(_sends.TryBegin(writeSeq, isUnsent, bytes));
        _sends.OnWritten(writeSeq + (uint)bytes, isCopied: false);
    }

    private (uint Key, uint Count, bool IsCopied)? Take(uint una) =>
        _sends.TryTake(una, isPurged: false, out var key, out var count, out var isCopied) ? (key, count, isCopied) : null;
}
