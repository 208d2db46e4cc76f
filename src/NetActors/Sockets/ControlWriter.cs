using System.Buffers.Binary;

namespace NetActors.Sockets;

/// <summary>
/// Control messages for a program (kernel: <c>put_cmsg</c>): a header of 16 bytes, data, padding to 8, as x86-64 lays them out. What does not
/// fit is cut and said with MSG_CTRUNC.
/// </summary>
/// <param name="room">Bytes that the program has for them (<c>msg_controllen</c>).</param>
internal sealed class ControlWriter(int room)
{
    private const int HeaderSize = 16;
    private const int MsgCtrunc = 0x8;
    private readonly byte[] _bytes = new byte[Math.Clamp(room, 0, 4096)];
    private int _used;

    /// <summary>MSG_CTRUNC when something was cut; else 0.</summary>
    public int Flags { get; private set; }

    /// <summary>The messages.</summary>
    public byte[] ToArray() => _bytes[.._used];

    /// <summary>Adds a message.</summary>
    public void Put(int level, int type, ReadOnlySpan<byte> data)
    {
        var left = _bytes.AsSpan(_used);
        var length = HeaderSize + data.Length;
        if (left.Length < HeaderSize)
        {
            Flags = MsgCtrunc;
            return;
        }

        if (left.Length < length)
        {
            Flags = MsgCtrunc;
            length = left.Length;
        }

        BinaryPrimitives.WriteInt64LittleEndian(left, length);
        BinaryPrimitives.WriteInt32LittleEndian(left[8..], level);
        BinaryPrimitives.WriteInt32LittleEndian(left[12..], type);
        data[..(length - HeaderSize)].CopyTo(left[HeaderSize..]);
        _used += Math.Min((length + 7) & ~7, left.Length);
    }

    /// <summary>Adds a message that is one number of four bytes.</summary>
    public void Put(int level, int type, int number)
    {
        Span<byte> data = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(data, number);
        Put(level, type, data);
    }
}
