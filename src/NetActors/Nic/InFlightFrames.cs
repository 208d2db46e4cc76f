using NetActors.Time;

namespace NetActors.Nic;

/// <summary>
/// Frames that were taken from the source and classified before their time, or before their queue was looked at: a bounded set, linked
/// both in order of arrival and per queue, since queues are advanced one by one.
/// </summary>
internal sealed class InFlightFrames
{
    private const int None = -1;
    private readonly Node[] _nodes;
    private readonly Links[] _queues; // the last is for frames that will be dropped
    private Links _all;
    private int _free;

    public InFlightFrames(int capacity, int queues)
    {
        _nodes = new Node[capacity + 1]; // one to take the next frame into
        _queues = new Links[queues + 1];
        for (var i = 0; i < capacity; i++) _nodes[i].Next = i + 1;
        _nodes[capacity].Next = None;
        Array.Fill(_queues, new Links { Head = None, Tail = None });
        _all = _queues[0];
    }

    /// <summary>Frames held.</summary>
    public int Count => _all.Count;

    /// <summary>Link time of the frames held, in bytes.</summary>
    public long Bytes { get; private set; }

    /// <summary>No more can be held.</summary>
    public bool IsFull => _nodes[_free].Next == None;

    /// <summary>Arrival of the first; <see cref="KernelTime.Never"/> when there is none.</summary>
    public KernelTime Oldest => _all.Head == None ? KernelTime.Never : _nodes[_all.Head].Held.Frame.Arrival;

    /// <summary>Arrival of the last; <see cref="KernelTime.Never"/> when there is none.</summary>
    public KernelTime Newest => _all.Tail == None ? KernelTime.Never : _nodes[_all.Tail].Held.Frame.Arrival;

    /// <summary>Frames held for a queue; -1 is those to be dropped.</summary>
    public int CountOf(int queue) => QueueOf(queue).Count;

    /// <summary>Arrival of the first frame for a queue; <see cref="KernelTime.Never"/> when there is none.</summary>
    public KernelTime OldestOf(int queue) => QueueOf(queue).Head is var head && head == None ? KernelTime.Never : _nodes[head].Held.Frame.Arrival;

    /// <summary>Arrival of the n-th frame (from 1) for a queue, of which it has as many.</summary>
    public KernelTime ArrivalOf(int queue, int n)
    {
        var links = QueueOf(queue);
        if (n == links.Count) return _nodes[links.Tail].Held.Frame.Arrival;
        var index = links.Head;
        while (--n > 0) index = _nodes[index].NextOfQueue;
        return _nodes[index].Held.Frame.Arrival;
    }

    /// <summary>
    /// When those for a queue first leave a pause of that many microseconds (0: none is long enough) behind one, or are enough, if the last
    /// before them came at <paramref name="last"/>.
    /// </summary>
    public KernelTime FirstRest(int queue, KernelTime last, int microseconds, int enough)
    {
        var pause = microseconds > 0 ? KernelTime.FromMicroseconds(microseconds) : KernelTime.Never;
        for (var index = QueueOf(queue).Head; index != None; index = _nodes[index].NextOfQueue)
        {
            var arrival = _nodes[index].Held.Frame.Arrival;
            if (!last.IsNever && !pause.IsNever && arrival > last + pause) break;
            last = arrival;
            if (--enough <= 0) return arrival;
        }

        return pause.IsNever || last.IsNever ? KernelTime.Never : last + pause;
    }

    /// <summary>
    /// Room for a frame that is about to come. It is taken, classified and handed on where it lies, since copying it at each step would
    /// cost more than the rest.
    /// </summary>
    public ref HeldFrame Coming => ref _nodes[_free].Held;

    /// <summary>
    /// Holds the frame in <see cref="Coming"/>, in its place by arrival: one sent later over a wire that reorders may arrive before those held.
    /// </summary>
    public void Add()
    {
        var index = _free;
        ref var node = ref _nodes[index];
        ref var frame = ref node.Held.Frame;
        _free = node.Next;
        var before = _all.Tail;
        while (before != None && _nodes[before].Held.Frame.Arrival > frame.Arrival) before = _nodes[before].Previous;
        var after = before == None ? _all.Head : _nodes[before].Next;
        (node.Previous, node.Next) = (before, after);
        if (before == None) _all.Head = index;
        else _nodes[before].Next = index;
        if (after == None) _all.Tail = index;
        else _nodes[after].Previous = index;
        _all.Count++;
        Bytes += frame.BytesOnWire;
        AddToQueue(ref QueueOf(node.Held.Verdict.Queue), index);
    }

    /// <summary>Takes the first frame of all, of which there is one; it is there until the next but one comes.</summary>
    public ref readonly HeldFrame Take() => ref TakeOf(_nodes[_all.Head].Held.Verdict.Queue);

    /// <summary>Takes the first frame for a queue, which has one; it is there until the next but one comes.</summary>
    public ref readonly HeldFrame TakeOf(int queueIndex)
    {
        ref var queue = ref QueueOf(queueIndex);
        var index = queue.Head;
        ref var node = ref _nodes[index];
        queue.Head = node.NextOfQueue;
        if (queue.Head == None) queue.Tail = None;
        queue.Count--;
        if (node.Previous == None) _all.Head = node.Next;
        else _nodes[node.Previous].Next = node.Next;
        if (node.Next == None) _all.Tail = node.Previous;
        else _nodes[node.Next].Previous = node.Previous;
        _all.Count--;
        Bytes -= node.Held.Frame.BytesOnWire;
        ref var coming = ref _nodes[_free]; // stays the first of the free
        node.Next = coming.Next;
        coming.Next = index;
        return ref node.Held;
    }

    /// <summary>Decides anew about every frame held: filter, rules or tables changed.</summary>
    public void Reclassify(RxClassifier classifier)
    {
        Array.Fill(_queues, new Links { Head = None, Tail = None });
        for (var index = _all.Head; index != None; index = _nodes[index].Next)
        {
            ref var node = ref _nodes[index];
            classifier.Classify(node.Held.Frame, out node.Held.Verdict);
            node.NextOfQueue = None;
            ref var queue = ref QueueOf(node.Held.Verdict.Queue);
            if (queue.Tail == None) queue.Head = index;
            else _nodes[queue.Tail].NextOfQueue = index;
            queue.Tail = index;
            queue.Count++;
        }
    }

    private void AddToQueue(ref Links queue, int index)
    {
        ref var node = ref _nodes[index];
        queue.Count++;
        if (queue.Tail == None || _nodes[queue.Tail].Held.Frame.Arrival <= node.Held.Frame.Arrival)
        {
            node.NextOfQueue = None;
            if (queue.Tail == None) queue.Head = index;
            else _nodes[queue.Tail].NextOfQueue = index;
            queue.Tail = index;
            return;
        }

        var before = None;
        for (var next = queue.Head; _nodes[next].Held.Frame.Arrival <= node.Held.Frame.Arrival; next = _nodes[next].NextOfQueue) before = next;
        node.NextOfQueue = before == None ? queue.Head : _nodes[before].NextOfQueue;
        if (before == None) queue.Head = index;
        else _nodes[before].NextOfQueue = index;
    }

    private ref Links QueueOf(int queue) => ref _queues[queue < 0 ? _queues.Length - 1 : queue];

    private struct Node
    {
        public HeldFrame Held;
        public int Previous;
        public int Next;
        public int NextOfQueue;
    }

    private struct Links
    {
        public int Head;
        public int Tail;
        public int Count;
    }
}
