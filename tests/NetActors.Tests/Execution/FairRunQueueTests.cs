using NetActors.Execution;
using NetActors.Time;

namespace NetActors.Tests.Execution;

public class FairRunQueueTests
{
    private const long Ms = 1_000_000;

    private readonly FairRunQueue _queue = new(SchedParameters.Default);

    [Theory]
    [InlineData(-20, 88761)]
    [InlineData(0, 1024)]
    [InlineData(5, 335)]
    [InlineData(19, 15)]
    [InlineData(40, 15)]
    public void Nice_values_have_the_kernels_weights(int nice, int weight) => Assert.Equal(weight, new SchedEntity(this, nice).Weight);

    [Fact]
    public void Parameters_grow_with_the_number_of_cpus_up_to_eight()
    {
        Assert.Equal(8, SchedParameters.Default.NrLatency);
        Assert.Equal(12 * Ms, SchedParameters.ForCpus(2).Latency.Nanoseconds);
        Assert.Equal(24 * Ms, SchedParameters.ForCpus(8).Latency.Nanoseconds);
        Assert.Equal(24 * Ms, SchedParameters.ForCpus(64).Latency.Nanoseconds);
        Assert.Equal(4 * Ms, SchedParameters.ForCpus(64).WakeupGranularity.Nanoseconds);
    }

    [Fact]
    public void Alone_it_runs_without_end()
    {
        var hog = Hog();
        Assert.Same(hog, _queue.PickNext());
        _queue.Account(hog, 50 * Ms);
        Assert.False(_queue.ShouldResched);
        Assert.Equal(KernelTime.Never, _queue.SliceEnd(KernelTime.Zero));
        Assert.Equal(1, _queue.NrRunning);
    }

    [Fact]
    public void Two_hogs_take_turns_of_half_the_latency()
    {
        SchedEntity first = Hog(), second = Hog();
        Assert.Same(first, _queue.PickNext());
        Assert.Equal(new KernelTime(5 * Ms), _queue.SliceEnd(new(2 * Ms)));
        _queue.Account(first, (3 * Ms) - 1);
        Assert.False(_queue.ShouldResched);
        _queue.Account(first, 1);
        Assert.True(_queue.ShouldResched);
        Assert.Same(second, _queue.PickNext());
        Run(600 * Ms);
        Assert.InRange(first.SumExecRuntime - second.SumExecRuntime, -3 * Ms, 3 * Ms);
    }

    [Fact]
    public void Time_goes_by_weight()
    {
        SchedEntity normal = Hog(), nice = Hog(nice: 5);
        _queue.PickNext();
        Run(20_000 * Ms);
        Assert.Equal(1024.0 / 335, (double)normal.SumExecRuntime / nice.SumExecRuntime, 0.01);
    }

    [Fact]
    public void Many_entities_get_the_shortest_slice_and_none_starves()
    {
        var hogs = Enumerable.Range(0, 40).Select(_ => Hog()).ToArray();
        _queue.PickNext();
        Assert.Equal(new KernelTime(750_000), _queue.SliceLeft);
        Run(40 * 750_000);
        Assert.All(hogs, hog => Assert.Equal(750_000, hog.SumExecRuntime));
    }

    [Fact]
    public void A_sleeper_preempts_a_hog_that_ran_on()
    {
        SchedEntity hog = Hog(), sleeper = Hog();
        Assert.Same(hog, _queue.PickNext());
        _queue.Account(hog, 3 * Ms);
        Assert.Same(sleeper, _queue.PickNext());
        _queue.Account(sleeper, 1000);
        _queue.Dequeue(sleeper);
        Assert.Same(hog, _queue.PickNext());
        _queue.Account(hog, 20 * Ms);
        Assert.True(_queue.Wake(sleeper));
        Assert.True(_queue.ShouldResched);
        Assert.Same(sleeper, _queue.PickNext());
        Assert.Equal(20 * Ms, sleeper.Vruntime); // min_vruntime 23 ms less half a latency: sleep is not saved up
    }

    [Fact]
    public void A_sleeper_that_is_not_far_enough_behind_waits_for_its_turn()
    {
        SchedEntity hog = Hog(), napper = Hog();
        Assert.Same(hog, _queue.PickNext());
        _queue.Account(hog, 3 * Ms);
        Assert.Same(napper, _queue.PickNext());
        _queue.Account(napper, 3 * Ms);
        _queue.Dequeue(napper);
        Assert.Same(hog, _queue.PickNext());
        _queue.Account(hog, 1 * Ms);
        Assert.False(_queue.Wake(napper)); // one millisecond behind is the granularity, not more
        Assert.False(_queue.ShouldResched);
    }

    [Fact]
    public void A_new_entity_does_not_preempt_and_waits_a_slice()
    {
        var hog = Hog();
        _queue.PickNext();
        _queue.Account(hog, 2 * Ms);
        var child = new SchedEntity("child");
        Assert.False(_queue.Start(child));
        Assert.Equal((2 * Ms) + (3 * Ms), child.Vruntime);
    }

    [Fact]
    public void An_idle_cpu_wants_to_be_rescheduled_by_a_wakeup()
    {
        Assert.Null(_queue.PickNext());
        Assert.True(_queue.Wake(new SchedEntity("a")));
        Assert.True(_queue.ShouldResched);
        _queue.Dequeue(_queue.PickNext()!);
        Assert.False(_queue.ShouldResched);
        Assert.Null(_queue.Current);
        Assert.Equal(0, _queue.NrRunning);
    }

    [Fact]
    public void Moving_to_another_cpu_keeps_the_lag_and_not_the_virtual_time()
    {
        var there = new FairRunQueue(SchedParameters.Default);
        SchedEntity hog = Hog(), mover = Hog();
        _queue.PickNext();
        _queue.Account(hog, 100 * Ms);
        _queue.PickNext();
        _queue.Account(mover, 102 * Ms);
        _queue.Dequeue(mover);
        there.Wake(mover);
        Assert.Equal(2 * Ms, mover.Vruntime - there.MinVruntime, 2.0 * Ms);
        Assert.Throws<InvalidOperationException>(() => _queue.Dequeue(mover));
        Assert.Throws<InvalidOperationException>(() => there.Wake(mover));
    }

    [Fact]
    public void The_same_story_runs_the_same_way()
    {
        static List<object> Story()
        {
            var random = new KernelRandom(11);
            var queue = new FairRunQueue(SchedParameters.Default);
            var all = Enumerable.Range(0, 12).Select(i => new SchedEntity(i, i - 4)).ToArray();
            var ran = new List<object>();
            for (var i = 0; i < 5000; i++)
            {
                var one = all[random.NextBelow(12)];
                if (!one.IsRunnable) queue.Wake(one);
                else if (random.Chance(0.2)) queue.Dequeue(one);
                if (queue.Current is null || queue.ShouldResched) queue.PickNext();
                if (queue.Current is not { } current) continue;
                queue.Account(current, random.NextBelow(2_000_000));
                ran.Add(current.Owner);
            }

            return ran;
        }

        Assert.Equal(Story(), Story());
    }

    [Fact]
    public void Waking_running_and_sleeping_allocate_nothing()
    {
        var sleepers = Enumerable.Range(0, 12).Select(i => new SchedEntity(i)).ToArray();
        Assert.Equal(0, Allocation.Of(() =>
        {
            foreach (var sleeper in sleepers) _queue.Wake(sleeper);
            for (var i = 0; i < 100; i++) _queue.Account(_queue.PickNext()!, Ms);
            foreach (var sleeper in sleepers) _queue.Dequeue(sleeper);
        }));
    }

    private SchedEntity Hog(int nice = 0)
    {
        var hog = new SchedEntity("hog", nice);
        _queue.Wake(hog);
        return hog;
    }

    /// <summary>Runs the queue for so many nanoseconds, to the end of each slice.</summary>
    private void Run(long nanoseconds)
    {
        while (nanoseconds > 0)
        {
            var span = Math.Min(nanoseconds, _queue.SliceLeft.Nanoseconds);
            _queue.Account(_queue.Current!, span);
            nanoseconds -= span;
            if (_queue.ShouldResched) _queue.PickNext();
        }
    }
}
