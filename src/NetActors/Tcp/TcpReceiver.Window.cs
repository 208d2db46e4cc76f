using System.Numerics;
using NetActors.Observe;

namespace NetActors.Tcp;

/// <summary>The window that we offer (kernel: tcp_output.c's window part): how much, and never less than was promised.</summary>
internal sealed partial class TcpReceiver
{
    /// <summary>The window that was offered last (<c>rcv_wnd</c>).</summary>
    internal uint RcvWnd { get; set; }

    /// <summary><see cref="RcvNxt"/> when it was offered (<c>rcv_wup</c>).</summary>
    internal uint RcvWup { get; set; }

    /// <summary>Largest window to offer (<c>window_clamp</c>).</summary>
    internal uint WindowClamp { get; set; }

    /// <summary>The window that grows to <see cref="WindowClamp"/> as segments prove to be well filled (<c>rcv_ssthresh</c>).</summary>
    internal uint RcvSsthresh { get; set; }

    /// <summary>Shift of our windows (<c>rcv_wscale</c>).</summary>
    internal int RcvWscale { get; set; }

    /// <summary>Window per 256 bytes of truesize (<c>scaling_ratio</c>).</summary>
    internal byte ScalingRatio { get; set; } = TcpConstants.DefaultScalingRatio;

    /// <summary>Limit of truesize (<c>sk_rcvbuf</c>).</summary>
    internal int RcvBuf { get; set; }

    /// <summary>SO_RCVBUF was set: no tuning (<c>SOCK_RCVBUF_LOCK</c>).</summary>
    internal bool IsRcvBufLocked { get; set; }

    /// <summary>What is left of the offered window (kernel: <c>tcp_receive_window</c>).</summary>
    internal uint ReceiveWindow => (uint)Math.Max((int)(RcvWup + RcvWnd - RcvNxt), 0);

    /// <summary>Window that the whole buffer is worth (kernel: <c>tcp_full_space</c>).</summary>
    internal int FullSpace => WinFromSpace(RcvBuf);

    /// <summary>Window that the free part of the buffer is worth (kernel: <c>tcp_space</c>).</summary>
    internal int Space => WinFromSpace(RcvBuf - RmemAlloc);

    /// <summary>First window, clamp and shift from buffer space (kernel: <c>tcp_select_initial_window</c>).</summary>
    internal static (uint Window, uint Clamp, int Wscale) SelectInitial(
        TcpSysctls sysctls, int spaceBytes, int mss, uint clamp, bool scaling)
    {
        if (clamp == 0) clamp = ushort.MaxValue << Headers.TcpOptions.MaxWindowScale;
        var space = Math.Min(clamp, (uint)Math.Max(spaceBytes, 0));
        if (space > mss) space = space / (uint)mss * (uint)mss;
        var window = sysctls.TcpWorkaroundSignedWindows ? Math.Min(space, TcpConstants.MaxSignedWindow) : space;
        var wscale = 0;
        if (scaling)
        {
            space = Math.Min(Math.Max(space, (uint)Math.Max(sysctls.TcpRmem.Max, sysctls.RmemMax)), clamp);
            wscale = Math.Clamp(BitOperations.Log2(space) - 15, 0, Headers.TcpOptions.MaxWindowScale);
        }

        return (window, Math.Min((uint)ushort.MaxValue << wscale, clamp), wscale);
    }

    /// <summary>
    /// The window to be written into a segment that leaves now (kernel: <c>tcp_select_window</c>). What was offered before is never
    /// taken back, unless <c>tcp_shrink_window</c> allows it.
    /// </summary>
    /// <param name="closed">The window became zero: header prediction ends.</param>
    internal ushort SelectWindow(out bool closed)
    {
        var old = RcvWnd;
        closed = true;
        if ((Acks.Pending & TcpAckPending.NoMemory) != 0)
        {
            (RcvWnd, RcvWup) = (0, RcvNxt);
            return 0;
        }

        var current = ReceiveWindow;
        var window = ChooseWindow();
        if (window < current && (!Sysctls.TcpShrinkWindow || RcvWscale == 0))
        {
            if (window == 0) Mib.Add(LinuxMib.TCPWantZeroWindowAdv);
            window = AlignUp(current);
        }

        (RcvWnd, RcvWup) = (window, RcvNxt);
        var most = RcvWscale == 0 && Sysctls.TcpWorkaroundSignedWindows ? TcpConstants.MaxSignedWindow : (uint)ushort.MaxValue << RcvWscale;
        var written = (ushort)(Math.Min(window, most) >> RcvWscale);
        if (written == 0 && old != 0) Mib.Add(LinuxMib.TCPToZeroWindowAdv);
        else if (written != 0 && old == 0) Mib.Add(LinuxMib.TCPFromZeroWindowAdv);
        closed = written == 0;
        return written;
    }

    /// <summary>
    /// The window that fits the free space, by whole segments, or none when little is free: silly windows are avoided (RFC 9293 section
    /// 3.8.6.2.2; kernel: <c>__tcp_select_window</c>).
    /// </summary>
    internal uint ChooseWindow()
    {
        var allowed = FullSpace;
        var full = (int)Math.Min(WindowClamp, (uint)Math.Max(allowed, 0));
        var mss = Math.Min(Acks.RcvMss, full);
        if (mss <= 0) return 0;
        var free = Space;
        var shrink = Sysctls.TcpShrinkWindow && RcvWscale > 0;
        if (shrink) free = AlignDown(free);
        if (free < full >> 1)
        {
            Acks.Quick = 0;
            if (_context.UnderMemoryPressure) RcvSsthresh = Math.Min(RcvSsthresh, 4u * (uint)AdvMss);
            free = AlignDown(free);
            if (free < allowed >> 4 || free < mss || (shrink && free < 1 << RcvWscale)) return 0;
        }

        free = (int)Math.Min((uint)Math.Max(free, 0), RcvSsthresh);
        if (RcvWscale > 0) return AlignUp((uint)free);
        var window = RcvWnd;
        if ((int)window <= free - mss || window > free) return (uint)(free / mss * mss);
        return mss == full && free > (int)window + (full >> 1) ? (uint)free : window;
    }

    /// <summary>A segment of <paramref name="length"/> bytes came: the window may grow (kernel: <c>tcp_grow_window</c>).</summary>
    internal void GrowWindow(int length, int trueSize)
    {
        var room = (int)Math.Min(WindowClamp, (uint)Math.Max(Space, 0)) - (int)RcvSsthresh;
        if (room <= 0) return;
        if (_context.UnderMemoryPressure)
        {
            RcvSsthresh = Math.Min(RcvSsthresh, 4u * (uint)AdvMss);
            return;
        }

        var increase = WinFromSpace(trueSize) <= length ? 2 * AdvMss : SlowIncrease(length, trueSize);
        if (increase == 0) return;
        RcvSsthresh += (uint)Math.Min(room, Math.Max(increase, 2 * length));
        Acks.Quick |= 1;
    }

    /// <summary>Sets the largest window (kernel: <c>tcp_set_window_clamp</c>).</summary>
    internal void SetWindowClamp(int bytes)
    {
        var clamp = (uint)Math.Max(TcpConstants.MinRcvBuf / 2, bytes);
        if (clamp == WindowClamp) return;
        var shrinks = clamp < WindowClamp;
        WindowClamp = clamp;
        RcvSsthresh = shrinks ? Math.Min(RcvSsthresh, clamp) : Math.Max(Math.Min(RcvWnd, clamp), RcvSsthresh);
    }

    private int WinFromSpace(int space) => (int)((long)space * ScalingRatio >> TcpConstants.RmemToWinScale);

    private int SpaceFromWin(long window) => (int)Math.Min((window << TcpConstants.RmemToWinScale) / ScalingRatio, int.MaxValue);

    private int SlowIncrease(int length, int trueSize)
    {
        var size = WinFromSpace(trueSize) >> 1;
        var window = WinFromSpace(Sysctls.TcpRmem.Max) >> 1;
        while (RcvSsthresh <= window)
        {
            if (size <= length) return 2 * Acks.RcvMss;
            size >>= 1;
            window >>= 1;
        }

        return 0;
    }

    private uint AlignUp(uint window) => (window + (1u << RcvWscale) - 1) & ~((1u << RcvWscale) - 1);

    private int AlignDown(int space) => space & ~((1 << RcvWscale) - 1);
}
