using System.Buffers.Binary;
using System.ComponentModel;
using System.Diagnostics;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace NetActors.Tests.Simulations;

/// <summary>
/// Two ends of a cable of the machine's own kernel: frames written at one end go through its receive offload and are read at the other as
/// its taps see them.
/// </summary>
internal sealed class KernelVeth : IDisposable
{
    private const int HoldMilliseconds = 30;
    private static readonly Lazy<string?> Missing = new(WhyNot);
    private readonly string _near;
    private readonly SafeSocketHandle _sender;
    private readonly SafeSocketHandle _receiver;

    public KernelVeth(string name, bool gro = true)
    {
        _near = $"na{Environment.ProcessId % 1_000_000}{name}"; // other runs on the machine have theirs
        var far = _near + "p";
        Run("ip", $"link add {_near} type veth peer name {far}");
        try
        {
            foreach (var end in (string[])[_near, far])
            {
                File.WriteAllText($"/proc/sys/net/ipv6/conf/{end}/disable_ipv6", "1");
                Run("ethtool", $"-K {end} tx off tso off gso off");
                Run("ip", $"link set {end} up");
            }

            if (gro)
            {
                Run("ethtool", $"-K {far} gro on rx-udp-gro-forwarding on");
                File.WriteAllText($"/sys/class/net/{far}/gro_flush_timeout", $"{HoldMilliseconds}000000");
            }

            _sender = Open(_near);
            _receiver = Open(far);
        }
        catch
        {
            Run("ip", $"link del {_near}");
            throw;
        }
    }

    /// <summary>Why this machine has none; null when it has.</summary>
    public static string? SkipReason => Missing.Value;

    /// <summary>Sends frames back to back and takes what comes out until nothing has for longer than offload may hold it.</summary>
    public List<byte[]> Pass(IEnumerable<byte[]> frames)
    {
        foreach (var frame in frames)
        {
            Send(_sender, frame);
        }

        return Take();
    }

    private List<byte[]> Take() => Take(_receiver);

    /// <summary>Sends a frame.</summary>
    internal static void Send(SafeSocketHandle socket, byte[] frame)
    {
        if (send(socket, frame, frame.Length, 0) != frame.Length) throw new Win32Exception(Marshal.GetLastPInvokeError());
    }

    /// <summary>Takes frames until none comes for longer than offload may hold it.</summary>
    internal static List<byte[]> Take(SafeSocketHandle socket)
    {
        var taken = new List<byte[]>();
        var buffer = new byte[70_000];
        while (true)
        {
            var length = recv(socket, buffer, buffer.Length, 0);
            if (length < 0) return taken; // SO_RCVTIMEO
            taken.Add(buffer[..(int)length]);
        }
    }

    /// <summary>Hands the kernel one large packet to cut, and takes the frames that come out.</summary>
    /// <param name="large">From its link header on; its transport checksum is that of the pseudo-header.</param>
    /// <param name="transportOffset">Where its transport header begins.</param>
    /// <param name="checksumOffset">Where that has its checksum.</param>
    /// <param name="headerLength">Bytes in front of the payload.</param>
    /// <param name="gsoSize">Payload of a frame.</param>
    /// <param name="isTcp">TCP, or UDP.</param>
    public List<byte[]> Cut(byte[] large, int transportOffset, int checksumOffset, int headerLength, int gsoSize, bool isTcp)
    {
        const byte NeedsChecksum = 1, Tcp4 = 1, Udp4 = 5, Ecn = 0x80;
        var hasCwr = isTcp && (large[transportOffset + 13] & 0x80) != 0;
        var message = new byte[10 + large.Length]; // struct virtio_net_hdr
        (message[0], message[1]) = (NeedsChecksum, (byte)((isTcp ? Tcp4 : Udp4) | (hasCwr ? Ecn : 0)));
        BitConverter.TryWriteBytes(message.AsSpan(2), (ushort)headerLength);
        BitConverter.TryWriteBytes(message.AsSpan(4), (ushort)gsoSize);
        BitConverter.TryWriteBytes(message.AsSpan(6), (ushort)transportOffset);
        BitConverter.TryWriteBytes(message.AsSpan(8), (ushort)checksumOffset);
        large.CopyTo(message, 10);
        using var sender = Open(_near, withHeader: true);
        if (send(sender, message, message.Length, 0) != message.Length) throw new Win32Exception(Marshal.GetLastPInvokeError());
        return Take();
    }

    public void Dispose()
    {
        _sender.Dispose();
        _receiver.Dispose();
        Run("ip", $"link del {_near}");
    }

    /// <summary>A packet socket of a device, which does not see what it sends itself.</summary>
    internal static SafeSocketHandle Open(string device, bool withHeader = false)
    {
        const int Packet = 17, Raw = 3, Socket = 1, ReceiveTimeout = 20, ReceiveBufferForce = 33, IgnoreOutgoing = 23, VnetHeader = 15, PacketLevel = 263;
        var ip = BinaryPrimitives.ReverseEndianness((ushort)0x0800);
        var handle = new SafeSocketHandle(socket(Packet, Raw, ip), ownsHandle: true);
        var address = new byte[20]; // struct sockaddr_ll
        BitConverter.TryWriteBytes(address, (ushort)Packet);
        BitConverter.TryWriteBytes(address.AsSpan(2), ip);
        BitConverter.TryWriteBytes(address.AsSpan(4), int.Parse(File.ReadAllText($"/sys/class/net/{device}/ifindex"), System.Globalization.CultureInfo.InvariantCulture));
        var timeout = new byte[16]; // struct timeval
        BitConverter.TryWriteBytes(timeout.AsSpan(8), 4 * HoldMilliseconds * 1000L);
        var (one, room) = (BitConverter.GetBytes(1), BitConverter.GetBytes(64 << 20));
        if (bind(handle, address, address.Length) != 0 || setsockopt(handle, Socket, ReceiveTimeout, timeout, timeout.Length) != 0 ||
            setsockopt(handle, Socket, ReceiveBufferForce, room, room.Length) != 0 || setsockopt(handle, PacketLevel, IgnoreOutgoing, one, one.Length) != 0 ||
            (withHeader && setsockopt(handle, PacketLevel, VnetHeader, one, one.Length) != 0))
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError());
        }

        return handle;
    }

    private static string? WhyNot()
    {
        if (!OperatingSystem.IsLinux() || Environment.UserName != "root") return "needs root on Linux, to make a veth pair";
        try
        {
            using var veth = new KernelVeth("x");
            return null;
        }
        catch (Exception e) when (e is Win32Exception or IOException or InvalidOperationException)
        {
            return $"this machine makes no veth pair with receive offload: {e.Message}";
        }
    }

    /// <summary>Runs a program to its end and answers what it printed.</summary>
    internal static string Run(string program, string arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0) throw new InvalidOperationException($"{program} {arguments}: {error.Trim()}");
        return output.Result;
    }

#pragma warning disable SA1300, IDE1006 // the names of the C library
    [DllImport("libc", SetLastError = true)]
    private static extern int socket(int domain, int type, int protocol);

    [DllImport("libc", SetLastError = true)]
    private static extern int bind(SafeSocketHandle socket, byte[] address, int length);

    [DllImport("libc", SetLastError = true)]
    private static extern int setsockopt(SafeSocketHandle socket, int level, int option, byte[] value, int length);

    [DllImport("libc", SetLastError = true)]
    private static extern nint send(SafeSocketHandle socket, byte[] bytes, nint length, int flags);

    [DllImport("libc", SetLastError = true)]
    private static extern nint recv(SafeSocketHandle socket, byte[] bytes, nint length, int flags);
#pragma warning restore SA1300, IDE1006
}

/// <summary>A theory that needs the machine's kernel to make a veth pair, and is skipped without it.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class VethTheoryAttribute : TheoryAttribute
{
    public VethTheoryAttribute() => Skip = KernelVeth.SkipReason;
}
