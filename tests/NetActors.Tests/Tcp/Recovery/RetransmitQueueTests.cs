using CsCheck;
using NetActors.Tcp;

namespace NetActors.Tests.Tcp.Recovery;

public class RetransmitQueueTests
{
    [Fact]
    public void Any_order_of_operations_agrees_with_a_list()
    {
        var operation = Gen.Select(Gen.Int[0, 9], Gen.Int[0, 1000]);
        operation.List[0, 300].Sample(operations =>
        {
            var queue = new RetransmitQueue(new TxSegmentPool());
            var model = new List<TxSegment>();
            var next = uint.MaxValue - 50; // numbers wrap around
            foreach (var (kind, at) in operations)
            {
                switch (kind)
                {
                    case < 5:
                        var segment = new TxSegment { Seq = next, EndSeq = next += 10 };
                        queue.Add(segment);
                        model.Add(segment);
                        break;
                    case < 8 when model.Count > 0:
                        queue.RemoveFirst();
                        model.RemoveAt(0);
                        break;
                    case 8 when model.Count > 0:
                        var whole = model[at % model.Count];
                        var part = new TxSegment { Seq = whole.Seq + ((whole.EndSeq - whole.Seq) / 2), EndSeq = whole.EndSeq };
                        if (part.Seq == whole.Seq) break;
                        whole.EndSeq = part.Seq;
                        queue.Insert((at % model.Count) + 1, part);
                        model.Insert((at % model.Count) + 1, part);
                        break;
                    case 9 when model.Count > 1 && at % model.Count > 0:
                        model[(at % model.Count) - 1].EndSeq = model[at % model.Count].EndSeq;
                        queue.RemoveAt(at % model.Count);
                        model.RemoveAt(at % model.Count);
                        break;
                }
            }

            Assert.Equal(model.Count, queue.Count);
            Assert.Same(model.FirstOrDefault(), queue.First);
            Assert.Same(model.LastOrDefault(), queue.Last);
            for (var i = 0; i < model.Count; i++)
            {
                Assert.Same(model[i], queue[i]);
                Assert.Equal(i, queue.IndexOf(model[i].Seq));
                Assert.Equal(i, queue.IndexOf(model[i].EndSeq - 1));
            }

            Assert.Equal(-1, queue.IndexOf(next));
        }, threads: 1);
    }
}
