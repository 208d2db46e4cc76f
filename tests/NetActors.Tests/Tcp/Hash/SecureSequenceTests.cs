using System.Buffers.Binary;
using NetActors.Headers;
using NetActors.Tcp;
using NetActors.Time;

namespace NetActors.Tests.Tcp.Hash;

/// <summary>RFC 6528 and the kernel's net/core/secure_seq.c.</summary>
public class SecureSequenceTests
{
    private const uint Local = 0xC0A8_0001, Remote = 0xC000_0201;
    private static readonly SipHash Net = new(0x0706_0504_0302_0100, 0x0F0E_0D0C_0B0A_0908);
    private readonly SecureSequence _secure = new(Net, new SipHash(5, 6));

    /// <summary>
    /// On x86 siphash_3u32(saddr, daddr, sport &lt;&lt; 16 | dport) hashes 12 bytes in memory order: both addresses as on the wire, then
    /// the destination port and the source port as on the wire.
    /// </summary>
    [Fact]
    public void A_number_is_the_kernels_hash_of_the_flow_plus_a_64_ns_clock()
    {
        var hash = (uint)Net.Compute(Convert.FromHexString("c0a80001c0000201" + "1f90" + "0050"));
        Assert.Equal(hash, _secure.Sequence(Local, 80, Remote, 8080, KernelTime.Zero));
        Assert.Equal(hash, _secure.Sequence(Local, 80, Remote, 8080, KernelTime.FromNanoseconds(63)));
        Assert.Equal(hash + 1, _secure.Sequence(Local, 80, Remote, 8080, KernelTime.FromNanoseconds(64)));
        Assert.Equal(hash + 15_625_000, _secure.Sequence(Local, 80, Remote, 8080, KernelTime.FromSeconds(1)));
    }

    [Fact]
    public void Each_part_of_a_flow_and_each_secret_moves_the_number()
    {
        var now = KernelTime.FromSeconds(3);
        uint[] numbers =
        [
            _secure.Sequence(Local, 80, Remote, 8080, now), _secure.Sequence(Local + 1, 80, Remote, 8080, now),
            _secure.Sequence(Local, 81, Remote, 8080, now), _secure.Sequence(Local, 80, Remote + 1, 8080, now),
            _secure.Sequence(Local, 80, Remote, 8081, now), _secure.Sequence(Remote, 8080, Local, 80, now),
            new SecureSequence(new KernelRandom(1)).Sequence(Local, 80, Remote, 8080, now),
            new SecureSequence(new KernelRandom(2)).Sequence(Local, 80, Remote, 8080, now),
        ];
        Assert.Equal(numbers.Length, numbers.Distinct().Count());
    }

    [Fact]
    public void A_time_stamp_offset_depends_on_both_hosts_only()
    {
        Span<byte> hosts = stackalloc byte[8];
        BinaryPrimitives.WriteUInt32BigEndian(hosts, Local);
        BinaryPrimitives.WriteUInt32BigEndian(hosts[4..], Remote);
        Assert.Equal((uint)new SipHash(5, 6).Compute(hosts), _secure.TimestampOffset(Local, Remote)); // siphash_2u32
        Assert.NotEqual(_secure.TimestampOffset(Local, Remote), _secure.TimestampOffset(Remote, Local));
    }

    /// <summary>siphash_3u32(saddr, daddr, (u16)dport): a flow with source port 0, which no connection has.</summary>
    [Fact]
    public void The_begin_of_the_port_search_depends_on_the_destination()
    {
        Assert.Equal(Net.Compute(Convert.FromHexString("c0a80001c0000201" + "0050" + "0000")), _secure.PortOffset(Local, Remote, 80));
        Assert.NotEqual(_secure.PortOffset(Local, Remote, 80), _secure.PortOffset(Local, Remote, 81));
    }
}
