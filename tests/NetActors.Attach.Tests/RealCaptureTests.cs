using System.Globalization;

namespace NetActors.Attach.Tests;

/// <summary>Captures of Linux programs, read as Wireshark reads them.</summary>
public sealed class RealCaptureTests
{
    public static TheoryData<string> Captures => CaptureFiles.All;

    [Theory]
    [MemberData(nameof(Captures))]
    public void Committed_capture_has_the_packets_times_and_lengths_noted_with_it(string name) =>
        Assert.Equal(CaptureFiles.Expected(name), Describe(name));

    [TsharkTheory]
    [MemberData(nameof(Captures))]
    public void Committed_capture_reads_as_the_installed_tshark_reads_it(string name) => Assert.Equal(
        Tshark.Fields(
            CaptureFiles.PathOf(name), "frame.number", "frame.time_epoch", "frame.cap_len", "frame.len", "frame.interface_id"),
        Describe(name));

    [TsharkTheory]
    [MemberData(nameof(Captures))]
    public void Capture_put_on_Ethernet_and_written_anew_is_dissected_as_the_original(string name)
    {
        var path = Path.GetTempFileName();
        try
        {
            using (var reader = CaptureReader.Open(CaptureFiles.PathOf(name)))
            using (var writer = new PcapngWriter(File.Create(path)))
            {
                var timeline = new CaptureTimeline(reader);
                writer.AddInterface("replay", (int)CaptureLinkType.Ethernet);
                while (timeline.TryTake(timeline.NextArrival, out var frame))
                    writer.Write(new PcapngPacket(0, frame.Arrival, frame.Bytes));
                Assert.True(timeline.Fault.IsNone);
                Assert.Equal(0, timeline.UnconvertibleRecords);
            }

            Assert.Equal(Dissect(CaptureFiles.PathOf(name)), Dissect(path));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void Interfaces_of_the_router_have_their_names_link_type_and_resolution()
    {
        using var reader = CaptureReader.Open(CaptureFiles.PathOf(CaptureFiles.Mixed));
        while (reader.TryRead(out _))
        {
            // to the end
        }

        Assert.Equal(CaptureFormat.Pcapng, reader.Format);
        Assert.Equal(["left0", "right0"], reader.Interfaces.Select(i => i.Name));
        Assert.All(reader.Interfaces, i => Assert.Equal(CaptureLinkType.Ethernet, i.LinkType));
        Assert.All(reader.Interfaces, i => Assert.Equal(TimestampResolution.Nanoseconds, i.Resolution));
        Assert.Equal(new FileInfo(CaptureFiles.PathOf(CaptureFiles.Mixed)).Length, reader.FileOffset);
    }

    [Fact]
    public void Snap_length_marks_longer_packets_as_truncated()
    {
        using var reader = CaptureReader.Open(CaptureFiles.PathOf(CaptureFiles.Snap80));
        var records = CaptureFiles.ReadAll(reader);
        Assert.Equal(CaptureLinkType.LinuxSll, reader.Interfaces[0].LinkType);
        Assert.All(records, r => Assert.Equal(r.OriginalLength > 80, r.IsTruncated));
        Assert.Contains(records, r => r.IsTruncated);
        Assert.Contains(records, r => !r.IsTruncated);
    }

    // Each packet by itself: padding completes fragments that the snap length had left incomplete.
    private static string[] Dissect(string path) => Tshark.Run(
    [
        "-r", path, "-T", "fields", "-o", "ip.defragment:FALSE", "-o", "ipv6.defragment:FALSE",
        "-e", "arp.dst.proto_ipv4", "-e", "ip.src", "-e", "ip.dst", "-e", "ip.id", "-e", "ip.frag_offset", "-e", "ipv6.src", "-e",
        "ipv6.dst", "-e", "tcp.seq_raw", "-e", "udp.length", "-e", "icmp.type", "-e", "icmpv6.type",
    ]);

    private static List<string> Describe(string name)
    {
        using var reader = CaptureReader.Open(CaptureFiles.PathOf(name));
        var records = CaptureFiles.ReadAll(reader);
        Assert.True(reader.Fault.IsNone, reader.Fault.ToString());
        return [.. records.Select((r, i) => string.Create(
            CultureInfo.InvariantCulture,
            $"{i + 1}\t{r.UnixNanoseconds / 1_000_000_000}.{r.UnixNanoseconds % 1_000_000_000:D9}\t{r.Data.Length}\t{r.OriginalLength}\t")
            + (reader.Format == CaptureFormat.Pcapng ? r.InterfaceIndex.ToString(CultureInfo.InvariantCulture) : ""))];
    }
}
