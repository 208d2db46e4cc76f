using NetActors.Buffers;
using NetActors.Headers;
using NetActors.Ip;
using NetActors.Observe;
using NetActors.Sockets;
using NetActors.Udp;
using static NetActors.Tests.Ip.TestNet;

namespace NetActors.Tests.Udp;

public sealed class UdpReceiveTests : IDisposable
{
    private readonly SkbPool _pool = new(2048, 8);
    private readonly MibSet _mib = new();
    private SkBuff? _skb;

    public void Dispose()
    {
        _skb?.Free(SkbDropReason.CONSUMED);
        Assert.Equal(0, _pool.Outstanding);
    }

    [Fact]
    public void A_good_datagram_fills_in_its_ports()
    {
        Assert.Equal(SkbDropReason.NOT_DROPPED_YET, Check(16, _ => { }));
        Assert.Equal(((ushort)1000, (ushort)53, 16), (_skb!.Cb.SourcePort, _skb.Cb.DestinationPort, _skb.Cb.PayloadLength));
        Assert.Equal(new UdpLookup(Addr(Peer), 1000, Addr(Me), 53, 2, 1), UdpReceive.KeyOf(_skb, 1));
    }

    [Fact]
    public void A_datagram_without_a_whole_header_has_no_reason()
    {
        Assert.Equal(SkbDropReason.NOT_SPECIFIED, Check(16, skb => skb.Trim(7)));
        Assert.Equal(1, _mib[UdpMib.InErrors]);
    }

    [Theory]
    [InlineData(7)]
    [InlineData(25)]
    public void A_length_that_does_not_fit_is_too_small(ushort length)
    {
        Assert.Equal(SkbDropReason.PKT_TOO_SMALL, Check(16, skb => Udp(skb).Length = length));
        Assert.Equal((1L, 0L), (_mib[UdpMib.InErrors], _mib[UdpMib.InCsumErrors]));
    }

    [Fact]
    public void Bytes_behind_the_length_are_cut_off()
    {
        Assert.Equal(SkbDropReason.NOT_DROPPED_YET, Check(16, skb =>
        {
            Udp(skb).Length = 12;
            Udp(skb).FillChecksum(Addr(Peer), Addr(Me));
        }));
        Assert.Equal((12, 4), (_skb!.Length, _skb.Cb.PayloadLength));
    }

    [Theory]
    [InlineData(68, SkbDropReason.UDP_CSUM)] // 76 bytes with the header: verified at once
    [InlineData(69, SkbDropReason.NOT_DROPPED_YET)] // verified while it is copied
    public void A_wrong_checksum_shows_at_once_on_short_datagrams(int payload, SkbDropReason reason)
    {
        Assert.Equal(reason, Check(payload, skb => skb.Data[10] ^= 1));
        Assert.Equal(reason == SkbDropReason.UDP_CSUM ? 1 : 0, _mib[UdpMib.InCsumErrors]);
        Assert.Equal(_mib[UdpMib.InCsumErrors], _mib[UdpMib.InErrors]);
    }

    [Fact]
    public void A_wrong_checksum_of_a_long_datagram_shows_when_it_is_read()
    {
        Check(500, skb => skb.Data[10] ^= 1);
        var buffer = Buffer();
        Assert.Equal(SkbDropReason.NOT_DROPPED_YET, UdpReceive.Enqueue(_skb!, buffer, _mib));
        Assert.Equal(SkbDropReason.UDP_CSUM, UdpReceive.Receive(_skb!, buffer, _mib));
        Assert.Equal((1L, 1L, 0L), (_mib[UdpMib.InCsumErrors], _mib[UdpMib.InErrors], _mib[UdpMib.InDatagrams]));
        Assert.Equal((0, 1L), (buffer.RmemAlloc, buffer.Drops));
    }

    [Theory]
    [InlineData(ChecksumState.Unnecessary)]
    [InlineData(ChecksumState.Partial)]
    public void A_checksum_that_the_device_vouches_for_is_not_looked_at(ChecksumState state) =>
        Assert.Equal(SkbDropReason.NOT_DROPPED_YET, Check(16, skb =>
        {
            skb.Data[10] ^= 1;
            skb.IpSummed = state;
        }));

    [Theory]
    [InlineData(0, SkbDropReason.NOT_DROPPED_YET)]
    [InlineData(1, SkbDropReason.NOT_DROPPED_YET)] // the device's sum is wrong, software's is right
    public void A_complete_sum_spares_the_work(ushort error, SkbDropReason reason)
    {
        Assert.Equal(reason, Check(16, skb =>
        {
            skb.IpSummed = ChecksumState.Complete;
            skb.Csum = (ushort)(~InternetChecksum.Fold(SkbChecksum.Sum(skb)) + error);
        }));
        Assert.Equal(ChecksumState.Unnecessary, _skb!.IpSummed);
    }

    [Fact]
    public void A_zero_checksum_is_none() => Assert.Equal(SkbDropReason.NOT_DROPPED_YET, Check(16, skb => Udp(skb).Checksum = 0));

    [Fact]
    public void Without_a_socket_the_sender_is_told_unless_the_checksum_is_wrong()
    {
        Check(500, _ => { });
        Assert.Equal(SkbDropReason.NO_SOCKET, UdpReceive.NoSocket(_skb!, _mib, out var error));
        Assert.Equal((IcmpError.PortUnreachable, 1L, 0L), (error, _mib[UdpMib.NoPorts], _mib[UdpMib.InErrors]));
        Check(500, skb => skb.Data[10] ^= 1);
        Assert.Equal(SkbDropReason.UDP_CSUM, UdpReceive.NoSocket(_skb!, _mib, out error));
        Assert.Equal((false, 1L, 1L), (error.IsWanted, _mib[UdpMib.NoPorts], _mib[UdpMib.InCsumErrors]));
    }

    [Fact]
    public void A_read_datagram_is_counted_and_stands_at_its_payload()
    {
        Check(100, _ => { });
        var buffer = Buffer();
        UdpReceive.Enqueue(_skb!, buffer, _mib);
        Assert.Equal((_skb!.TrueSize, 0L), (buffer.RmemAlloc, _mib[UdpMib.InDatagrams]));
        Assert.Equal(SkbDropReason.NOT_DROPPED_YET, UdpReceive.Receive(_skb, buffer, _mib));
        Assert.Equal((1L, 100, 0), (_mib[UdpMib.InDatagrams], _skb.Length, buffer.RmemAlloc));
        Assert.Equal(5, _skb.Data[5]);
    }

    [Fact]
    public void A_full_buffer_counts_twice()
    {
        Check(16, _ => { });
        var buffer = Buffer();
        while (buffer.TryCharge(832) == Errno.None) { }
        Assert.Equal(SkbDropReason.SOCKET_RCVBUFF, UdpReceive.Enqueue(_skb!, buffer, _mib));
        Assert.Equal((1L, 1L, 0L), (_mib[UdpMib.RcvbufErrors], _mib[UdpMib.InErrors], _mib[UdpMib.MemErrors]));
    }

    [Fact]
    public void Spent_protocol_memory_counts_twice_too()
    {
        Check(16, _ => { });
        var settings = new UdpSettings { UdpMemMin = 0, UdpMemMax = 0 };
        var buffer = new UdpReceiveBuffer(new UdpMemory(settings), settings);
        Assert.Equal(SkbDropReason.PROTO_MEM, UdpReceive.Enqueue(_skb!, buffer, _mib));
        Assert.Equal((1L, 1L, 0L), (_mib[UdpMib.MemErrors], _mib[UdpMib.InErrors], _mib[UdpMib.RcvbufErrors]));
    }

    [Fact]
    public void An_ignored_group_s_datagram_is_no_drop()
    {
        Assert.Equal(SkbDropReason.CONSUMED, UdpReceive.NoGroupReceiver(_mib));
        Assert.Equal(1, _mib[UdpMib.IgnoredMulti]);
    }

    [Fact]
    public void An_ICMP_error_finds_the_socket_that_sent()
    {
        var table = new UdpHashTable(1);
        var socket = new UdpEndpoint(new object());
        table.Bind(socket, Addr(Me), 1000);
        var refused = new IcmpNotice(3, 3, 0, 17, Addr(Me), Addr(Peer), 1000, 53, 0);
        Assert.Same(socket, UdpReceive.OnIcmp(refused, table, 2, 0, _mib));
        Assert.Null(UdpReceive.OnIcmp(refused with { SourcePort = 7 }, table, 2, 0, _mib));
        Assert.Equal(1, _mib[IcmpMib.InErrors]);
    }

    private static UdpHeader Udp(SkBuff skb)
    {
        Assert.True(UdpHeader.TryOverlay(skb.Data, out var udp));
        return udp;
    }

    private static UdpReceiveBuffer Buffer(UdpSettings? settings = null) =>
        new(new UdpMemory(settings ?? new UdpSettings()), settings ?? new UdpSettings());

    private SkbDropReason Check(int payload, Action<SkBuff> change)
    {
        _skb?.Free(SkbDropReason.CONSUMED);
        _skb = Datagram(_pool, Peer, 1000, Me, 53, payload);
        IpInput.ReceiveCore(_skb, new MibSet());
        _skb.Pull(Ipv4Header.Size);
        change(_skb);
        return UdpReceive.CheckHeader(_skb, _mib);
    }
}
