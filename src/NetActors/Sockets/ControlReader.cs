using System.Buffers.Binary;

namespace NetActors.Sockets;

/// <summary>Reads the control messages of a program (kernel: <c>for_each_cmsghdr</c>, <c>CMSG_OK</c>).</summary>
/// <param name="control">The bytes (<c>msg_control</c>).</param>
internal ref struct ControlReader(ReadOnlySpan<byte> control)
{
    private const int HeaderSize = 16;
    private ReadOnlySpan<byte> _left = control;

    /// <summary>The message's level.</summary>
    public int Level { get; private set; }

    /// <summary>The message's type.</summary>
    public int Type { get; private set; }

    /// <summary>The message's data.</summary>
    public ReadOnlySpan<byte> Data { get; private set; }

    /// <summary>A message was shorter than its header or longer than what there is: EINVAL.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>Goes to the next message; false at the end.</summary>
    public bool Next()
    {
        if (_left.Length < HeaderSize) return false;
        var length = BinaryPrimitives.ReadInt64LittleEndian(_left);
        if (length < HeaderSize || length > _left.Length)
        {
            IsBroken = true;
            return false;
        }

        Level = BinaryPrimitives.ReadInt32LittleEndian(_left[8..]);
        Type = BinaryPrimitives.ReadInt32LittleEndian(_left[12..]);
        Data = _left[HeaderSize..(int)length];
        _left = _left[Math.Min(_left.Length, ((int)length + 7) & ~7)..];
        return true;
    }

    /// <summary>The data as a number. False when it is not four bytes.</summary>
    public readonly bool TryInt(out int number)
    {
        number = Data.Length == 4 ? BinaryPrimitives.ReadInt32LittleEndian(Data) : 0;
        return Data.Length == 4;
    }
}
