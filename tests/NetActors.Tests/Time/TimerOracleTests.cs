using CsCheck;
using NetActors.Time;

namespace NetActors.Tests.Time;

/// <summary>Random lives of many timers, held against a plain list of what was asked.</summary>
public class TimerOracleTests
{
    private const int Timers = 24;

    private static readonly Gen<(int Timer, int What, long Span, long Step)[]> Lives =
        Gen.Select(Gen.Int[0, Timers - 1], Gen.Int[0, 9], Spans(), Gen.Long[0, 40_000_000]).Array[1, 120];

    [Theory]
    [InlineData(100)]
    [InlineData(250)]
    [InlineData(1000)]
    [InlineData(0)]
    public void No_timer_is_early_and_none_later_than_its_level_allows(int hz) =>
        Lives.Sample(life => Live(life, Jiffies.OfHz(hz)), iter: 2000, threads: 1);

    [Fact]
    public void The_same_life_gives_the_same_order() =>
        Lives.Sample(life => Live(life, Jiffies.Hz250).SequenceEqual(Live(life, Jiffies.Hz250)), iter: 200, threads: 1);

    private static Gen<long> Spans() => Gen.OneOf(
        Gen.Long[-5_000_000, 10_000_000], Gen.Long[0, 1_000_000_000], Gen.Long[0, 200_000_000_000], Gen.Long[0, 10_000_000_000_000]);

    private static List<(int, KernelTime)> Live((int Timer, int What, long Span, long Step)[] life, Jiffies jiffies)
    {
        var log = new TimerLog();
        var wheel = new TimerWheel(jiffies);
        var timers = log.Timers(Timers);
        var promises = new Promise?[Timers];
        log.Then = (timer, now) =>
        {
            Assert.False(timer.IsPending);
            Assert.True(now >= timer.Expires, $"early: {now} < {timer.Expires}");
            var promise = promises[timer.Tag]!.Value;
            Assert.InRange(jiffies.At(now), promise.First, promise.Last);
            promises[timer.Tag] = null;
        };
        var now = KernelTime.Zero;
        foreach (var (index, what, span, step) in life)
        {
            if (what < 8)
            {
                wheel.Arm(timers[index], now + new KernelTime(span), now);
                promises[index] = Promise.Of(jiffies, now, new(span), promises[index]);
            }
            else
            {
                TimerWheel.Cancel(timers[index]);
                promises[index] = null;
            }

            Assert.Equal(promises.Count(p => p is not null), wheel.Count);
            now += new KernelTime(step);
            TimerLog.Run(wheel, now);
        }

        while (wheel.NextExpiry is { IsNever: false } next) wheel.Expire(next);
        Assert.All(promises, p => Assert.Null(p));
        Assert.Equal(0, wheel.Count);
        return log.Fired;
    }

    /// <summary>The jiffy that was asked for, and those in which the timer has to expire.</summary>
    private readonly record struct Promise(long Asked, long First, long Last)
    {
        internal static Promise Of(Jiffies jiffies, KernelTime now, KernelTime span, Promise? old)
        {
            var delta = jiffies.Covering(span);
            var asked = jiffies.At(now) + delta;
            if (jiffies.IsExact) return new(asked, asked, asked);
            if (old is { } kept && kept.Asked == asked) return kept; // asked for the same again: it stays in its bucket
            var level = 0;
            while (level < jiffies.WheelLevels - 1 && delta >= JiffyWheel.LevelStart(level + 1)) level++;
            return new(asked, asked + 1, asked + JiffyWheel.Granularity(level));
        }
    }
}
