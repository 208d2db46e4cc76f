namespace NetActors.Attach.Tests;

public sealed class EthernetFramingTests
{
    private const string Unicast4 = "45000014000000004011000000000000" + "C0000201";
    private const string Multicast4 = "45000014000000004011000000000000" + "EF818203";
    private const string Broadcast4 = "45000014000000004011000000000000" + "FFFFFFFF";
    private const string Multicast6 = "600000000000FF" + "00" + "00000000000000000000000000000000" + "FF0200000000000000000001FF00AABB";

    [Theory]
    [InlineData(CaptureLinkType.RawIp, Unicast4, "020000000002" + "020000000001" + "0800", 0)]
    [InlineData(CaptureLinkType.RawIp, Multicast4, "01005E018203" + "020000000001" + "0800", 0)]
    [InlineData(CaptureLinkType.RawIp, Broadcast4, "FFFFFFFFFFFF" + "020000000001" + "0800", 0)]
    [InlineData(CaptureLinkType.RawIp, Multicast6, "3333FF00AABB" + "020000000001" + "86DD", 0)]
    [InlineData(CaptureLinkType.Null, "02000000" + Unicast4, "020000000002" + "020000000001" + "0800", 4)]
    [InlineData(CaptureLinkType.Null, "0000001E" + Multicast6, "3333FF00AABB" + "020000000001" + "86DD", 4)]
    [InlineData(CaptureLinkType.Loop, "00000002" + Unicast4, "020000000002" + "020000000001" + "0800", 4)]
    [InlineData(CaptureLinkType.LinuxSll, "0000000100060A0B0C0D0E0F00000800" + Unicast4, "020000000002" + "0A0B0C0D0E0F" + "0800", 16)]
    [InlineData(CaptureLinkType.LinuxSll, "0001000100060A0B0C0D0E0F00000806", "FFFFFFFFFFFF" + "0A0B0C0D0E0F" + "0806", 16)]
    [InlineData(CaptureLinkType.LinuxSll, "00000304000600000000000000000800" + Unicast4, "020000000002" + "020000000001" + "0800", 16)]
    [InlineData(CaptureLinkType.LinuxSll, "0002000100060A0B0C0D0E0F00000004" + "4242", "030000000002" + "0A0B0C0D0E0F" + "0002", 16)]
    [InlineData(CaptureLinkType.LinuxSll2, "080000000000000200010006" + "0A0B0C0D0E0F0000" + Multicast4, "01005E018203" + "0A0B0C0D0E0F" + "0800", 20)]
    public void Packet_gets_the_header_it_had_or_could_have_had(CaptureLinkType linkType, string packet, string header, int skip)
    {
        var written = new byte[EthernetFraming.HeaderSize];
        Assert.True(new EthernetFraming().TryFrame(linkType, Convert.FromHexString(packet), written, out var length, out var skipped));
        Assert.Equal((header, 14, skip), (Convert.ToHexString(written), length, skipped));
    }

    [Fact]
    public void Ethernet_stays_as_it_is()
    {
        Assert.True(new EthernetFraming().TryFrame(CaptureLinkType.Ethernet, [1, 2, 3], default, out var length, out var skip));
        Assert.Equal((0, 0), (length, skip));
    }

    [Theory]
    [InlineData(CaptureLinkType.RawIp, "")]
    [InlineData(CaptureLinkType.RawIp, "05")]
    [InlineData(CaptureLinkType.Null, "020000")]
    [InlineData(CaptureLinkType.Null, "07000000" + Unicast4)]
    [InlineData(CaptureLinkType.LinuxSll, "0000000100060A0B0C0D0E0F000008")]
    [InlineData(CaptureLinkType.LinuxSll, "0004033800000000000000000000000F")] // netlink
    [InlineData(CaptureLinkType.LinuxSll2, "08000000")]
    [InlineData((CaptureLinkType)189, Unicast4)]
    public void Packet_that_Ethernet_cannot_carry_is_refused(CaptureLinkType linkType, string packet) => Assert.False(
        new EthernetFraming().TryFrame(linkType, Convert.FromHexString(packet), new byte[EthernetFraming.HeaderSize], out _, out _));
}
