using System.Runtime.CompilerServices;
using NetActors.Observe;

namespace NetActors.Tests.Observe;

public class TraceBufferTests
{
    [Fact]
    public void A_full_ring_keeps_the_latest_and_counts_the_overwritten()
    {
        var buffer = new TraceBuffer(3);
        for (var i = 1; i <= 5; i++) buffer.Emit(Event(i));
        Assert.Equal([3, 4, 5], buffer.ToArray().Select(e => e.PacketId));
        Assert.Equal((3, 5L, 2L), (buffer.Count, buffer.Written, buffer.Overwritten));
    }

    [Fact]
    public void A_ring_with_room_keeps_all()
    {
        var buffer = new TraceBuffer(3);
        buffer.Emit(Event(1));
        Assert.Equal([1], buffer.ToArray().Select(e => e.PacketId));
        Assert.Equal(0, buffer.Overwritten);
    }

    [Fact]
    public void A_filter_keeps_the_rest_out_of_the_ring()
    {
        Assert.True(TraceFilter.TryCreate([], packetId: 2, flowHash: null, out var filter, out _));
        var buffer = new TraceBuffer(3, filter);
        for (var i = 1; i <= 5; i++) buffer.Emit(Event(i));
        Assert.Equal([2], buffer.ToArray().Select(e => e.PacketId));
        Assert.Equal(0, buffer.Overwritten);
    }

    [Fact]
    public void Emitting_allocates_nothing()
    {
        Assert.True(TraceFilter.TryCreate(["ip_*"], null, flowHash: 0, out var filter, out _));
        ITraceSink sink = new TraceBuffer(16, filter);
        sink.Emit(Event(1));
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1_000; i++) sink.Emit(Event(i));
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void An_event_fits_into_48_bytes() => Assert.InRange(Unsafe.SizeOf<TraceEvent>(), 1, 48);

    private static TraceEvent Event(long packet) => new(Traces.Ns(packet), 0, 0, TraceContext.Softirq, TracePoint.ip_rcv, packet);
}
