using NetActors.Costs;

namespace NetActors.Tests.Costs;

public sealed class CpuTopologyTests
{
    [Fact]
    public void Threads_are_numbered_behind_all_cores_as_on_x86()
    {
        var topology = new CpuTopology(16, nodes: 2, smt: 2, coresPerCache: 2);
        Assert.Equal((8, 0), (topology.SiblingOf(0), topology.SiblingOf(8)));
        Assert.Equal([0, 0, 0, 0, 1, 1, 1, 1, 0, 0, 0, 0, 1, 1, 1, 1], Enumerable.Range(0, 16).Select(topology.NodeOf));
        Assert.Equal([0, 0, 1, 1, 2, 2, 3, 3], Enumerable.Range(0, 8).Select(topology.CacheOf));
        Assert.Equal(CacheDistance.Own, topology.Distance(3, 3));
        Assert.Equal(CacheDistance.Sibling, topology.Distance(3, 11));
        Assert.Equal(CacheDistance.SharedCache, topology.Distance(2, 11));
        Assert.Equal(CacheDistance.OtherCache, topology.Distance(1, 2));
        Assert.Equal(CacheDistance.OtherNode, topology.Distance(3, 4));
    }

    [Fact]
    public void Sockets_are_far_even_on_one_node() // two sockets on a front-side bus
    {
        var topology = new CpuTopology(8, nodes: 1, sockets: 2, coresPerCache: 2);
        Assert.Equal(CacheDistance.SharedCache, topology.Distance(0, 1));
        Assert.Equal(CacheDistance.OtherCache, topology.Distance(0, 2));
        Assert.Equal(CacheDistance.OtherNode, topology.Distance(0, 4));
        Assert.Equal((0, 1), (topology.SocketOf(3), topology.SocketOf(4)));
    }

    [Fact]
    public void Without_more_all_share_one_cache()
    {
        var topology = new CpuTopology(6);
        Assert.All(Enumerable.Range(1, 5), cpu => Assert.Equal(CacheDistance.SharedCache, topology.Distance(0, cpu)));
        Assert.Equal(-1, topology.SiblingOf(0));
    }
}
