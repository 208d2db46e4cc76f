using System.Runtime.InteropServices;

namespace NetActors.Buffers;

/// <summary>
/// A count that one thread writes and others read, in cache lines of its own: in real time hardware and driver would otherwise take
/// each other's line away with every packet (kernel: <c>____cacheline_aligned_in_smp</c>).
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = Line * 2)]
internal struct OwnLine
{
    private const int Line = 128; // two lines, since they are fetched in pairs

    [FieldOffset(Line)]
    private long _value;

    /// <summary>The count; written by its one writer only.</summary>
    public long Value
    {
        readonly get => Volatile.Read(in _value);
        set => Volatile.Write(ref _value, value);
    }
}
