using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace NetActors.Observe;

/// <summary>Writes one protobuf message (protobuf.dev, "Encoding"): only what a Perfetto trace needs.</summary>
internal sealed class ProtoMessage
{
    private const int WireVarint = 0, WireFixed64 = 1, WireLength = 2;

    private readonly ArrayBufferWriter<byte> _bytes = new();

    /// <summary>Begins a new message in the same memory.</summary>
    public ProtoMessage Clear()
    {
        _bytes.ResetWrittenCount();
        return this;
    }

    /// <summary>A field of type uint32, uint64, enum or non-negative int.</summary>
    public ProtoMessage Varint(int field, ulong value)
    {
        Tag(field, WireVarint);
        Raw(value);
        return this;
    }

    /// <summary>A field of type fixed64.</summary>
    public ProtoMessage Fixed64(int field, ulong value)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        Tag(field, WireFixed64);
        _bytes.Write(bytes);
        return this;
    }

    /// <summary>A field of type string.</summary>
    public ProtoMessage Text(int field, string value)
    {
        var bytes = Encoding.UTF8.GetBytes(value);
        Tag(field, WireLength);
        Raw((ulong)bytes.Length);
        _bytes.Write(bytes);
        return this;
    }

    /// <summary>A field that is a message itself, which must be finished.</summary>
    public ProtoMessage Message(int field, ProtoMessage message)
    {
        Tag(field, WireLength);
        Raw((ulong)message._bytes.WrittenCount);
        _bytes.Write(message._bytes.WrittenSpan);
        return this;
    }

    /// <summary>Appends the message's bytes to <paramref name="stream"/>.</summary>
    public void CopyTo(Stream stream) => stream.Write(_bytes.WrittenSpan);

    private void Tag(int field, int wire) => Raw((ulong)(field << 3 | wire));

    private void Raw(ulong value)
    {
        for (; value >= 0x80; value >>= 7) Byte((byte)(value | 0x80));
        Byte((byte)value);
    }

    private void Byte(byte value)
    {
        _bytes.GetSpan(1)[0] = value;
        _bytes.Advance(1);
    }
}
