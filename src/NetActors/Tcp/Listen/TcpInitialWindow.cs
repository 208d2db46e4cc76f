using System.Numerics;
using NetActors.Headers;

namespace NetActors.Tcp;

/// <summary>The first window of a connection and the shift it is sent with (kernel: <c>tcp_select_initial_window</c>, 6.18).</summary>
/// <param name="Window">In bytes.</param>
/// <param name="Clamp">Most that can ever be offered, in bytes.</param>
/// <param name="Scale">Shift of our windows; 0 without scaling.</param>
public readonly record struct TcpInitialWindow(uint Window, uint Clamp, byte Scale)
{
    /// <summary>
    /// Chooses them.
    /// </summary>
    /// <param name="space">Bytes that fit the receive buffer (kernel: <c>tcp_full_space</c>).</param>
    /// <param name="mss">Payload of a segment: the window is a multiple of it.</param>
    /// <param name="clamp">Bound by TCP_WINDOW_CLAMP, route or a fixed SO_RCVBUF; 0 for none.</param>
    /// <param name="scaling">Windows are scaled.</param>
    /// <param name="initialSegments">Bound of the first window in segments; 0 for none.</param>
    /// <param name="sysctls">The largest receive buffers.</param>
    public static TcpInitialWindow Select(
        uint space, uint mss, uint clamp, bool scaling, uint initialSegments, TcpSysctls sysctls)
    {
        if (clamp == 0) clamp = (uint)ushort.MaxValue << TcpOptions.MaxWindowScale;
        space = Math.Min(space, clamp);
        if (space > mss) space -= space % mss;
        var window = sysctls.TcpWorkaroundSignedWindows ? Math.Min(space, 32767) : space;
        if (initialSegments != 0) window = Math.Min(window, initialSegments * mss);
        byte scale = 0;
        if (scaling)
        {
            // enough for what autotuning or SO_RCVBUF may ever make of it
            var largest = Math.Min(Math.Max(space, (uint)Math.Max(sysctls.TcpRmem.Max, sysctls.RmemMax)), clamp);
            scale = (byte)Math.Clamp(BitOperations.Log2(largest) - 15, 0, TcpOptions.MaxWindowScale);
        }

        return new TcpInitialWindow(window, Math.Min((uint)ushort.MaxValue << scale, clamp), scale);
    }
}
