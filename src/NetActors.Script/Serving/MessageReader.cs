using System.Buffers.Binary;
using System.Text;

namespace NetActors.Script.Serving;

/// <summary>Reads the payload of a message: little endian, as the syscall protocol has it.</summary>
/// <param name="payload">The payload.</param>
internal ref struct MessageReader(ReadOnlySpan<byte> payload)
{
    private ReadOnlySpan<byte> _rest = payload;

    /// <summary>Next number.</summary>
    /// <exception cref="InvalidDataException">The payload ends before.</exception>
    public int I32() => BinaryPrimitives.ReadInt32LittleEndian(Take(4));

    /// <summary>Next number.</summary>
    /// <exception cref="InvalidDataException">The payload ends before.</exception>
    public uint U32() => BinaryPrimitives.ReadUInt32LittleEndian(Take(4));

    /// <summary>Next number.</summary>
    /// <exception cref="InvalidDataException">The payload ends before.</exception>
    public long I64() => BinaryPrimitives.ReadInt64LittleEndian(Take(8));

    /// <summary>Next number.</summary>
    /// <exception cref="InvalidDataException">The payload ends before.</exception>
    public ulong U64() => BinaryPrimitives.ReadUInt64LittleEndian(Take(8));

    /// <summary>Next bytes, their length in front.</summary>
    /// <exception cref="InvalidDataException">The payload ends before.</exception>
    public byte[] Bytes()
    {
        var length = U32();
        return length <= _rest.Length ? Take((int)length).ToArray() : throw new InvalidDataException("the payload ends inside of its bytes");
    }

    /// <summary>As many of the next bytes.</summary>
    /// <exception cref="InvalidDataException">The payload ends before.</exception>
    public byte[] Raw(int length) => Take(length).ToArray();

    /// <summary>Next bytes as text.</summary>
    /// <exception cref="InvalidDataException">The payload ends before.</exception>
    public string Text() => Encoding.UTF8.GetString(Bytes());

    private ReadOnlySpan<byte> Take(int bytes)
    {
        if ((uint)bytes > (uint)_rest.Length) throw new InvalidDataException("the payload is too short");
        var taken = _rest[..bytes];
        _rest = _rest[bytes..];
        return taken;
    }
}
