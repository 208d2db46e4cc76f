using NetActors.Headers;
using NetActors.Observe;
using NetActors.Time;

namespace NetActors.Tcp;

/// <summary>A closed window is probed (RFC 9293 section 3.8.6.1; kernel: <c>tcp_probe_timer</c>, <c>tcp_send_probe0</c>).</summary>
public sealed partial class TcpControlBlock
{
    private KernelTime _probeAt = KernelTime.Never;
    private KernelTime _probesSince = KernelTime.Never; // icsk_probes_tstamp
    private int _probesOut; // icsk_probes_out: of window and keepalive
    private KernelTime _wakeUpSince = KernelTime.Never; // the two before, when data went in place of a probe
    private int _wakeUpProbes;
    private int _probeBackoff; // icsk_backoff while the window is probed

    private KernelTime ProbeBase => KernelTime.Max(_sender.Rtt.Rto, Sysctls.TcpRtoMin);

    /// <summary>Waits for the window, unless something is out that will tell (kernel: <c>tcp_check_probe_timer</c>).</summary>
    private void CheckProbeTimer()
    {
        if (_sender.PacketsOut == 0 && _probeAt.IsNever) _probeAt = _now + KernelTime.Min(ProbeBase, Sysctls.TcpRtoMax);
    }

    /// <summary>
    /// An ACK came: either the window is open enough for what waits, or the pause begins anew (kernel: <c>tcp_ack_probe</c>).
    /// </summary>
    private void OnProbeAnswered()
    {
        _ = _sendBuffer.TryHead(SndNxt, out var end, out _, out _);
        if (!HasUnsent || _sender.PacketsOut > 0 || !TcpSeq.After(end, _sender.WindowEnd)) StopProbing();
        else _probeAt = _now + ClampToUserTimeout(ProbeWait);
    }

    private KernelTime ProbeWait
    {
        get
        {
            var most = System.Numerics.BitOperations.Log2((ulong)(Sysctls.TcpRtoMax.Nanoseconds / Sysctls.TcpRtoMin.Nanoseconds)) + 1;
            return KernelTime.Min(ProbeBase * (1L << Math.Min(_probeBackoff, most)), Sysctls.TcpRtoMax);
        }
    }

    private void StopProbing() => (_probeAt, _probesSince, _probeBackoff) = (KernelTime.Never, KernelTime.Never, 0);

    private void OnProbeTimer()
    {
        _probeAt = KernelTime.Never;
        if (_sender.PacketsOut > 0 || !HasUnsent)
        {
            _probesOut = 0;
            _probesSince = KernelTime.Never;
            return;
        }

        var since = _probesSince;
        if (since.IsNever) _probesSince = _now;
        else if (Options.UserTimeout > KernelTime.Zero && _now - since >= Options.UserTimeout)
        {
            WriteError();
            return;
        }

        var most = Sysctls.TcpRetries2;
        if (IsOrphan)
        {
            var alive = ProbeWait < Sysctls.TcpRtoMax;
            most = OrphanRetries(alive);
            if (!alive && _probeBackoff >= most)
            {
                WriteError();
                return;
            }

            if (IsOutOfResources(doReset: true)) return;
        }

        if (_probesOut >= most) WriteError();
        else SendWindowProbe();
    }

    private void SendWindowProbe()
    {
        (_wakeUpSince, _wakeUpProbes) = (_probesSince, _probesOut); // should the host not let it go
        WriteWakeup(LinuxMib.TCPWinProbe);
        if (_sender.PacketsOut > 0 || !HasUnsent)
        {
            _probesOut = 0;
            StopProbing();
            return;
        }

        _probesOut++;
        if (_probeBackoff < Sysctls.TcpRetries2) _probeBackoff++;
        _probeAt = _now + ClampToUserTimeout(ProbeWait);
    }

    /// <summary>Sends what the window lets, else a byte that was acknowledged long ago (kernel: <c>tcp_write_wakeup</c>).</summary>
    private void WriteWakeup(LinuxMib counter)
    {
        var room = (int)(_sender.WindowEnd - SndNxt);
        if (_sendBuffer.TryHead(SndNxt, out var end, out _, out _) && room > 0)
        {
            var length = Math.Min(Math.Min((int)(end - SndNxt), room), CurrentMss());
            var seq = SndNxt;
            Transmit(seq, length, TcpFlags.Ack | TcpFlags.Psh, 0, isRetransmission: false);
            _sender.OnSent(seq, seq + (uint)length, TcpFlags.Ack | TcpFlags.Psh, _now);
            return;
        }

        if (TcpSeq.Between(_sndUp, SndUna + 1, SndUna + 0xFFFF)) SendProbe(SndUna, counter);
        SendProbe(SndUna - 1, counter);
    }

    private void SendProbe(uint seq, LinuxMib counter)
    {
        Mib.Add(counter);
        Transmit(seq, 0, TcpFlags.Ack, 0, isRetransmission: false);
    }

    /// <summary>A probe comes no later than the user's patience ends (kernel: <c>tcp_clamp_probe0_to_user_timeout</c>).</summary>
    private KernelTime ClampToUserTimeout(KernelTime wait)
    {
        if (Options.UserTimeout == KernelTime.Zero || _probesSince.IsNever) return wait;
        var left = Options.UserTimeout - (_now - _probesSince);
        return KernelTime.Min(KernelTime.Max(left, KernelTime.FromMilliseconds(2)), wait);
    }
}
