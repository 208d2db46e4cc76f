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

    /// <summary>Specification section 11.6: the ready list is FIFO, and holds an item once however often it is told.</summary>
    [Fact]
    public void Files_are_reported_in_the_order_of_their_first_events_and_once()
    {
        var files = Enumerable.Range(0, 3).Select(_ => new Switch()).ToArray();
        for (var i = 0; i < 3; i++) Core.Control(_epoll, Add, files[i], 10 + i, new EpollEvent(PollEvents.In | PollEvents.EdgeTriggered, (ulong)i));
        foreach (var i in (int[])[2, 0, 2, 1, 0]) Happens(files[i], PollEvents.In);
        Assert.Equal([2ul, 0ul, 1ul], Collect().Select(e => e.Data));
        Assert.Empty(Collect());
    }

    /// <summary>Specification section 11.6: ADD and MOD poll at once, so that an edge fires when it is armed again.</summary>
    [Fact]
    public void Edge_triggered_file_that_is_ready_is_reported_when_it_is_added_and_when_it_is_changed()
    {
        _file.Now = PollEvents.In;
        Control(Add, PollEvents.In | PollEvents.EdgeTriggered);
        Assert.Single(Collect());
        Assert.Empty(Collect());
        Control(Mod, PollEvents.In | PollEvents.EdgeTriggered);
        Assert.Single(Collect());
    }

    /// <summary>Specification section 11.6: what does not fit stays in front; level-triggered files that were reported go behind it.</summary>
    [Fact]
    public void What_does_not_fit_comes_first_the_next_time()
    {
        var files = Enumerable.Range(0, 3).Select(_ => new Switch { Now = PollEvents.In }).ToArray();
        for (var i = 0; i < 3; i++) Core.Control(_epoll, Add, files[i], 10 + i, new EpollEvent(PollEvents.In, (ulong)i));
        Assert.Equal([0ul, 1ul], Collect(2).Select(e => e.Data));
        Assert.Equal([2ul, 0ul], Collect(2).Select(e => e.Data));
        Assert.Equal([1ul, 2ul], Collect(2).Select(e => e.Data));
    }

    /// <summary>Specification section 11.6: who sleeps last is woken first.</summary>
    [Fact]
    public void Waiters_are_woken_the_youngest_first()
    {
        var stack = new SleepStack();
        var calls = Enumerable.Range(1, 3).Select(pid => new SystemCall(new NetActors.Execution.TaskEntity(pid, "task"), new FdTable())).ToArray();
        foreach (var call in calls) stack.Add(call);
        Assert.True(stack.Remove(calls[1])); // by its timeout
        Assert.False(stack.Remove(calls[1]));
        Assert.True(stack.TryTake(out var first));
        Assert.True(stack.TryTake(out var second));
        Assert.Equal((calls[2], calls[0], false, 0), (first, second, stack.TryTake(out _), stack.Count));
    }

    /// <summary>
    /// Specification section 11.6: of those who watch one file all are told that do not watch it exclusively, who came last first; then, in the
    /// order of coming, exclusive ones until one takes it.
    /// </summary>
    [Fact]
    public void Watchers_are_told_the_youngest_first_and_exclusive_ones_in_their_order_until_one_takes_it()
    {
        List<string> told = [];
        foreach (var (name, exclusive, takes) in ((string, bool, bool)[])[("a", false, false), ("c", true, false), ("b", false, true), ("d", true, true), ("e", true, true)])
            _file.Watch(new Watcher(name, told, exclusive, takes));
        _file.Happens(PollEvents.In);
        Assert.Equal(["b", "a", "c", "d"], told);
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

    private void Happens(PollEvents events) => Happens(_file, events);

    /// <summary>As the file's actor does it: the item is told, and then the instance.</summary>
    private void Happens(Switch file, PollEvents events)
    {
        file.Now = events;
        foreach (var item in Core.Items)
        {
            if (ReferenceEquals(item.File, file) && item.Wants(events)) Core.OnEvent(item);
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

        public void Happens(PollEvents events) => NotifyWatchers(null!, events);
    }

    private sealed class Watcher(string name, List<string> told, bool exclusive, bool takes) : IPollWatcher
    {
        public bool IsExclusive => exclusive;

        public bool OnEvent(NetActors.Hosts.HostCpu cpu, PollEvents events)
        {
            told.Add(name);
            return takes;
        }

        public void OnClosed(SocketFile file) => told.Add(name + " closed");
    }
}
