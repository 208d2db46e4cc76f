using NetActors.Sockets;

namespace NetActors.Script.Running;

/// <summary>What a system call answers; which of the fields count depends on the call.</summary>
public sealed record ScriptAnswer
{
    /// <summary>The return value; -1 for an error.</summary>
    public required long Result { get; init; }

    /// <summary>The error; <see cref="Errno.None"/> for success.</summary>
    public Errno Errno { get; init; }

    /// <summary>Bytes read, or the value of an option or ioctl.</summary>
    public byte[] Data { get; init; } = [];

    /// <summary>A socket address as Linux lays it out, cut to the room there was.</summary>
    public byte[] Address { get; init; } = [];

    /// <summary>Full length of the address in bytes.</summary>
    public int AddressLength { get; init; }

    /// <summary><c>msg_flags</c>.</summary>
    public int MessageFlags { get; init; }

    /// <summary>Control messages with their headers, as x86-64 lays them out.</summary>
    public byte[] Control { get; init; } = [];

    /// <summary>poll(): <c>revents</c> of each entry.</summary>
    public IReadOnlyList<short> Revents { get; init; } = [];

    /// <summary>select(): the sets.</summary>
    public (byte[]? Readable, byte[]? Writable, byte[]? Exceptional) Sets { get; init; }

    /// <summary>select(): the time that was left, in microseconds; Linux writes it back.</summary>
    public long TimeLeft { get; init; }

    /// <summary>epoll_wait(): the events.</summary>
    public IReadOnlyList<EpollEvent> Events { get; init; } = [];

    /// <summary>pipe(): the end to read from and the end to write to.</summary>
    public (int Read, int Write) Pipe { get; init; }

    /// <summary>A return value without more.</summary>
    public static ScriptAnswer Return(long result) => new() { Result = result };

    /// <summary>An error.</summary>
    public static ScriptAnswer Fail(Errno errno) => new() { Result = -1, Errno = errno };
}
