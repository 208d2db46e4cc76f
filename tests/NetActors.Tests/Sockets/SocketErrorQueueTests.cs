using NetActors.Sockets;

namespace NetActors.Tests.Sockets;

/// <summary>The error queue's bounds (kernel: sock_queue_err_skb).</summary>
public sealed class SocketErrorQueueTests
{
    private readonly SocketErrorQueue _queue = new();

    [Fact]
    public void Errors_come_out_in_order()
    {
        Assert.True(_queue.TryAdd(Error(1), 0, 10_000) && _queue.TryAdd(Error(2), 0, 10_000));
        Assert.True(_queue.TryPeek(out var peeked));
        Assert.True(_queue.TryTake(out var first));
        Assert.True(_queue.TryTake(out var second));
        Assert.Equal((1u, 1u, 2u), (peeked.Error.Info, first.Error.Info, second.Error.Info));
        Assert.True(_queue.IsEmpty);
        Assert.Equal(0, _queue.Charged);
    }

    [Fact]
    public void Queue_takes_no_more_than_the_receive_buffer_and_counts_what_is_lost()
    {
        var added = 0;
        for (var i = 0; i < 100; i++) added += _queue.TryAdd(Error(1), 1000, 10_000) ? 1 : 0;
        Assert.Equal((10_000 - 1000 - 1) / Error(1).TrueSize, added);
        Assert.Equal(100 - added, _queue.Lost);
        _queue.Clear();
        Assert.True(_queue.IsEmpty);
        Assert.Equal(0, _queue.Charged);
    }

    [Fact]
    public void Notifications_of_zero_copy_join_while_they_wait_and_go_on_without_a_gap() // skb_zerocopy_notify_extend
    {
        _queue.AddZeroCopy(0, 1, isCopied: true);
        _queue.AddZeroCopy(1, 3, isCopied: true);
        _queue.AddZeroCopy(5, 1, isCopied: false);
        _queue.TryAdd(Error(1), 0, 10_000);
        _queue.AddZeroCopy(6, 1, isCopied: false);
        Assert.Equal([(0u, 3u, 1), (5u, 5u, 0), (1u, 0u, 0), (6u, 6u, 0)], TakeAll());
        _queue.AddZeroCopy(7, 1, isCopied: false);
        Assert.Equal([(7u, 7u, 0)], TakeAll());
    }

    [Fact]
    public void A_million_notifications_that_nobody_reads_are_one_entry()
    {
        for (var i = 0u; i < 1_000_000; i++) _queue.AddZeroCopy(i, 1, isCopied: false);
        Assert.Equal([(0u, 999_999u, 0)], TakeAll());
    }

    private List<(uint, uint, int)> TakeAll()
    {
        List<(uint, uint, int)> all = [];
        while (_queue.TryTake(out var error)) all.Add((error.Error.Info, error.Error.Data, error.Error.Code));
        return all;
    }

    private static QueuedError Error(uint info) => new(new ExtendedError(Errno.EMSGSIZE, ErrorOrigin.Local, Info: info), 0, 0, 0, []);
}
