using System.Buffers.Binary;
using NetActors.Headers;
using NetActors.Time;

namespace NetActors.Tcp;

/// <summary>
/// Sequence numbers that keep a half-open connection at the peer instead of here (kernel: net/ipv4/syncookies.c). A cookie holds the
/// minute and one of four MSS values under two secrets; the other options wait in the low bits of our time stamp.
/// </summary>
public sealed class SynCookies
{
    /// <summary>How long a cookie is good, from the last overflow on (<c>TCP_SYNCOOKIE_VALID</c>).</summary>
    public static readonly KernelTime Valid = KernelTime.FromSeconds(120);

    private const long PeriodNanoseconds = 60_000_000_000; // TCP_SYNCOOKIE_PERIOD
    private const uint MaxAge = 2; // MAX_SYNCOOKIE_AGE, in periods
    private const int CookieBits = 24;
    private const uint CookieMask = (1u << CookieBits) - 1;

    private readonly SipHash _first;
    private readonly SipHash _second;

    /// <summary>Draws the secrets (kernel: <c>syncookie_secret</c>).</summary>
    public SynCookies(KernelRandom random)
    {
        _first = new SipHash(random.NextUInt64(), random.NextUInt64());
        _second = new SipHash(random.NextUInt64(), random.NextUInt64());
    }

    internal SynCookies(SipHash first, SipHash second) => (_first, _second) = (first, second);

    private static ReadOnlySpan<ushort> MssTable => [536, 1300, 1440, 1460];

    /// <summary>
    /// The sequence number to answer a SYN with (kernel: <c>__cookie_v4_init_sequence</c>).
    /// </summary>
    /// <param name="syn">The SYN.</param>
    /// <param name="mss">What the peer said; rounded down to what the cookie can hold.</param>
    /// <param name="now">The time.</param>
    public uint Generate(in ListenSegment syn, ref ushort mss, KernelTime now)
    {
        var index = MssTable.Length - 1;
        while (index > 0 && mss < MssTable[index]) index--;
        mss = MssTable[index];
        var count = Count(now);
        return Hash(_first, syn, 0) + syn.Sequence + (count << CookieBits) + ((Hash(_second, syn, count) + (uint)index) & CookieMask);
    }

    /// <summary>
    /// The MSS in the cookie that an ACK brings back; 0 for one that is not ours or too old (kernel: <c>__cookie_v4_check</c>).
    /// </summary>
    public ushort Check(in ListenSegment ack, KernelTime now)
    {
        var cookie = ack.Acknowledgment - 1 - (Hash(_first, ack, 0) + (ack.Sequence - 1));
        var count = Count(now);
        var age = (count - (cookie >> CookieBits)) & (uint.MaxValue >> CookieBits);
        if (age >= MaxAge) return 0;
        var index = (cookie - Hash(_second, ack, count - age)) & CookieMask;
        return index < (uint)MssTable.Length ? MssTable[(int)index] : (ushort)0;
    }

    private static uint Count(KernelTime now) => (uint)(now.Nanoseconds / PeriodNanoseconds); // tcp_cookie_time

    /// <summary>Kernel: <c>cookie_hash</c>, over the peer's side as source.</summary>
    private static uint Hash(in SipHash secret, in ListenSegment segment, uint count)
    {
        Span<byte> flow = stackalloc byte[16];
        BinaryPrimitives.WriteUInt32BigEndian(flow, segment.Source);
        BinaryPrimitives.WriteUInt32BigEndian(flow[4..], segment.Destination);
        BinaryPrimitives.WriteUInt16BigEndian(flow[8..], segment.DestinationPort);
        BinaryPrimitives.WriteUInt16BigEndian(flow[10..], segment.SourcePort);
        BinaryPrimitives.WriteUInt32LittleEndian(flow[12..], count);
        return (uint)secret.Compute(flow);
    }
}
