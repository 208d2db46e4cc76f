using NetActors.Time;

namespace NetActors.Tcp;

/// <summary>
/// Dynamic right-sizing (kernel: <c>tcp_rcv_space_adjust</c>): the buffer follows what the application reads in a round trip.
/// </summary>
internal sealed partial class TcpReceiver
{
    private KernelTime _rttTime = KernelTime.Never; // rcv_rtt_est.time
    private uint _rttSeq; // rcv_rtt_est.seq
    private uint _spaceSeq; // rcvq_space.seq
    private KernelTime _spaceTime; // rcvq_space.time

    /// <summary>Bytes read in the best round trip so far (<c>rcvq_space.space</c>).</summary>
    internal uint SpacePerRtt { get; private set; }

    /// <summary>The round trip as the receiver sees it, in eighths of a microsecond (<c>rcv_rtt_est.rtt_us</c>).</summary>
    internal uint RttUs8 { get; private set; }

    /// <summary>The connection is established: sets clamp and first measurements (kernel: <c>tcp_init_buffer_space</c>).</summary>
    internal void InitBufferSpace(KernelTime now)
    {
        (_spaceTime, _spaceSeq) = (now, CopiedSeq);
        var most = (uint)Math.Max(FullSpace, 0);
        var mss = (uint)AdvMss;
        if (WindowClamp >= most)
        {
            WindowClamp = most;
            if (Sysctls.TcpAppWin > 0 && most > 4 * mss) WindowClamp = Math.Max(most - (most >> Sysctls.TcpAppWin), 4 * mss);
        }

        if (Sysctls.TcpAppWin > 0 && WindowClamp > 2 * mss && WindowClamp + mss > most)
        {
            WindowClamp = Math.Max(2 * mss, most - mss); // one segment is kept free
        }

        RcvSsthresh = Math.Min(RcvSsthresh, WindowClamp);
        SpacePerRtt = Math.Min(Math.Min(RcvSsthresh, RcvWnd), TcpConstants.InitCwnd * mss);
    }

    /// <summary>Guesses the peer's segment size low: more is easily seen later (kernel: <c>tcp_initialize_rcv_mss</c>).</summary>
    internal void InitRcvMss(int sendMss)
    {
        var hint = Math.Min(AdvMss, sendMss);
        hint = (int)Math.Min((uint)hint, RcvWnd / 2);
        Acks.RcvMss = Math.Max(Math.Min(hint, TcpConstants.MssDefault), TcpConstants.MinMss);
    }

    /// <summary>Measures a round trip as a window of data (kernel: <c>tcp_rcv_rtt_measure</c>).</summary>
    internal void MeasureRtt(KernelTime now)
    {
        if (!_rttTime.IsNever)
        {
            if (TcpSeq.Before(RcvNxt, _rttSeq)) return;
            UpdateRtt(Math.Max((now - _rttTime).Microseconds, 1), isWindow: true);
        }

        (_rttSeq, _rttTime) = (RcvNxt + RcvWnd, now);
    }

    /// <summary>
    /// Measures a round trip of <paramref name="milliseconds"/> by an echoed time stamp (kernel: <c>tcp_rcv_rtt_measure_ts</c>).
    /// </summary>
    internal void MeasureRttByTimestamp(uint milliseconds)
    {
        if (milliseconds < 1_000_000) UpdateRtt(Math.Max(milliseconds, 1) * 1000L, isWindow: false);
    }

    /// <summary>The application has read: once a round trip, the buffer may grow (kernel: <c>tcp_rcv_space_adjust</c>).</summary>
    internal void AdjustSpace(KernelTime now)
    {
        if (RttUs8 == 0 || (now - _spaceTime).Microseconds < RttUs8 >> 3) return;
        var copied = (int)(CopiedSeq - _spaceSeq) - (int)Unread;
        if (copied > (int)SpacePerRtt) GrowBuffer((uint)copied);
        (_spaceSeq, _spaceTime) = (CopiedSeq, now);
    }

    /// <summary>Makes the buffer fit <paramref name="perRtt"/> bytes read in a round trip (kernel: <c>tcp_rcvbuf_grow</c>).</summary>
    internal void GrowBuffer(uint perRtt)
    {
        var old = Math.Max(SpacePerRtt, 1u);
        SpacePerRtt = perRtt;
        if (!Sysctls.TcpModerateRcvbuf || IsRcvBufLocked) return;
        var window = (long)perRtt << 1; // the measure is always one round trip late
        window += window * (perRtt - old) / old << 1; // slow start doubles
        window += HighestSeq - RcvNxt;
        var buffer = (int)Math.Min(SpaceFromWin(Math.Min(window, uint.MaxValue)), Sysctls.TcpRmem.Max);
        if (buffer <= RcvBuf) return;
        RcvBuf = buffer;
        WindowClamp = (uint)WinFromSpace(buffer);
    }

    /// <summary>The application waits for so much: the buffer must hold it (kernel: <c>tcp_set_rcvlowat</c>).</summary>
    internal void MakeRoomFor(int bytes)
    {
        if (IsRcvBufLocked || SpaceFromWin(bytes) <= RcvBuf) return;
        RcvBuf = SpaceFromWin(bytes);
        WindowClamp = Math.Max(WindowClamp, (uint)bytes);
    }

    /// <summary>Learns what a segment's truesize is worth (kernel: the ratio part of <c>tcp_measure_rcv_mss</c>).</summary>
    internal void LearnRatio(int length, int trueSize)
    {
        var ratio = (byte)Math.Clamp(((long)length << TcpConstants.RmemToWinScale) / Math.Max(trueSize, 1), 1, byte.MaxValue);
        if (ratio == ScalingRatio) return;
        ScalingRatio = ratio;
        SetWindowClamp(WinFromSpace(RcvBuf));
        SpacePerRtt = Math.Min(SpacePerRtt, WindowClamp);
    }

    private void UpdateRtt(long sampleUs, bool isWindow)
    {
        var sample = Math.Min(sampleUs, uint.MaxValue >> 3);
        if (RttUs8 == 0) RttUs8 = (uint)(sample << 3);
        else if (!isWindow) RttUs8 = (uint)(RttUs8 + sample - (RttUs8 >> 3));
        else if (sample << 3 < RttUs8) RttUs8 = (uint)(sample << 3); // by windows only the least counts
    }
}
