using NetActors.Ip;

namespace NetActors.Udp;

/// <summary>
/// A datagram that several calls put together, UDP_CORK or MSG_MORE (kernel: <c>struct inet_cork</c>, <c>ip_append_data</c>). Where it goes was
/// decided by the first of them.
/// </summary>
internal sealed class UdpCork
{
    private byte[] _bytes = [];

    /// <summary>Something waits (kernel: <c>up-&gt;pending</c>).</summary>
    public bool IsPending { get; private set; }

    /// <summary>Payload bytes that wait.</summary>
    public int Length { get; private set; }

    /// <summary>Where it goes.</summary>
    public Route Route { get; private set; }

    /// <summary>What its first message wanted.</summary>
    public IpCookie Cookie { get; private set; }

    /// <summary>Local port.</summary>
    public ushort SourcePort { get; private set; }

    /// <summary>Peer's port.</summary>
    public ushort Port { get; private set; }

    /// <summary>Sends with MSG_ZEROCOPY in it.</summary>
    public uint ZeroCopies { get; private set; }

    /// <summary>Number of the first of them.</summary>
    public uint FirstKey { get; private set; }

    /// <summary>A send with MSG_ZEROCOPY has added to it.</summary>
    public void AddZeroCopy(uint key)
    {
        if (ZeroCopies++ == 0) FirstKey = key;
    }

    /// <summary>The payload.</summary>
    public ReadOnlySpan<byte> Payload => _bytes.AsSpan(0, Length);

    /// <summary>Begins a datagram.</summary>
    public void Begin(in Route route, in IpCookie cookie, ushort sourcePort, ushort port)
    {
        (Route, Cookie, SourcePort, Port) = (route, cookie, sourcePort, port);
        (IsPending, Length, ZeroCopies) = (true, 0, 0);
    }

    /// <summary>Adds bytes; the caller has checked that they fit.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        var needed = Length + bytes.Length;
        if (needed > _bytes.Length) Array.Resize(ref _bytes, Math.Max(needed, Math.Min(2 * _bytes.Length, UdpOutput.MaxDatagram)));
        bytes.CopyTo(_bytes.AsSpan(Length));
        Length = needed;
    }

    /// <summary>Nothing waits any more (kernel: <c>udp_flush_pending_frames</c>).</summary>
    public void Clear()
    {
        (IsPending, Length) = (false, 0);
        if (_bytes.Length > 4096) _bytes = [];
    }
}
