using System.Runtime.InteropServices;
using System.Text;

namespace NetActors.Tests.Kernel;

/// <summary>One end of a point-to-point link of the running kernel: IP packets that it sends are read here, those written here it receives.</summary>
internal sealed class TunDevice : IDisposable
{
    private const int ReadWriteNonBlocking = 0x802; // O_RDWR | O_NONBLOCK
    private const ulong TunSetIff = 0x400454ca;
    private const short TunWithoutInfo = 0x1001; // IFF_TUN | IFF_NO_PI

    public TunDevice(string name)
    {
        Descriptor = open("/dev/net/tun", ReadWriteNonBlocking);
        if (Descriptor < 0) throw new InvalidOperationException("/dev/net/tun does not open");
        var request = new byte[40]; // struct ifreq
        Encoding.ASCII.GetBytes(name).CopyTo(request, 0);
        BitConverter.TryWriteBytes(request.AsSpan(16), TunWithoutInfo);
        if (ioctl(Descriptor, TunSetIff, request) == 0) return;
        _ = close(Descriptor);
        throw new InvalidOperationException($"{name} cannot be made: TUNSETIFF errno {Marshal.GetLastPInvokeError()}");
    }

    public int Descriptor { get; }

    /// <summary>Reads a packet; its length, or less than 1 when none waits.</summary>
    public int Read(byte[] packet) => (int)read(Descriptor, packet, (nuint)packet.Length);

    /// <summary>Lets the kernel receive a packet.</summary>
    public void Write(ReadOnlySpan<byte> packet) => _ = write(Descriptor, ref MemoryMarshal.GetReference(packet), (nuint)packet.Length);

    public void Dispose() => _ = close(Descriptor);

    /// <summary>Waits until a packet waits at one of the devices, or so many nanoseconds.</summary>
    public static void Wait(PollFd[] devices, long nanoseconds)
    {
        var timeout = new Timespec(nanoseconds / 1_000_000_000, nanoseconds % 1_000_000_000);
        _ = ppoll(devices, (nuint)devices.Length, ref timeout, 0);
    }

    /// <summary>The calling thread goes before all others from now on (SCHED_FIFO).</summary>
    public static void GoFirst()
    {
        var priority = 50;
        _ = sched_setscheduler(0, 1, ref priority);
    }

    /// <summary>struct pollfd.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct PollFd(int descriptor)
    {
        public int Descriptor = descriptor;
        public short Events = 1; // POLLIN
        public short Happened;
    }

    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct Timespec(long Seconds, long Nanoseconds);

#pragma warning disable SYSLIB1054, CA2101, IDE1006 // the names are libc's; source generation would need unsafe code
    [DllImport("libc", SetLastError = true, CharSet = CharSet.Ansi)]
    private static extern int open(string path, int flags);

    [DllImport("libc", SetLastError = true)]
    private static extern int ioctl(int descriptor, ulong request, byte[] argument);

    [DllImport("libc")]
    private static extern nint read(int descriptor, byte[] buffer, nuint count);

    [DllImport("libc")]
    private static extern nint write(int descriptor, ref byte buffer, nuint count);

    [DllImport("libc")]
    private static extern int close(int descriptor);

    [DllImport("libc")]
    private static extern int ppoll([In, Out] PollFd[] descriptors, nuint count, ref Timespec timeout, nint mask);

    [DllImport("libc")]
    private static extern int sched_setscheduler(int pid, int policy, ref int priority);
#pragma warning restore SYSLIB1054, CA2101, IDE1006
}
