using NetActors.Execution;
using NetActors.Sockets;
using NetActors.Tcp;

namespace NetActors.Tests.Tcp;

public sealed class CallListTests
{
    private CallList _list;

    [Fact]
    public void Calls_leave_in_the_order_in_which_they_came_and_one_that_gave_up_is_passed_over()
    {
        var (first, second, third) = (Call(1), Call(2), Call(3));
        _list.Add(first);
        _list.Add(second);
        _list.Add(third);
        Assert.True(_list.Remove(second));
        Assert.False(_list.Remove(second));
        Assert.True(_list.TryTake(out var taken));
        Assert.Same(first, taken);
        Assert.True(_list.TryTake(out taken));
        Assert.Same(third, taken);
        Assert.False(_list.TryTake(out _));
        Assert.Equal(0, _list.Count);
    }

    private static SystemCall Call(int pid) => new(new TaskEntity(pid, "task"), new FdTable());
}
