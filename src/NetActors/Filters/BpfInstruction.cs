using System.Buffers.Binary;

namespace NetActors.Filters;

/// <summary>One instruction of a classic filter (kernel: <c>struct sock_filter</c>).</summary>
/// <param name="Code">What to do: class, size or operation, mode or source.</param>
/// <param name="Jt">Instructions to skip when a condition holds.</param>
/// <param name="Jf">Instructions to skip when it does not.</param>
/// <param name="K">The number it works with.</param>
public readonly record struct BpfInstruction(ushort Code, byte Jt, byte Jf, uint K)
{
    /// <summary>Size in bytes.</summary>
    public const int Size = 8;

    /// <summary>Writes it, little endian.</summary>
    public void Write(Span<byte> bytes)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(bytes, Code);
        (bytes[2], bytes[3]) = (Jt, Jf);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[4..], K);
    }

    /// <summary>Reads one, little endian as on x86-64. The caller has eight bytes.</summary>
    public static BpfInstruction Read(ReadOnlySpan<byte> bytes) =>
        new(BinaryPrimitives.ReadUInt16LittleEndian(bytes), bytes[2], bytes[3], BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]));
}
