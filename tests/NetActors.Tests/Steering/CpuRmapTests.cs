using NetActors.Steering;

namespace NetActors.Tests.Steering;

/// <summary>Reverse map (specification section 6.5; lib/cpu_rmap.c).</summary>
public class CpuRmapTests
{
    // Two nodes of two cores of two threads: 0..3 are the cores, 4..7 their second threads.
    private static readonly Func<int, int, int> TwoNodes = (a, b) => a % 4 == b % 4 ? 1 : a % 4 / 2 == b % 4 / 2 ? 2 : CpuRmap.Infinite;

    [Fact]
    public void Before_any_mask_queues_go_round()
    {
        var map = new CpuRmap(4, 3, TwoNodes);
        Assert.Equal([0, 1, 2, 0], Enumerable.Range(0, 4).Select(map.QueueOf));
        Assert.Equal(CpuRmap.Infinite, map.DistanceOf(0));
    }

    [Fact]
    public void Mask_is_distance_0_sibling_1_package_2_and_the_other_node_keeps_what_it_had()
    {
        var map = new CpuRmap(8, 8, TwoNodes);
        map.Update(5, [1]);
        Assert.Equal((5, 0), (map.QueueOf(1), map.DistanceOf(1)));
        Assert.Equal((5, 1), (map.QueueOf(5), map.DistanceOf(5)));
        Assert.Equal((5, 2), (map.QueueOf(0), map.DistanceOf(0)));
        Assert.Equal((5, 2), (map.QueueOf(4), map.DistanceOf(4)));
        Assert.Equal((2, CpuRmap.Infinite), (map.QueueOf(2), map.DistanceOf(2)));
    }

    [Fact]
    public void Nearer_queue_wins_and_a_moved_one_is_left()
    {
        var map = new CpuRmap(8, 2, TwoNodes);
        map.Update(0, [0]);
        map.Update(1, [1]);
        Assert.Equal([0, 1, 0, 1], new[] { 0, 1, 4, 5 }.Select(map.QueueOf));
        map.Update(1, [2]); // CPU 1 and its sibling find queue 0 in their package
        Assert.Equal([0, 0, 1, 1], new[] { 1, 5, 2, 6 }.Select(map.QueueOf));
        Assert.Equal(2, map.DistanceOf(1));
    }
}
