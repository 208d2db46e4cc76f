using System.Buffers.Binary;
using NetActors.Headers;
using NetActors.Time;

namespace NetActors.Tcp;

/// <summary>
/// Numbers that a blind attacker must not guess: initial sequence numbers (RFC 6528), offsets of time stamps (RFC 7323 section 5.4) and
/// where the search for a local port begins (RFC 6056), all by SipHash under secrets of the host (kernel: net/core/secure_seq.c).
/// Addresses and ports in host order.
/// </summary>
public sealed class SecureSequence
{
    private readonly SipHash _net;
    private readonly SipHash _timestamps;

    /// <summary>Draws the secrets (kernel: <c>net_secret</c>, <c>ts_secret</c>).</summary>
    public SecureSequence(KernelRandom random)
    {
        _net = new SipHash(random.NextUInt64(), random.NextUInt64());
        _timestamps = new SipHash(random.NextUInt64(), random.NextUInt64());
    }

    internal SecureSequence(SipHash net, SipHash timestamps) => (_net, _timestamps) = (net, timestamps);

    /// <summary>
    /// The initial sequence number of a connection: a secret place per flow plus a clock that ticks every 64 ns, so that a later
    /// incarnation of the same flow begins higher (RFC 6528 section 3; kernel: <c>secure_tcp_seq</c>, <c>seq_scale</c>).
    /// </summary>
    public uint Sequence(uint local, ushort localPort, uint remote, ushort remotePort, KernelTime now)
    {
        Span<byte> flow = stackalloc byte[12];
        BinaryPrimitives.WriteUInt32BigEndian(flow, local);
        BinaryPrimitives.WriteUInt32BigEndian(flow[4..], remote);
        BinaryPrimitives.WriteUInt16BigEndian(flow[8..], remotePort);
        BinaryPrimitives.WriteUInt16BigEndian(flow[10..], localPort);
        return (uint)_net.Compute(flow) + (uint)(now.Nanoseconds >> 6);
    }

    /// <summary>
    /// What is added to the millisecond clock in the time stamps between two hosts (kernel: <c>secure_tcp_ts_off</c>). The caller asks
    /// only with <c>tcp_timestamps</c> 1; the offset is 0 with any other value.
    /// </summary>
    public uint TimestampOffset(uint local, uint remote)
    {
        Span<byte> hosts = stackalloc byte[8];
        BinaryPrimitives.WriteUInt32BigEndian(hosts, local);
        BinaryPrimitives.WriteUInt32BigEndian(hosts[4..], remote);
        return (uint)_timestamps.Compute(hosts);
    }

    /// <summary>
    /// Where the search for a local port to a destination begins (RFC 6056 section 3.3.4; kernel: <c>secure_ipv4_port_ephemeral</c>).
    /// </summary>
    public ulong PortOffset(uint local, uint remote, ushort remotePort)
    {
        Span<byte> destination = stackalloc byte[12];
        BinaryPrimitives.WriteUInt32BigEndian(destination, local);
        BinaryPrimitives.WriteUInt32BigEndian(destination[4..], remote);
        BinaryPrimitives.WriteUInt16BigEndian(destination[8..], remotePort);
        destination[10..].Clear();
        return _net.Compute(destination);
    }
}
