using System.Security.Cryptography;
using NetActors.Apps.Streams;
using NetActors.Hosts;
using NetActors.Sockets;
using NetActors.Tcp;

namespace NetActors.Tests.Apps.Streams;

/// <summary>Hashes each direction of each connection at both its ends: every byte in order, exactly once, or an error was told.</summary>
internal sealed class StreamAudit
{
    private readonly Dictionary<SocketFile, End> _ends = [];
    private readonly List<End> _all = [];

    /// <summary>Listens to all programs of the hosts.</summary>
    public void Attach(SimulationPlan plan)
    {
        foreach (var program in plan.Hosts.SelectMany(h => h.Tasks).Select(t => t.Program).OfType<StreamProgram>()) program.Audit = new Ear(this);
    }

    /// <summary>Ports of servers that hang up in the middle: a client that hears their end was told that what it sent may not have been read.</summary>
    public HashSet<int> Hasty { get; } = [];

    /// <summary>Connections seen from either end.</summary>
    public int Ends => _all.Count;

    /// <summary>Streams of which both ends were seen and all bytes agreed.</summary>
    public int Whole { get; private set; }

    /// <summary>What is wrong, and how many streams were cut short by an error that one of their ends was told.</summary>
    public (IReadOnlyList<string> Faults, int Cut) Check()
    {
        var (faults, cut) = (new List<string>(), 0);
        var byName = _all.ToLookup(e => e.Name);
        foreach (var sender in _all)
        {
            var receivers = byName[sender.Peer].ToList();
            if (receivers.Count > 1 || byName[sender.Name].Count() > 1)
            {
                faults.Add($"{sender.Name}: two connections of one name");
                continue;
            }

            var receiver = receivers.FirstOrDefault();
            if (receiver is not null && receiver.Received.Length > sender.Sent.Length) faults.Add($"{sender.Name}: more came than was sent");
            if (receiver is not null && receiver.Received.Length == sender.Sent.Length)
            {
                if (receiver.Received.Digest256 == sender.Sent.Digest256) Whole++;
                else faults.Add($"{sender.Name}: {sender.Sent.Length} bytes, others came than were sent");
            }
            else if (sender.Sent.Length > 0 && (sender.HasFailed || receiver is { HasFailed: true } || (sender.HasHeardEnd && Hasty.Contains(sender.PeerPort))))
            {
                cut++;
            }
            else if (sender.Sent.Length > 0)
            {
                faults.Add($"{sender.Name}: {sender.Sent.Length} bytes sent, {receiver?.Received.Length} came, and nobody was told");
            }
        }

        return (faults, cut);
    }

    /// <summary>The end of a connection, made at the first thing that a program did with it: both initial sequence numbers tell it from others.</summary>
    private End? Of(SocketFile file, int sent, int received)
    {
        if (_ends.TryGetValue(file, out var end)) return end;
        var socket = (TcpSocket)file;
        if (socket.Block is not { } block || socket.Endpoint.RemotePort == 0) return null;
        var (local, remote) = (
            $"{socket.Endpoint.LocalAddress:x8}:{socket.Endpoint.LocalPort}", $"{socket.Endpoint.RemoteAddress:x8}:{socket.Endpoint.RemotePort}");
        var (mine, theirs) = (block.WriteSeq - (uint)sent, block.CopiedSeq - (uint)received);
        end = new End(socket.Endpoint.RemotePort, $"{local} {mine} {remote} {theirs}", $"{remote} {theirs} {local} {mine}");
        _ends.Add(file, end);
        _all.Add(end);
        return end;
    }

    private sealed class Ear(StreamAudit audit) : IStreamAudit
    {
        public void OnSent(SocketFile socket, ReadOnlySpan<byte> data) => audit.Of(socket, data.Length, 0)!.Sent.Add(data);

        public void OnReceived(SocketFile socket, ReadOnlySpan<byte> data)
        {
            if (audit.Of(socket, 0, data.Length) is not { } end) return;
            if (data.Length > 0) end.Received.Add(data);
            else end.HasHeardEnd = true;
        }

        public void OnFailed(SocketFile socket, Errno error)
        {
            if (audit.Of(socket, 0, 0) is { } end) end.HasFailed = true;
        }
    }

    private sealed class End(int peerPort, string name, string peer)
    {
        public int PeerPort { get; } = peerPort;

        public bool HasHeardEnd { get; set; }

        public string Name { get; } = name;

        public string Peer { get; } = peer;

        public Digest Sent { get; } = new();

        public Digest Received { get; } = new();

        public bool HasFailed { get; set; }
    }

    private sealed class Digest
    {
        private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

        public long Length { get; private set; }

        public string Digest256 => Convert.ToHexString(_hash.GetCurrentHash());

        public void Add(ReadOnlySpan<byte> data)
        {
            _hash.AppendData(data);
            Length += data.Length;
        }
    }
}
