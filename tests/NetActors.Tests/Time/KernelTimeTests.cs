using NetActors.Time;

namespace NetActors.Tests.Time;

public class KernelTimeTests
{
    [Fact]
    public void Units_convert()
    {
        Assert.Equal(1_500, KernelTime.FromMicroseconds(1).Nanoseconds + 500);
        Assert.Equal(2_000_000, KernelTime.FromMilliseconds(2).Nanoseconds);
        Assert.Equal(1_500_000_001, KernelTime.FromSeconds(1.500000001).Nanoseconds);
        Assert.Equal(300, KernelTime.FromTimeSpan(TimeSpan.FromTicks(3)).Nanoseconds);
        Assert.Equal(1, new KernelTime(1999).Microseconds);
        Assert.Equal(0.25, KernelTime.FromMilliseconds(250).Seconds);
    }

    [Fact]
    public void Never_stays_never()
    {
        Assert.Equal(KernelTime.Never, KernelTime.Never + new KernelTime(1));
        Assert.Equal(KernelTime.Never, new KernelTime(1) + KernelTime.Never);
        Assert.Equal(KernelTime.Never, KernelTime.Never - new KernelTime(1));
        Assert.Equal(KernelTime.Never, KernelTime.Never * 2);
        Assert.True(KernelTime.Never.IsNever);
        Assert.False(KernelTime.Zero.IsNever);
    }

    [Fact]
    public void Times_are_ordered()
    {
        KernelTime early = new(1), late = new(2);
        Assert.True(early < late && late > early && early <= late && late >= early);
        Assert.Equal(early, KernelTime.Min(late, early));
        Assert.Equal(late, KernelTime.Max(late, early));
        Assert.True(early.CompareTo(late) < 0);
        Assert.Equal(new KernelTime(6), late * 3);
        Assert.Equal(new KernelTime(1), late - early);
    }

    [Fact]
    public void It_prints_as_the_kernels_log_does()
    {
        Assert.Equal("12.000000034", new KernelTime(12_000_000_034).ToString());
        Assert.Equal("never", KernelTime.Never.ToString());
    }
}
