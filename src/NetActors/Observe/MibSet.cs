using System.Text.Json.Serialization;

namespace NetActors.Observe;

/// <summary>
/// One CPU's share of a namespace's protocol counters (kernel: <c>struct netns_mib</c>, per CPU, so no counter needs a lock). The text
/// views print the sum over CPUs.
/// </summary>
/// <param name="shared">Real time: what connections count, several CPUs add to at once.</param>
[JsonConverter(typeof(MibSetJsonConverter))]
public sealed class MibSet(bool shared)
{
    /// <summary>Counters of one CPU, or of virtual time.</summary>
    public MibSet()
        : this(shared: false)
    {
    }

    private readonly long[] _ip = new long[Enum.GetValues<IpMib>().Length];
    private readonly long[] _icmp = new long[Enum.GetValues<IcmpMib>().Length];
    private readonly long[] _udp = new long[Enum.GetValues<UdpMib>().Length];
    private readonly long[] _tcp = new long[Enum.GetValues<TcpMib>().Length];
    private readonly long[] _ipExt = new long[Enum.GetValues<IpExtMib>().Length];
    private readonly long[] _linux = new long[Enum.GetValues<LinuxMib>().Length];
    private readonly long[] _icmpIn = new long[256];
    private readonly long[] _icmpOut = new long[256];

    /// <summary>An Ip counter.</summary>
    public long this[IpMib counter] => _ip[(int)counter];

    /// <summary>An Icmp counter.</summary>
    public long this[IcmpMib counter] => _icmp[(int)counter];

    /// <summary>A Udp counter.</summary>
    public long this[UdpMib counter] => _udp[(int)counter];

    /// <summary>A Tcp counter.</summary>
    public long this[TcpMib counter] => _tcp[(int)counter];

    /// <summary>An IpExt counter.</summary>
    public long this[IpExtMib counter] => _ipExt[(int)counter];

    /// <summary>A TcpExt counter.</summary>
    public long this[LinuxMib counter] => _linux[(int)counter];

    /// <summary>ICMP messages received by type (kernel: <c>InTypeN</c>).</summary>
    public ReadOnlySpan<long> IcmpInTypes => _icmpIn;

    /// <summary>ICMP messages sent by type (kernel: <c>OutTypeN</c>).</summary>
    public ReadOnlySpan<long> IcmpOutTypes => _icmpOut;

    /// <summary>Adds to an Ip counter (kernel: <c>IP_ADD_STATS</c>).</summary>
    public void Add(IpMib counter, long value = 1) => _ip[(int)counter] += value;

    /// <summary>Adds to an Icmp counter (kernel: <c>ICMP_INC_STATS</c>).</summary>
    public void Add(IcmpMib counter, long value = 1) => _icmp[(int)counter] += value;

    /// <summary>Adds to a Udp counter (kernel: <c>UDP_INC_STATS</c>).</summary>
    public void Add(UdpMib counter, long value = 1) => _udp[(int)counter] += value;

    /// <summary>Adds to a Tcp counter (kernel: <c>TCP_ADD_STATS</c>).</summary>
    public void Add(TcpMib counter, long value = 1)
    {
        if (shared) Interlocked.Add(ref _tcp[(int)counter], value);
        else _tcp[(int)counter] += value;
    }

    /// <summary>Adds to an IpExt counter.</summary>
    public void Add(IpExtMib counter, long value = 1) => _ipExt[(int)counter] += value;

    /// <summary>Adds to a TcpExt counter (kernel: <c>NET_INC_STATS</c>).</summary>
    public void Add(LinuxMib counter, long value = 1)
    {
        if (shared) Interlocked.Add(ref _linux[(int)counter], value);
        else _linux[(int)counter] += value;
    }

    /// <summary>Counts an ICMP message in (kernel: <c>ICMPMSGIN_INC_STATS</c>).</summary>
    public void IcmpIn(byte type) => _icmpIn[type]++;

    /// <summary>Counts an ICMP message out (kernel: <c>ICMPMSGOUT_INC_STATS</c>).</summary>
    public void IcmpOut(byte type) => _icmpOut[type]++;

    /// <summary>Adds all of <paramref name="other"/>'s counters to ours.</summary>
    public void AddAll(MibSet other)
    {
        Sum(_ip, other._ip);
        Sum(_icmp, other._icmp);
        Sum(_udp, other._udp);
        Sum(_tcp, other._tcp);
        Sum(_ipExt, other._ipExt);
        Sum(_linux, other._linux);
        Sum(_icmpIn, other._icmpIn);
        Sum(_icmpOut, other._icmpOut);
    }

    private static void Sum(long[] into, long[] from)
    {
        for (var i = 0; i < into.Length; i++) into[i] += from[i];
    }
}
