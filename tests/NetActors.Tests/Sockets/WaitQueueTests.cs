using NetActors.Execution;
using NetActors.Sockets;

namespace NetActors.Tests.Sockets;

public sealed class WaitQueueTests
{
    private readonly WaitQueue _queue = new();

    [Fact]
    public void Sleepers_are_woken_one_at_a_time_the_longest_first()
    {
        var (first, second) = (Call(1), Call(2));
        _queue.Add(first);
        _queue.Add(second);

        Assert.Equal(2, _queue.Count);
        Assert.Same(first, Taken());
        Assert.Equal(1, _queue.Count);
        Assert.Same(second, Taken());
        Assert.Null(Taken());
        Assert.Equal(0, _queue.Count);
    }

    [Fact]
    public void A_call_that_left_by_timeout_is_passed_over()
    {
        var (first, second) = (Call(1), Call(2));
        _queue.Add(first);
        _queue.Add(second);

        Assert.True(_queue.Remove(first));
        Assert.False(_queue.Remove(first));
        Assert.Same(second, Taken());
        Assert.False(_queue.Remove(second)); // a wakeup was quicker than its timeout
        Assert.Null(Taken());
    }

    [Fact]
    public void A_call_that_sleeps_again_waits_behind_the_others()
    {
        var (first, second) = (Call(1), Call(2));
        _queue.Add(first);
        _queue.Add(second);
        _queue.Add(first);

        Assert.Equal(2, _queue.Count);
        Assert.Same(second, Taken());
        Assert.Same(first, Taken());
    }

    [Fact]
    public void Calls_that_time_out_again_and_again_leave_nothing_behind()
    {
        var call = Call(1);
        for (var i = 0; i < 1000; i++)
        {
            _queue.Add(call);
            Assert.True(_queue.Remove(call));
        }

        Assert.Equal(0, _queue.Count);
        Assert.InRange(_queue.Entries, 0, 10);
    }

    [Fact]
    public void Timeouts_beside_one_who_goes_on_sleeping_leave_little_behind_and_him_first()
    {
        var (patient, call) = (Call(1), Call(2));
        _queue.Add(patient);
        for (var i = 0; i < 1000; i++)
        {
            _queue.Add(call);
            Assert.True(_queue.Remove(call));
        }

        Assert.InRange(_queue.Entries, 1, 14);
        Assert.Same(patient, Taken());
    }

    private static RecvRequest Call(int pid) => new(new TaskEntity(pid, "task"), 1);

    private BlockingCall? Taken() => _queue.TryTake(out var call) ? call : null;
}
