using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace NetActors.Script.Serving;

/// <summary>Writes the payload of an answer: little endian, as the syscall protocol has it.</summary>
internal sealed class MessageWriter
{
    private readonly ArrayBufferWriter<byte> _bytes = new();

    /// <summary>What was written.</summary>
    public ReadOnlySpan<byte> Written => _bytes.WrittenSpan;

    /// <summary>Writes a number.</summary>
    public MessageWriter I32(int value)
    {
        BinaryPrimitives.WriteInt32LittleEndian(_bytes.GetSpan(4), value);
        _bytes.Advance(4);
        return this;
    }

    /// <summary>Writes a number.</summary>
    public MessageWriter U32(uint value) => I32(unchecked((int)value));

    /// <summary>Writes a number.</summary>
    public MessageWriter I64(long value)
    {
        BinaryPrimitives.WriteInt64LittleEndian(_bytes.GetSpan(8), value);
        _bytes.Advance(8);
        return this;
    }

    /// <summary>Writes bytes with their length in front.</summary>
    public MessageWriter Bytes(ReadOnlySpan<byte> value)
    {
        U32((uint)value.Length);
        _bytes.Write(value);
        return this;
    }

    /// <summary>Writes text as bytes.</summary>
    public MessageWriter Text(string value) => Bytes(Encoding.UTF8.GetBytes(value));
}
