using NetActors.Sockets;
using NetActors.Tcp;
using NetActors.Tests.Tcp.Listen;

namespace NetActors.Tests.Tcp.Sysctls;

/// <summary>Connections and listeners made from a host's settings.</summary>
internal static class SysctlScenes
{
    public static readonly TcpPath NoOffload = new() { GsoMaxSize = 0 };

    public static TcpHost With(this TcpHost host, string name, string value)
    {
        Assert.Equal(Errno.None, TcpSysctlTable.Set(host, "net.ipv4." + name, value));
        return host;
    }

    public static TcpPeer Closed(this TcpHost host, TcpSocketOptions? options = null, TcpPath? path = null) =>
        TcpSocks.Closed(host.Sysctls, options, path, host.SenderSettings);

    public static TcpPeer SynSent(this TcpHost host) => host.Closed().Connect();

    public static TcpOutSegment Syn(this TcpHost host) => host.SynSent().Next();

    public static TcpPeer Open(
        this TcpHost host, string synOptions = "mss 1000,sackOK,wscale 7", TcpSocketOptions? options = null, TcpPath? path = null, string ackOptions = "",
        double rttMs = 100)
    {
        var peer = TcpSocks.SynRecv(host.Sysctls, options, synOptions, 20_000, path ?? NoOffload, host.SenderSettings).Wait(rttMs);
        return peer.Says(". 1:1(0) ack 1 win 1000" + (ackOptions.Length > 0 ? $" <{ackOptions}>" : ""));
    }

    public static Listeners Listen(this TcpHost host, int backlog = 5, Action<TcpListenerCore>? options = null) => new(backlog, host.Sysctls, options: options);

    /// <summary>Forgets what was sent.</summary>
    public static TcpPeer Past(this TcpPeer peer)
    {
        while (peer.Pending > 0) peer.Next();
        return peer;
    }

    /// <summary>Waits for the next deadline.</summary>
    public static TcpPeer Tick(this TcpPeer peer) => peer.Wait(Math.Ceiling((peer.Sock.Deadline - peer.Now).Nanoseconds / 1e3) / 1e3);

    /// <summary>Seconds, to the millisecond, until the connection is closed.</summary>
    public static double Life(this TcpPeer peer)
    {
        var from = peer.Now;
        for (var i = 0; i < 1000 && peer.Sock.State != TcpState.Close; i++) peer.Tick();
        return Math.Round((peer.Now - from).Seconds, 3);
    }
}
