using CsCheck;
using NetActors.Execution;

namespace NetActors.Tests.Execution;

/// <summary>The queues of messages, held against a sorted list.</summary>
public class RunQueueTests
{
    // A number is a message of that time, nothing takes the first one out.
    private static readonly Gen<long?[]> Uses = Gen.OneOf(
        Gen.Long[0, 20].Select(time => (long?)time), Gen.Long[0, 20].Select(time => (long?)time), Gen.Const((long?)null)).Array[0, 300];

    private static readonly Gen<long?[]> Rising = Gen.OneOf(
        Gen.Long[0, 2].Select(step => (long?)step), Gen.Const((long?)null)).Array[0, 300].Select(steps =>
        {
            var now = 0L;
            return Array.ConvertAll(steps, step => step is null ? null : (long?)(now += step.Value));
        });

    [Fact]
    public void Run_queue_hands_out_by_time_and_among_equals_by_sequence() => Gen.OneOf(Uses, Rising).Sample(uses =>
    {
        var queue = new RunQueue();
        AgainstSorted(uses, entry => queue.Add(entry), queue.Take, () => (queue.Count, queue.Count > 0 ? queue.Head : default));
    });

    [Fact]
    public void Event_heap_hands_out_by_time_and_among_equals_by_sequence() => Gen.OneOf(Uses, Rising).Sample(uses =>
    {
        var heap = new EventHeap();
        AgainstSorted(uses, entry => heap.Add(entry), heap.Take, () => (heap.Count, heap.Count > 0 ? heap.Head : default));
    });

    private static void AgainstSorted(long?[] uses, Action<RunEntry> add, Func<RunEntry> take, Func<(int Count, RunEntry Head)> look)
    {
        var sorted = new SortedSet<(long Time, long Sequence)>();
        var sequence = 0L;
        foreach (var use in uses)
        {
            if (use is { } time)
            {
                add(new RunEntry { Time = time, Sequence = ++sequence });
                sorted.Add((time, sequence));
            }
            else if (sorted.Count > 0)
            {
                var taken = take();
                Assert.Equal(sorted.Min, (taken.Time, taken.Sequence));
                sorted.Remove(sorted.Min);
            }

            var (count, head) = look();
            Assert.Equal(sorted.Count, count);
            if (count > 0) Assert.Equal(sorted.Min, (head.Time, head.Sequence));
        }
    }
}
