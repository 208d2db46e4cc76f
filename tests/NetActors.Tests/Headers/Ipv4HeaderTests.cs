using CsCheck;
using NetActors.Headers;

namespace NetActors.Tests.Headers;

public class Ipv4HeaderTests
{
    [Fact]
    public void What_is_written_is_read_back() =>
        Gen.Select(
            Gen.Select(Gen.Byte, Gen.UShort, Gen.Int[0, 8191], Gen.Byte),
            Gen.Select(Gen.Byte, Gen.UInt, Gen.UInt, Gen.Bool)).Sample((a, b) =>
        {
            var (tos, id, offset, ttl) = a;
            var (protocol, source, destination, flag) = b;
            var packet = new byte[20];
            Assert.True(Ipv4Header.TryOverlay(packet, out var header));
            (header.Version, header.Ihl, header.TotalLength) = (4, 5, 20);
            (header.Tos, header.Id, header.Ttl, header.Protocol) = (tos, id, ttl, protocol);
            (header.FragmentOffset, header.DontFragment, header.MoreFragments) = (offset * 8, flag, !flag);
            (header.SourceAddress, header.DestinationAddress) = (source, destination);
            header.FillChecksum();
            Assert.True(Ipv4Header.TryParse(packet, out var read));
            return read.Version == 4 && read.Ihl == 5 && read.Tos == tos && read.Dscp == tos >> 2 && read.Ecn == (tos & 3)
                && read.Id == id && read.Ttl == ttl && read.Protocol == protocol && read.FragmentOffset == offset * 8
                && read.DontFragment == flag && read.MoreFragments == !flag && read.IsFragment == (!flag || offset > 0)
                && read.SourceAddress == source && read.DestinationAddress == destination && read.IsChecksumValid;
        });

    [Theory]
    [InlineData(0, 0x55)] // version 5
    [InlineData(0, 0x44)] // header length 16
    [InlineData(0, 0x4F)] // header length 60 of 34 bytes
    [InlineData(3, 19)] // total length below the header's
    [InlineData(3, 35)] // total length beyond the bytes
    public void A_header_that_contradicts_itself_is_refused_but_can_be_overlaid(int at, byte value)
    {
        var packet = Captures.Network(Captures.Udp);
        packet[at] = value;
        Assert.False(Ipv4Header.TryParse(packet, out _));
        Assert.True(Ipv4Header.TryOverlay(packet, out var header));
        Assert.True(header.Options.Length + header.Payload.Length <= packet.Length);
        Assert.False(header.IsChecksumValid);
    }

    [Fact]
    public void Link_padding_is_no_payload()
    {
        byte[] padded = [.. Captures.Network(Captures.Udp), .. new byte[12]];
        Assert.True(Ipv4Header.TryParse(padded, out var header));
        Assert.Equal(14, header.Payload.Length);
    }

    [Fact]
    public void Options_stand_between_header_and_payload()
    {
        byte[] packet = [0x46, 0, 0, 25, 0, 0, 0, 0, 64, 17, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2, 148, 4, 0, 0, 99];
        Assert.True(Ipv4Header.TryParse(packet, out var header));
        header.FillChecksum();
        Assert.True(header.IsChecksumValid);
        Assert.Equal((24, 4, 1), (header.HeaderLength, header.Options.Length, header.Payload.Length));
        packet[21] = 5;
        Assert.False(header.IsChecksumValid);
    }

    [Fact]
    public void A_decreased_ttl_keeps_the_checksum_valid() =>
        Gen.Select(Gen.Byte.Array[20], Gen.Byte[1, 255]).Sample((packet, ttl) =>
        {
            Assert.True(Ipv4Header.TryOverlay(packet, out var header));
            (header.Ihl, header.Ttl) = (5, ttl);
            header.FillChecksum();
            header.DecreaseTtl();
            return header.IsChecksumValid && header.Ttl == ttl - 1;
        });
}
