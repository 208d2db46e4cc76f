using System.Diagnostics;
using System.Globalization;
using NetActors.Links;
using NetActors.Tests.Qdisc;
using NetActors.Time;

namespace NetActors.Tests.Kernel;

/// <summary>
/// Two network namespaces of the running kernel, 10.0.0.2 and 10.0.0.1, whose packets pass our model of a wire in the machine's own time:
/// its TCP meets the same rate, delay and losses, frame by frame, as ours does in a scenario.
/// </summary>
internal sealed class KernelPair : IDisposable
{
    private const int Ethernet = 14; // which TUN has not, but the wire takes time for
    private readonly string _name;
    private readonly TunDevice[] _devices;

    public KernelPair(string name, WireSettings wire, ulong seed, string clientQdisc)
    {
        _name = name;
        Wires = [new WireModel(wire, KernelRandom.For(seed, "wire/client.eth0>server.eth0")), new WireModel(wire, KernelRandom.For(seed, "wire/server.eth0>client.eth0"))];
        Remove();
        _devices = [new TunDevice(name + "c"), new TunDevice(name + "s")];
        for (var i = 0; i < 2; i++)
        {
            var (ns, device) = (Namespace(i), name + "cs"[i]);
            TcOracleTests.Must("ip", $"netns add {ns}");
            TcOracleTests.Must("ip", $"link set {device} netns {ns}");
            TcOracleTests.Must("ip", $"-n {ns} address add 10.0.0.{2 - i}/24 dev {device}");
            TcOracleTests.Must("ip", $"-n {ns} link set {device} up mtu 1500");
            foreach (var setting in (string[])["tcp_rmem=4096 131072 6291456", "tcp_wmem=4096 16384 4194304", "tcp_no_metrics_save=1"])
                TcOracleTests.Must("ip", $"netns exec {ns} sysctl -q -w \"net.ipv4.{setting}\"");
        }

        if (clientQdisc.Length > 0) TcOracleTests.Must("tc", $"-n {Namespace(0)} qdisc replace dev {name}c root {clientQdisc}");
    }

    /// <summary>To the server, and back.</summary>
    public WireModel[] Wires { get; }

    /// <summary>How late frames arrived for want of the machine's time: on average, in seconds.</summary>
    public double MeanLateness => _arrived == 0 ? 0 : _lateNs / 1e9 / _arrived;

    private long _arrived;
    private long _lateNs;

    /// <summary>Sends in bulk from the client to the server. Answers what the receiver prints: bytes, and the sender's view of the connection.</summary>
    public Process Start(string congestion, double warmUp, double seconds)
    {
        const string Server = """
            import socket,time,sys
            l=socket.socket(); l.setsockopt(socket.SOL_SOCKET,socket.SO_REUSEADDR,1); l.bind(('10.0.0.1',5001)); l.listen()
            print('ready',flush=True)
            c,_=l.accept(); begin=time.monotonic(); total=0; first=None
            while True:
                n=len(c.recv(65536)); total+=n; at=time.monotonic()-begin
                if n==0: break
                if first is None and at>=WARM: first=(total,at)
                if at>=WARM+SECONDS: break
            print((total-first[0])/(at-first[1]),flush=True)
            """;
        const string Client = """
            import socket
            s=socket.socket(); s.setsockopt(socket.IPPROTO_TCP,socket.TCP_CONGESTION,b'CONGESTION'); s.connect(('10.0.0.1',5001))
            data=bytes(65536)
            try:
                while True: s.sendall(data)
            except OSError: pass
            """;
        var server = Python(1, Server.Replace("SECONDS", Text(seconds), StringComparison.Ordinal).Replace("WARM", Text(warmUp), StringComparison.Ordinal));
        Assert.Equal("ready", server.StandardOutput.ReadLine());
        Client_ = Python(0, Client.Replace("'CONGESTION'", $"'{congestion}'", StringComparison.Ordinal));
        return server;
    }

    private Process? Client_ { get; set; }

    /// <summary>Carries packets of several pairs until told to end; for a thread of its own.</summary>
    public static void Carry(IReadOnlyList<KernelPair> pairs, Func<bool> end)
    {
        TunDevice.GoFirst();
        var clock = Stopwatch.StartNew();
        var polls = pairs.SelectMany(p => p._devices).Select(d => new TunDevice.PollFd(d.Descriptor)).ToArray();
        var packet = new byte[2048];
        while (!end())
        {
            var next = 20_000_000L;
            foreach (var pair in pairs)
            {
                for (var from = 0; from < 2; from++)
                {
                    pair.Take(from, packet, Now());
                    pair.Deliver(from, Now());
                    var arrival = pair.Wires[from].NextArrival;
                    if (!arrival.IsNever) next = Math.Min(next, arrival.Nanoseconds - Now().Nanoseconds);
                }
            }

            if (next > 0) TunDevice.Wait(polls, next);
        }

        KernelTime Now() => KernelTime.FromNanoseconds(clock.Elapsed.Ticks * 100);
    }

    public void Dispose()
    {
        if (Client_ is { HasExited: false } client) client.Kill();
        Client_?.Dispose();
        foreach (var device in _devices) device.Dispose();
        Remove();
    }

    private void Take(int from, byte[] packet, KernelTime now)
    {
        for (int length; (length = _devices[from].Read(packet)) > 0;)
        {
            if (packet[0] >> 4 != 4) continue; // the kernel's own IPv6
            var frame = new byte[Ethernet + length];
            packet.AsSpan(0, length).CopyTo(frame.AsSpan(Ethernet));
            Wires[from].Send(new WireFrame(frame, 0, frame.Length, now), now);
        }
    }

    private void Deliver(int from, KernelTime now)
    {
        while (Wires[from].TryTake(now, out var frame))
        {
            _devices[1 - from].Write(frame.Bytes[Ethernet..]);
            _arrived++;
            _lateNs += now.Nanoseconds - frame.Arrival.Nanoseconds;
        }
    }

    private Process Python(int end, string text)
    {
        var start = new ProcessStartInfo("ip") { RedirectStandardOutput = true };
        foreach (var word in (string[])["netns", "exec", Namespace(end), "python3", "-c", text]) start.ArgumentList.Add(word);
        return Process.Start(start)!;
    }

    private string Namespace(int end) => $"netactors-{_name}{end}";

    private void Remove()
    {
        for (var i = 0; i < 2; i++) TcOracleTests.Run("ip", $"netns del {Namespace(i)}");
    }

    private static string Text(double number) => number.ToString(CultureInfo.InvariantCulture);
}
