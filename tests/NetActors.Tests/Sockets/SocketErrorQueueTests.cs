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

    private static QueuedError Error(uint info) => new(new ExtendedError(Errno.EMSGSIZE, ErrorOrigin.Local, Info: info), 0, 0, 0, []);
}
