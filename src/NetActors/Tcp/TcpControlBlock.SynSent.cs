using NetActors.Headers;
using NetActors.Observe;
using NetActors.Time;

namespace NetActors.Tcp;

/// <summary>SYN_SENT (RFC 9293 section 3.10.7.3; kernel: <c>tcp_rcv_synsent_state_process</c>).</summary>
public sealed partial class TcpControlBlock
{
    private void OnSynSentSegment(in TcpInSegment segment)
    {
        if (_isDeferred)
        {
            if (segment.Has(TcpFlags.Ack) && !segment.Has(TcpFlags.Rst)) SendResetFor(segment); // nothing was sent that it could be for
            return;
        }

        if (segment.Has(TcpFlags.Ack))
        {
            OnSynSentAck(segment);
            return;
        }

        if (segment.Has(TcpFlags.Rst) || !segment.Has(TcpFlags.Syn)) return;
        OnCrossedSyn(segment);
    }

    private void OnSynSentAck(in TcpInSegment segment)
    {
        var isOurs = TcpSeq.After(segment.Acknowledgment, SndUna) && !TcpSeq.After(segment.Acknowledgment, SndNxt);
        if (!isOurs) _sender.HurrySyn(_now); // our reset of the old connection may have been lost: the SYN is to come soon behind it
        if (!isOurs || IsEchoWrong(segment))
        {
            if (!segment.Has(TcpFlags.Rst)) SendResetFor(segment); // RFC 9293: <SEQ=SEG.ACK><CTL=RST>
            return;
        }

        if (segment.Has(TcpFlags.Rst))
        {
            Reset();
            return;
        }

        if (!segment.Has(TcpFlags.Syn)) return;
        OnSynAck(segment);
    }

    /// <summary>The echoed time stamp is none that we sent in this handshake.</summary>
    private bool IsEchoWrong(in TcpInSegment segment)
    {
        if (!Sysctls.IsTimestamping || !segment.Options.Has(TcpOptionSet.Timestamps) || segment.Options.TimestampEcho == 0) return false;
        if (TcpSeq.Between(segment.Options.TimestampEcho, TimestampAt(_synSentAt), TimestampNow)) return false;
        Mib.Add(LinuxMib.PAWSActive);
        return true;
    }

    private void OnSynAck(in TcpInSegment segment)
    {
        TakeSynOptions(segment);
        NegotiateEcn(segment);
        _sender.SetWindow(segment.Window, segment.Sequence);
        TakeAck(segment, isPredicted: false);
        _receiver.Start(segment.Sequence + 1);
        if (!_windowScaling)
        {
            (_sndWscale, _receiver.RcvWscale) = (0, 0);
            _receiver.WindowClamp = Math.Min(_receiver.WindowClamp, ushort.MaxValue);
        }

        if (_timestampsOk) _receiver.AdvMss -= TcpConstants.TimestampsLength;
        SyncMss(_pmtuCookie);
        _receiver.InitRcvMss(_sender.Mss);
        FinishConnect();
        FinishFastOpen(segment);
        AckSynAck();
        OnUrgentField(segment);
        CheckSend();
    }

    /// <summary>The connection is established (kernel: <c>tcp_finish_connect</c>).</summary>
    private void FinishConnect()
    {
        SetState(TcpState.Established);
        InitTransfer();
        StartClocks();
        _isPredicting = _sndWscale == 0; // the SYN-ACK's window was not scaled: the next ACK shows it
        _effects |= TcpEffects.Established | TcpEffects.Writable;
    }

    /// <summary>At once, or with data that is about to come.</summary>
    private void AckSynAck()
    {
        if (!HasUnsent && Options.DeferAccept == KernelTime.Zero && !_acks.IsPingpong(Sysctls))
        {
            SendAckOfSyn();
            return;
        }

        _acks.Schedule();
        _acks.EnterQuick(_receiver.RcvWnd, TcpConstants.MaxQuickAcks);
        _acks.Pending |= TcpAckPending.Timer;
        _acks.Timeout = _now + TcpConstants.DelackMax;
    }

    /// <summary>Both ends connect to each other (RFC 9293 figure 7): SYN_RECV.</summary>
    private void OnCrossedSyn(in TcpInSegment segment)
    {
        if (_timestampsOk && segment.Options.Has(TcpOptionSet.Timestamps) && !IsPawsGood(segment.Options.TimestampValue, window: 0)) return;
        TakeSynOptions(segment);
        _isSimultaneous = true;
        _receiver.Start(segment.Sequence + 1);
        _sender.SetWindow(segment.Window, segment.Sequence);
        NegotiateCrossedEcn(segment);
        SetState(TcpState.SynRecv);
        InitMtuProbing();
        SyncMss(_pmtuCookie);
        _receiver.InitRcvMss(_sender.Mss);
        TransmitSyn(SndUna, SynAckFlags, isRetransmission: false); // tcp_send_synack
    }

    private TcpFlags SynAckFlags => TcpFlags.Syn | TcpFlags.Ack |
        (Accurate is { IsOn: true } accurate ? TcpAccurateEcn.Reflect(accurate.SynMark) : _sender.EcnEnabled ? TcpFlags.Ece : 0);

    /// <summary>What both sides know of each other (kernel: <c>tcp_parse_options</c> on what we offered).</summary>
    private void TakeSynOptions(in TcpInSegment segment)
    {
        var options = segment.Options;
        _mssClamp = options.Has(TcpOptionSet.Mss) ? ClampMss(options.Mss) : ClampMss(TcpConstants.MssDefault);
        _windowScaling = Sysctls.TcpWindowScaling && options.Has(TcpOptionSet.WindowScale);
        _sndWscale = _windowScaling ? options.WindowScale : 0;
        _sender.SackEnabled = _receiver.SackOk = Sysctls.TcpSack && options.Has(TcpOptionSet.SackPermitted);
        if (Sysctls.IsTimestamping && options.Has(TcpOptionSet.Timestamps)) UseTimestamps(options.TimestampValue);
        else _headerLength = TcpHeader.Size;
    }
}
