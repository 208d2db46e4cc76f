using NetActors.Sockets;

namespace NetActors.Apps.Streams;

/// <summary>Hears of every byte that a program's sockets took and gave.</summary>
internal interface IStreamAudit
{
    /// <summary>The socket took these bytes.</summary>
    void OnSent(SocketFile socket, ReadOnlySpan<byte> data);

    /// <summary>The socket gave these bytes; none is the stream's end.</summary>
    void OnReceived(SocketFile socket, ReadOnlySpan<byte> data);

    /// <summary>A call on the socket failed.</summary>
    void OnFailed(SocketFile socket, Errno error);
}
