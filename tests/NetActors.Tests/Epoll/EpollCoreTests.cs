using NetActors.Epoll;
using NetActors.Sockets;

namespace NetActors.Tests.Epoll;

/// <summary>Interest and ready lists (fs/eventpoll.c; specification section on epoll), without actors.</summary>
public sealed class EpollCoreTests
{
    private const int Add = 1;
    private const int Del = 2;
    private const int Mod = 3;
    private readonly EpollFile _epoll = new();
    private readonly Switch _file = new();

    private EpollCore Core => _epoll.Core;

    [Fact]
    public void Level_triggered_file_is_reported_as_long_as_it_is_ready()
    {
        _file.Now = PollEvents.In;
        Assert.Equal(Errno.None, Control(Add, PollEvents.In, data: 7));
        Assert.Equal(new EpollEvent(PollEvents.In, 7), Assert.Single(Collect()));
        Assert.Single(Collect());
        _file.Now = PollEvents.None;
        Assert.Empty(Collect());
    }

    [Fact]
    public void Edge_triggered_file_is_reported_once_for_each_event()
    {
        Control(Add, PollEvents.In | PollEvents.EdgeTriggered);
        Happens(PollEvents.In);
        Assert.Single(Collect());
        Assert.Empty(Collect());
        Happens(PollEvents.In);
        Assert.Single(Collect());
    }

    [Fact]
    public void One_shot_file_is_reported_once_until_it_is_changed()
    {
        Control(Add, PollEvents.In | PollEvents.OneShot);
        Happens(PollEvents.In);
        Assert.Single(Collect());
        Happens(PollEvents.In);
        Assert.Empty(Collect());
        Assert.Equal(Errno.None, Control(Mod, PollEvents.In | PollEvents.OneShot));
        Assert.Single(Collect());
    }

    [Fact]
    public void Events_that_are_not_wanted_do_not_ready_a_file_but_errors_always_do()
    {
        Control(Add, PollEvents.Out);
        Happens(PollEvents.In);
        Assert.Empty(Collect());
        Happens(PollEvents.Err);
        Assert.Equal(PollEvents.Err, Assert.Single(Collect()).Events);
    }

    [Fact]
    public void Level_triggered_files_take_turns_when_not_all_fit()
    {
        var other = new Switch { Now = PollEvents.In };
        _file.Now = PollEvents.In;
        Control(Add, PollEvents.In, data: 1);
        Assert.Equal(Errno.None, Core.Control(_epoll, Add, other, 6, new EpollEvent(PollEvents.In, 2)));
        Assert.Equal([1ul, 2ul, 1ul, 2ul], Enumerable.Range(0, 4).Select(_ => Collect(1).Single().Data));
    }

    [Fact]
    public void Errors_are_those_of_epoll_ctl()
    {
        Assert.Equal(Errno.EBADF, Core.Control(_epoll, Add, null, 5, default));
        Assert.Equal(Errno.EINVAL, Core.Control(_epoll, Add, _epoll, 5, default));
        Assert.Equal(Errno.ENOENT, Control(Mod, PollEvents.In));
        Assert.Equal(Errno.ENOENT, Control(Del, PollEvents.None));
        Assert.Equal(Errno.None, Control(Add, PollEvents.In));
        Assert.Equal(Errno.EEXIST, Control(Add, PollEvents.In));
        Assert.Equal(Errno.EINVAL, Control(9, PollEvents.In));
        Assert.Equal(Errno.None, Control(Del, PollEvents.None));
        Assert.Equal(0, Core.Count);
    }

    [Theory]
    [InlineData(PollEvents.In | PollEvents.Exclusive | PollEvents.OneShot)]
    [InlineData(PollEvents.RdHup | PollEvents.Exclusive)]
    public void Exclusive_goes_with_few_other_flags(PollEvents events) => Assert.Equal(Errno.EINVAL, Control(Add, events)); // EPOLLEXCLUSIVE_OK_BITS

    [Fact]
    public void Exclusive_entry_cannot_be_changed_nor_made_by_a_change()
    {
        Assert.Equal(Errno.None, Control(Add, PollEvents.In | PollEvents.Exclusive));
        Assert.Equal(Errno.EINVAL, Control(Mod, PollEvents.In));
        Control(Del, PollEvents.None);
        Control(Add, PollEvents.In);
        Assert.Equal(Errno.EINVAL, Control(Mod, PollEvents.In | PollEvents.Exclusive));
    }

    [Fact]
    public void Closed_file_leaves_both_lists()
    {
        _file.Now = PollEvents.In;
        Control(Add, PollEvents.In);
        Core.Forget(_file);
        Assert.Empty(Collect());
        Assert.Equal(0, Core.Count);
        Assert.False(_file.IsWatched);
    }

    [Fact]
    public void Watched_instance_is_readable_while_a_file_of_it_is()
    {
        Control(Add, PollEvents.In);
        Assert.Equal(PollEvents.None, _epoll.Poll());
        Happens(PollEvents.In);
        Assert.Equal(PollEvents.In | PollEvents.RdNorm, _epoll.Poll());
        _file.Now = PollEvents.None;
        Assert.Equal(PollEvents.None, _epoll.Poll());
    }

    private Errno Control(int op, PollEvents events, ulong data = 0) => Core.Control(_epoll, op, _file, 5, new EpollEvent(events, data));

    /// <summary>As the file's actor does it: the item is told, and then the instance.</summary>
    private void Happens(PollEvents events)
    {
        _file.Now = events;
        foreach (var item in Core.Items)
        {
            if (item.Wants(events)) Core.OnEvent(item);
        }
    }

    private EpollEvent[] Collect(int most = 8)
    {
        var events = new EpollEvent[most];
        return events[..Core.Collect(events)];
    }

    private sealed class Switch : SocketFile
    {
        public PollEvents Now { get; set; }

        public override PollEvents Poll() => Now;
    }
}
