using CsCheck;
using NetActors.Execution;

namespace NetActors.Tests.Execution;

public class NodeHeapTests
{
    [Fact]
    public void First_and_first_other_are_those_of_a_sorted_list()
    {
        var change = Gen.Select(Gen.Int[0, 9], Gen.Long[0, 12], Gen.Long[0, 5]);
        Gen.Select(Gen.Int[1, 10], change.Array[0, 100]).Sample((count, changes) =>
        {
            using var driver = new VirtualDriver(new ExecutionSettings());
            var heap = new NodeHeap();
            var nodes = Enumerable.Range(0, count).Select(_ => new KeyedNode(driver)).ToArray();
            foreach (var node in nodes) heap.Add(node);
            foreach (var (index, time, sequence) in changes)
            {
                nodes[index % count].SetKey(time == 12 ? long.MaxValue : time, sequence);
                heap.Update(nodes[index % count]);
                var sorted = nodes.OrderBy(n => n.KeyTime).ThenBy(n => n.KeySequence).ThenBy(n => n.Order).ToArray();
                Assert.Same(sorted[0], heap.First);
                foreach (var node in nodes)
                {
                    var others = nodes.Where(n => n != node).Select(n => n.KeyTime);
                    Assert.Equal(others.DefaultIfEmpty(long.MaxValue).Min(), heap.FirstOtherThan(node));
                }
            }
        });
    }

    private sealed class KeyedNode(ExecutionLayer layer) : ExecutionNode(layer)
    {
        internal override long NowNanoseconds => 0;

        public void SetKey(long time, long sequence) => (KeyTime, KeySequence) = (time, sequence);

        internal override void Refresh()
        {
        }

        internal override void RunOne()
        {
        }
    }
}
