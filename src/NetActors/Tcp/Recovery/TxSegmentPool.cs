using System.Numerics;

namespace NetActors.Tcp;

/// <summary>
/// Spare descriptors and the arrays that queue them, shared by the connections of one CPU, so that sending allocates nothing once it runs
/// and an idle connection holds none (kernel: the slab cache of skbs).
/// </summary>
public sealed class TxSegmentPool
{
    private const int Limit = 65536;
    private const int ArraysOfASize = 64;

    private readonly Stack<TxSegment[]>?[] _arrays = new Stack<TxSegment[]>?[32];
    private TxSegment? _spare;
    private int _count;

    internal TxSegment Rent()
    {
        if (_spare is not { } segment) return new TxSegment();
        _spare = segment.Later;
        segment.Later = null;
        _count--;
        return segment;
    }

    internal void Return(TxSegment segment)
    {
        if (_count == Limit) return;
        (segment.Earlier, segment.Later, segment.IsListed) = (null, _spare, false);
        segment.Tags = SegmentTags.None;
        _spare = segment;
        _count++;
    }

    /// <summary>An array of <paramref name="length"/> entries, a power of two, all null.</summary>
    internal TxSegment[] RentArray(int length) =>
        _arrays[BitOperations.Log2((uint)length)] is { } spare && spare.TryPop(out var array) ? array : new TxSegment[length];

    /// <summary>Takes an array back whose entries are all null.</summary>
    internal void ReturnArray(TxSegment[] array)
    {
        if (array.Length == 0) return;
        var spare = _arrays[BitOperations.Log2((uint)array.Length)] ??= new Stack<TxSegment[]>();
        if (spare.Count < ArraysOfASize) spare.Push(array);
    }
}
