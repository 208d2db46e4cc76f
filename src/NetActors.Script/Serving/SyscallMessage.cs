using System.Buffers.Binary;

namespace NetActors.Script.Serving;

/// <summary>A message of the syscall protocol.</summary>
/// <param name="Op">What it asks for, or answers.</param>
/// <param name="Flags">1: an answer; 2: of the second thread; 4: nothing is pending.</param>
/// <param name="Id">The request's number.</param>
/// <param name="Error">Errno when the result is -1.</param>
/// <param name="Result">The result.</param>
/// <param name="Time">The clock in microseconds.</param>
/// <param name="Payload">The rest.</param>
internal readonly record struct SyscallMessage(SyscallOp Op, ushort Flags, uint Id, int Error, long Result, long Time, byte[] Payload)
{
    /// <summary>Bytes of the head.</summary>
    public const int HeadSize = 32;

    /// <summary>Most bytes of a payload that are taken.</summary>
    public const int MostPayload = 1 << 26;

    /// <summary>Reads a head; the payload is still to be read.</summary>
    /// <param name="head">32 bytes.</param>
    /// <param name="payloadLength">Bytes of the payload.</param>
    public static SyscallMessage Read(ReadOnlySpan<byte> head, out uint payloadLength)
    {
        payloadLength = BinaryPrimitives.ReadUInt32LittleEndian(head);
        return new SyscallMessage(
            (SyscallOp)BinaryPrimitives.ReadUInt16LittleEndian(head[4..]), BinaryPrimitives.ReadUInt16LittleEndian(head[6..]),
            BinaryPrimitives.ReadUInt32LittleEndian(head[8..]), BinaryPrimitives.ReadInt32LittleEndian(head[12..]),
            BinaryPrimitives.ReadInt64LittleEndian(head[16..]), BinaryPrimitives.ReadInt64LittleEndian(head[24..]), []);
    }

    /// <summary>Head and payload as they are sent.</summary>
    public byte[] ToBytes()
    {
        var bytes = new byte[HeadSize + Payload.Length];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, (uint)Payload.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(4), (ushort)Op);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(6), Flags);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(8), Id);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(12), Error);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(16), Result);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(24), Time);
        Payload.CopyTo(bytes, HeadSize);
        return bytes;
    }
}
