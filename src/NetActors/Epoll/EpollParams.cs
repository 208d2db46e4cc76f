using System.Buffers.Binary;
using NetActors.Sockets;

namespace NetActors.Epoll;

/// <summary>How one epoll instance busy polls (<c>struct epoll_params</c>, include/uapi/linux/eventpoll.h).</summary>
/// <param name="BusyPollUsecs">How long in microseconds; 0 for <c>net.core.busy_poll</c>.</param>
/// <param name="BusyPollBudget">Packets of a poll; 0 for 8.</param>
/// <param name="PreferBusyPoll">Its program would rather poll than be interrupted.</param>
internal readonly record struct EpollParams(uint BusyPollUsecs, ushort BusyPollBudget, bool PreferBusyPoll)
{
    /// <summary><c>EPIOCSPARAMS</c>.</summary>
    public const int Set = 0x4008_8A01;

    /// <summary><c>EPIOCGPARAMS</c>.</summary>
    public const int Get = unchecked((int)0x8008_8A02);

    private const int Size = 8;

    /// <summary>Reads the structure (kernel: <c>ep_eventpoll_bp_ioctl</c>).</summary>
    /// <returns>None; EFAULT for one that is too short, EINVAL for a value out of range.</returns>
    public static Errno TryRead(ReadOnlySpan<byte> value, out EpollParams read)
    {
        read = default;
        if (value.Length < Size) return Errno.EFAULT;
        var usecs = BinaryPrimitives.ReadUInt32LittleEndian(value);
        if (value[7] != 0 || usecs > int.MaxValue || value[6] > 1) return Errno.EINVAL;
        read = new EpollParams(usecs, BinaryPrimitives.ReadUInt16LittleEndian(value[4..]), value[6] == 1);
        return Errno.None;
    }

    /// <summary>The structure.</summary>
    public byte[] ToBytes()
    {
        var value = new byte[Size];
        BinaryPrimitives.WriteUInt32LittleEndian(value, BusyPollUsecs);
        BinaryPrimitives.WriteUInt16LittleEndian(value.AsSpan(4), BusyPollBudget);
        value[6] = (byte)(PreferBusyPoll ? 1 : 0);
        return value;
    }
}
