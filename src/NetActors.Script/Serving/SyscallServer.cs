using System.Net.Sockets;

namespace NetActors.Script.Serving;

/// <summary>
/// Serves one emulated host to an outside test program over a Unix-domain socket, and ends when its connection does. Further connections
/// bring commands for the same host. Everything is done one message at a time.
/// </summary>
public sealed class SyscallServer : IDisposable
{
    private const uint CommandRole = 1;
    private readonly Lock _one = new();
    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly string _path;
    private SyscallSession? _session;

    /// <summary>Listens on <paramref name="path"/>.</summary>
    /// <exception cref="SocketException">The path cannot be bound.</exception>
    public SyscallServer(string path)
    {
        _path = path;
        _listener.Bind(new UnixDomainSocketEndPoint(path));
        _listener.Listen(8);
    }

    /// <summary>True when the script said that it ended well.</summary>
    public bool EndedWell { get; private set; }

    /// <summary>What went wrong, for the log; null when nothing did.</summary>
    public string? Fault { get; private set; }

    /// <summary>Serves until the script's connection ends, or <paramref name="cancellation"/> is asked for.</summary>
    public void Run(CancellationToken cancellation = default)
    {
        using var stop = new CancellationTokenSource();
        using var stopping = stop.Token.Register(_listener.Dispose);
        using var cancelling = cancellation.Register(stop.Cancel);
        while (!stop.IsCancellationRequested)
        {
            Socket connection;
            try
            {
                connection = _listener.Accept();
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                break;
            }

            var thread = new Thread(() => Serve(connection, stop)) { IsBackground = true, Name = "netactors/syscalls" };
            thread.Start();
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _listener.Dispose();
        _session?.Dispose();
        File.Delete(_path);
    }

    private void Serve(Socket connection, CancellationTokenSource stop)
    {
        var isScript = false;
        using (connection)
        {
            try
            {
                while (TryRead(connection, out var request))
                {
                    if (request.Op == SyscallOp.Hello) isScript |= Greet(connection, request);
                    else Handle(connection, request);
                }
            }
            catch (Exception e) when (e is SocketException or IOException or InvalidDataException or FormatException or NotSupportedException)
            {
                Fault = e.Message;
            }
        }

        if (!isScript) return;
        lock (_one) EndedWell = _session is { IsOver: true };
        stop.Cancel();
    }

    /// <summary>True for the script's own connection.</summary>
    private bool Greet(Socket connection, in SyscallMessage request)
    {
        var reader = new MessageReader(request.Payload);
        _ = reader.U32();
        _ = reader.U32();
        var role = reader.U32();
        var settings = reader.Text();
        lock (_one)
        {
            if (role != CommandRole) _session ??= new SyscallSession(settings);
            Send(connection, SyscallSession.Greet(request, _session));
        }

        return role != CommandRole;
    }

    private void Handle(Socket connection, in SyscallMessage request)
    {
        lock (_one)
        {
            if (_session is null) throw new InvalidDataException("a request before any script has said hello");
            _session.Handle(request, answer => Send(connection, answer));
        }
    }

    private static void Send(Socket connection, in SyscallMessage message)
    {
        var bytes = message.ToBytes();
        for (var sent = 0; sent < bytes.Length;) sent += connection.Send(bytes.AsSpan(sent));
    }

    private static bool TryRead(Socket connection, out SyscallMessage message)
    {
        message = default;
        var head = new byte[SyscallMessage.HeadSize];
        if (!TryFill(connection, head)) return false;
        message = SyscallMessage.Read(head, out var length);
        if (length > SyscallMessage.MostPayload) throw new InvalidDataException($"a payload of {length} bytes");
        var payload = new byte[length];
        if (!TryFill(connection, payload)) return false;
        message = message with { Payload = payload };
        return true;
    }

    private static bool TryFill(Socket connection, Span<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            var read = connection.Receive(bytes);
            if (read == 0) return false;
            bytes = bytes[read..];
        }

        return true;
    }
}
