using NetActors.Apps.Traffic;
using NetActors.Headers;

namespace NetActors.Tests.Apps.Traffic;

public class FrameTemplatesTests
{
    private static readonly MacAddress Source = MacAddress.Local(1), Destination = MacAddress.Local(2);

    [Fact]
    public void Drawn_flows_are_different_and_follow_from_the_seed()
    {
        FlowTable one = FlowTable.Draw(5000, 7), same = FlowTable.Draw(5000, 7), other = FlowTable.Draw(5000, 8);
        var all = Enumerable.Range(0, 5000).Select(i => one[i]).ToArray();
        Assert.Equal(5000, all.Distinct().Count());
        Assert.Equal(all, Enumerable.Range(0, 5000).Select(i => same[i]));
        Assert.NotEqual(all[0], other[0]);
        Assert.All(all, flow => Assert.InRange(flow.SourceAddress, 0xC612_0001u, 0xC612_0000u + 65_000));
        Assert.All(all, flow => Assert.InRange(flow.SourcePort, (ushort)1024, ushort.MaxValue));
    }

    [Fact]
    public void Flows_stay_in_their_space()
    {
        var space = new FlowSpace
        {
            FirstSource = 1,
            Sources = 2,
            SourcePorts = 3,
            FirstDestination = 9,
            Destinations = 2,
            FirstDestinationPort = 80,
            DestinationPorts = 2,
        };
        var table = FlowTable.Draw(12, 1, space);
        for (var i = 0; i < 12; i++)
        {
            Assert.InRange(table[i].SourceAddress, 1u, 2u);
            Assert.InRange(table[i].SourcePort, (ushort)1024, (ushort)1026);
            Assert.InRange(table[i].DestinationAddress, 9u, 10u);
            Assert.InRange(table[i].DestinationPort, (ushort)80, (ushort)81);
        }

        Assert.Throws<ArgumentException>(() => FlowTable.Draw(13, 1, space));
    }

    [Fact]
    public void Every_template_is_a_valid_frame_of_its_flow()
    {
        var flows = FlowTable.Draw(200, 3);
        int[] sizes = [60, 61, 590, 1514, 9014];
        var templates = new FrameTemplates(flows, sizes, Source, Destination);
        for (var size = 0; size < sizes.Length; size++)
        {
            Assert.Equal(sizes[size], templates.Length(size));
            for (var i = 0; i < flows.Count; i++)
            {
                var frame = templates.Buffer(size).AsSpan(templates.Offset(i, size), sizes[size]);
                Assert.True(EthernetHeader.TryParse(frame, out var ethernet));
                Assert.Equal((Source, Destination), (ethernet.Source, ethernet.Destination));
                Assert.True(Ipv4Header.TryParse(frame[14..], out var ip));
                Assert.True(InternetChecksum.IsValid(frame.Slice(14, 20)));
                Assert.Equal(sizes[size] - 14, ip.TotalLength);
                Assert.True(UdpHeader.TryParse(frame[34..], out var udp));
                Assert.Equal(flows[i], new TrafficFlow(ip.SourceAddress, udp.SourcePort, ip.DestinationAddress, udp.DestinationPort));
                var pseudo = InternetChecksum.PseudoHeader(ip.SourceAddress, ip.DestinationAddress, 17, sizes[size] - 34);
                Assert.True(InternetChecksum.IsValid(frame[34..], pseudo));
                Assert.NotEqual(0, udp.Checksum);
            }
        }
    }

    [Fact]
    public void Templates_past_two_gigabytes_are_refused() => Assert.Throws<ArgumentException>(
        () => new FrameTemplates(FlowTable.Draw(240_000, 1), [9014], Source, Destination));
}
