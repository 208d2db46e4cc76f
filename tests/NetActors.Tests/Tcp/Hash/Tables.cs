using NetActors.Observe;
using NetActors.Sockets;
using NetActors.Tcp;
using NetActors.Time;

namespace NetActors.Tests.Tcp.Hash;

/// <summary>Tables of a host at 10.0.0.1 with a fixed seed, and sockets for them.</summary>
internal sealed class Tables : ITimeWaitReuse
{
    internal const uint A = 0x0A00_0001, B = 0x0A00_0002, Peer = 0x0A00_0009;

    internal Tables(ulong seed = 1, InetPortSettings? ports = null)
    {
        var random = new KernelRandom(seed);
        It = new InetHashTables(random, new SecureSequence(random), 1024);
        if (ports is not null) It.Ports = ports;
    }

    internal InetHashTables It { get; }

    internal MibSet Mib { get; } = new();

    /// <summary>What the hook answers, and what it was asked last.</summary>
    internal bool Reuses { get; set; }

    internal (TcpEndpoint Sk, TimeWaitSock TimeWait, bool PortWasBound)? Asked { get; private set; }

    public bool MayReuse(TcpEndpoint sk, TimeWaitSock timeWait, bool portWasBound)
    {
        Asked = (sk, timeWait, portWasBound);
        return Reuses;
    }

    internal static TcpEndpoint New(bool reuse = false, bool reusePort = false, int device = 0, int uid = 0) =>
        new(new object()) { ReuseAddress = reuse, ReusePort = reusePort, BoundDevice = device, Uid = uid };

    internal TcpEndpoint Bound(uint address, ushort port, bool reuse = false, bool reusePort = false, int device = 0, int uid = 0)
    {
        var sk = New(reuse, reusePort, device, uid);
        Assert.Equal(Errno.None, It.Bind(sk, address, port));
        return sk;
    }

    internal TcpEndpoint Listening(uint address, ushort port, bool reuse = false, bool reusePort = false, int device = 0, int uid = 0)
    {
        var sk = Bound(address, port, reuse, reusePort, device, uid);
        Assert.Equal(Errno.None, It.Listen(sk));
        return sk;
    }

    internal Errno Connect(TcpEndpoint sk, uint remote = Peer, ushort port = 80) => It.Connect(sk, A, remote, port, this, Mib);

    internal TcpEndpoint Connected(uint remote = Peer, ushort port = 80)
    {
        var sk = New();
        Assert.Equal(Errno.None, Connect(sk, remote, port));
        return sk;
    }

    internal TcpEndpoint Child(TcpEndpoint listener, ushort remotePort, uint local = A, uint remote = Peer)
    {
        var child = New();
        Assert.True(It.AddChild(listener, child, local, remote, remotePort));
        return child;
    }

    internal TimeWaitSock TimeWait(TcpEndpoint sk, double seconds = 60, double at = 0)
    {
        var entry = It.TimeWaits.Enter(sk, new object(), KernelTime.FromSeconds(seconds), Mib, KernelTime.FromSeconds(at));
        Assert.NotNull(entry);
        return entry;
    }

    internal TcpEndpoint? Listener(uint address, ushort port, ushort from = 1000, int device = 1, int cpu = 0) =>
        It.LookupListener(new TcpLookup(Peer, from, address, port, device, cpu));

    internal SockCommon? Find(TcpEndpoint sk, int device = 1) =>
        It.LookupEstablished(new TcpLookup(sk.RemoteAddress, sk.RemotePort, sk.LocalAddress, sk.LocalPort, device));
}
