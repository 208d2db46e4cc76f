using NetActors.Headers;
using NetActors.Observe;
using NetActors.Tcp;
using NetActors.Time;

namespace NetActors.Tests.Tcp;

/// <summary>Makes connections in each state.</summary>
internal static class TcpSocks
{
    /// <summary>The settings of the conformance scripts (base.sh).</summary>
    public static readonly TcpSysctls Sysctls = new()
    {
        TcpTimestamps = 0,
        TcpEcn = 0,
        TcpFastopen = 0,
        TcpSlowStartAfterIdle = false,
        TcpCongestionControl = "reno",
    };

    public static TcpPeer Closed(TcpSysctls? sysctls = null, TcpSocketOptions? options = null, TcpPath? path = null, TcpSenderSettings? sender = null)
    {
        var settings = sysctls ?? Sysctls;
        var context = new TcpContext(settings, new MibSet(), new TcpChunkPool(), new KernelRandom(1));
        sender ??= TcpSenderSettings.Default with
        {
            SlowStartAfterIdle = settings.TcpSlowStartAfterIdle,
            SynLinearTimeouts = settings.TcpSynLinearTimeouts,
            Jiffies = Jiffies.Exact,
        };
        Assert.Equal(default, CongestionControls.TryCreate(settings.TcpCongestionControl, context.Random, out var congestion));
        var half = new TcpSender(sender, congestion!, context.Mib);
        return new TcpPeer(new TcpControlBlock(context, options ?? new TcpSocketOptions(), path ?? new TcpPath(), half), context);
    }

    public static TcpPeer SynSent(TcpSysctls? sysctls = null, TcpSocketOptions? options = null) => Closed(sysctls, options).Connect();

    /// <summary>An accepted connection whose SYN-ACK left, and the SYN said <paramref name="options"/>.</summary>
    public static TcpPeer SynRecv(
        TcpSysctls? sysctls = null, TcpSocketOptions? options = null, string synOptions = "mss 1000", int synWindow = 20000, TcpPath? path = null,
        TcpSenderSettings? sender = null, bool ecn = false, bool fastOpen = false)
    {
        var peer = Closed(sysctls, options, path, sender);
        var syn = TcpLine.ParseOptions(synOptions);
        var settings = peer.Context.Sysctls;
        var wscale = settings.TcpWindowScaling && syn.Has(TcpOptionSet.WindowScale);
        var stamps = settings.IsTimestamping && syn.Has(TcpOptionSet.Timestamps);
        var mss = Math.Min(peer.Sock.Path.EffectiveAdvMss, peer.Sock.Options.MaxSeg > 0 ? peer.Sock.Options.MaxSeg : int.MaxValue);
        var (window, clamp, shift) = TcpReceiver.SelectInitial(settings, peer.Sock.RcvBuf / 2, mss - (stamps ? 12 : 0), 0, wscale);
        peer.Sock.Accept(
            new TcpHandshake
            {
                Isn = TcpPeer.OurIsn,
                PeerIsn = TcpPeer.TheirIsn,
                PeerMss = syn.Has(TcpOptionSet.Mss) ? syn.Mss : 0,
                PeerWindow = synWindow,
                WindowScaling = wscale,
                SndWscale = syn.WindowScale,
                RcvWscale = shift,
                SackOk = settings.TcpSack && syn.Has(TcpOptionSet.SackPermitted),
                TimestampsOk = stamps,
                TsRecent = syn.TimestampValue,
                TsOffset = peer.TsOffset,
                RcvWnd = window,
                WindowClamp = clamp,
                EcnOk = ecn,
                SynAckSentAt = peer.Now,
                IsFastOpen = fastOpen,
            },
            peer.Now);
        return peer;
    }

    /// <summary>The same after the third segment of the handshake, a round trip of 100 ms later.</summary>
    public static TcpPeer Established(
        TcpSysctls? sysctls = null, TcpSocketOptions? options = null, string synOptions = "mss 1000", int synWindow = 20000, int ackWindow = 20000,
        TcpPath? path = null, TcpSenderSettings? sender = null, bool ecn = false, string ackOptions = "")
    {
        var peer = SynRecv(sysctls, options, synOptions, synWindow, path, sender, ecn).Wait(100);
        return peer.Says($". 1:1(0) ack 1 win {ackWindow}" + (ackOptions.Length > 0 ? $" <{ackOptions}>" : "")).IsIn(TcpState.Established).SeesNothing();
    }

    public static TcpPeer FinWait1() => Established().Shuts().Sees("F. 1:1(0) ack 1").IsIn(TcpState.FinWait1);

    public static TcpPeer FinWait2() => FinWait1().Wait(100).Says(". 1:1(0) ack 2 win 20000").SeesNothing().IsIn(TcpState.FinWait2);

    public static TcpPeer Closing() => FinWait1().Wait(100).Says("F. 1:1(0) ack 1 win 20000").Sees(". 2:2(0) ack 2").IsIn(TcpState.Closing);

    public static TcpPeer CloseWait() => Established().Wait(100).Says("F. 1:1(0) ack 1 win 20000").IsIn(TcpState.CloseWait);

    public static TcpPeer LastAck() => CloseWait().SeesWithin(0, 50, ". 1:1(0) ack 2").Shuts().Sees("F. 1:1(0) ack 2").IsIn(TcpState.LastAck);
}
