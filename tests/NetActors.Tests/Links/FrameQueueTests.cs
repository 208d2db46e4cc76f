using NetActors.Links;
using NetActors.Tests.Nic;
using NetActors.Time;

namespace NetActors.Tests.Links;

public sealed class FrameQueueTests
{
    private readonly FrameQueue _queue = new(2);

    [Fact]
    public void A_full_queue_refuses_and_an_early_frame_waits_for_the_one_before()
    {
        Assert.True(_queue.TryOffer(Frames.Flow(0).At(10)));
        Assert.True(_queue.TryOffer(Frames.Flow(0).At(5)));
        Assert.False(_queue.TryOffer(Frames.Flow(0).At(20)));
        Assert.False(_queue.TryTake(KernelTime.FromNanoseconds(9), out _));
        Assert.True(_queue.TryTake(KernelTime.FromNanoseconds(10), out _));
        Assert.True(_queue.TryTake(KernelTime.FromNanoseconds(10), out var second));
        Assert.Equal(10, second.Arrival.Nanoseconds);
        Assert.False(_queue.TryTake(KernelTime.Never, out _));
        Assert.True(_queue.NextArrival.IsNever);
    }
}
