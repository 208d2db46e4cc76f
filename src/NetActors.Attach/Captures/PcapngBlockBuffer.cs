using System.Buffers.Binary;

namespace NetActors.Attach;

/// <summary>Blocks under way to the file, little endian; one array, reused, which grows to the longest block and no further.</summary>
internal sealed class PcapngBlockBuffer
{
    private byte[] _bytes = new byte[64 * 1024];
    private int _blockStart;

    /// <summary>Bytes that wait to be written.</summary>
    public int Length { get; private set; }

    /// <summary>The waiting bytes begin here.</summary>
    public byte[] Bytes => _bytes;

    /// <summary>Forgets what was written.</summary>
    public void Clear() => Length = 0;

    /// <summary>Begins a block; its length follows with <see cref="End"/>.</summary>
    public void Begin(uint type)
    {
        _blockStart = Length;
        U32(type);
        U32(0);
    }

    /// <summary>Ends the block and writes its length at both ends.</summary>
    public void End()
    {
        var total = (uint)(Length - _blockStart + 4);
        U32(total);
        BinaryPrimitives.WriteUInt32LittleEndian(_bytes.AsSpan(_blockStart + 4), total);
    }

    public void U16(ushort value) => BinaryPrimitives.WriteUInt16LittleEndian(Take(2), value);

    public void U32(uint value) => BinaryPrimitives.WriteUInt32LittleEndian(Take(4), value);

    public void U64(ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(Take(8), value);

    /// <summary>A timestamp: the upper half first, whatever the byte order (section 4.3).</summary>
    public void Timestamp(ulong ticks)
    {
        U32((uint)(ticks >> 32));
        U32((uint)ticks);
    }

    /// <summary>Bytes, padded with zeros to four.</summary>
    public void Padded(ReadOnlySpan<byte> value)
    {
        value.CopyTo(Take(value.Length));
        Pad(value.Length);
    }

    public void Option(ushort code, ReadOnlySpan<byte> value)
    {
        U16(code);
        U16((ushort)value.Length);
        Padded(value);
    }

    /// <summary>A text option of two parts, so that no text is put together anew for each packet.</summary>
    public void Option(ushort code, ReadOnlySpan<byte> first, ReadOnlySpan<byte> second)
    {
        U16(code);
        U16((ushort)(first.Length + second.Length));
        first.CopyTo(Take(first.Length));
        second.CopyTo(Take(second.Length));
        Pad(first.Length + second.Length);
    }

    public void Option32(ushort code, uint value)
    {
        U16(code);
        U16(4);
        U32(value);
    }

    public void Option64(ushort code, ulong value)
    {
        U16(code);
        U16(8);
        U64(value);
    }

    public void EndOfOptions() => U32(PcapngOption.EndOfOptions);

    private void Pad(int length) => Take(-length & 3).Clear();

    private Span<byte> Take(int count)
    {
        if (Length + count > _bytes.Length) Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, Length + count));
        var taken = _bytes.AsSpan(Length, count);
        Length += count;
        return taken;
    }
}
