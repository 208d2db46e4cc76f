using NetActors.Headers;
using NetActors.Time;

namespace NetActors.Tests.Headers;

public class HeaderFuzzTests
{
    [Fact]
    public void Every_truncation_of_captured_frames_is_read_without_throwing()
    {
        foreach (var capture in Captures.All)
        {
            var frame = Captures.Bytes(capture);
            for (var length = 0; length <= frame.Length; length++)
            {
                for (var start = 0; start <= length; start += 2) HeaderFuzz.Run(frame.AsSpan(start, length - start));
            }
        }
    }

    [Fact]
    public void Two_hundred_thousand_random_inputs_are_read_without_throwing()
    {
        var random = new KernelRandom(20);
        Span<byte> input = stackalloc byte[128];
        for (var i = 0; i < 200_000; i++)
        {
            var bytes = input[..(int)random.NextBelow(129)];
            random.Fill(bytes);
            if (bytes.Length > 0 && (i & 1) == 0) bytes[0] = (byte)((i & 2) == 0 ? 0x40 | random.NextBelow(16) : 0x60);
            HeaderFuzz.Run(bytes);
        }
    }

    [Fact]
    public void Captured_frames_with_damaged_bytes_are_read_without_throwing()
    {
        var random = new KernelRandom(21);
        foreach (var capture in Captures.All)
        {
            var frame = Captures.Bytes(capture);
            for (var i = 0; i < 3_000; i++)
            {
                var damaged = frame.AsSpan().ToArray();
                for (var n = 0; n < 3; n++) damaged[random.NextBelow((uint)damaged.Length)] = (byte)random.NextUInt32();
                HeaderFuzz.Run(damaged);
                HeaderFuzz.Run(damaged.AsSpan(14));
            }
        }
    }

    [Fact]
    public void A_thousand_parses_allocate_nothing()
    {
        var frames = Array.ConvertAll(Captures.All, Captures.Bytes);
        foreach (var frame in frames) Repeat(frame, 1000); // warm-up, past tiering
        var before = GC.GetAllocatedBytesForCurrentThread();
        foreach (var frame in frames) Repeat(frame, 1000);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void A_thousand_frames_are_built_without_allocating()
    {
        var frame = new byte[256];
        var ends = new FrameEnds(MacAddress.Local(1), MacAddress.Local(2), 0x0A000001, 0x0A000002);
        Build(frame, ends);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++) Build(frame, ends);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static void Repeat(byte[] frame, int times)
    {
        for (var i = 0; i < times; i++)
        {
            HeaderFuzz.Run(frame);
            HeaderFuzz.Run(frame.AsSpan(14));
        }
    }

    private static void Build(Span<byte> frame, in FrameEnds ends)
    {
        FrameBuilder.WriteUdp(frame, ends, 1, 2, frame[200..]);
        FrameBuilder.WriteTcp(frame, ends, new TcpSegment(1, 2, 3, 4, TcpFlags.Syn), [], frame[200..]);
        FrameBuilder.WriteIcmpEcho(frame, ends, reply: false, 1, 2, frame[200..]);
        FrameBuilder.WriteArpReply(frame, ends);
    }
}
