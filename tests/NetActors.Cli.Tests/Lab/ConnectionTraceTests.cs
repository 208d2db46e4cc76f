using NetActors.Lab.Connections;
using NetActors.Lab.Pages;
using NetActors.Observe;
using NetActors.Time;
using OxyPlot;
using OxyPlot.Series;

namespace NetActors.Cli.Tests.Lab;

public sealed class ConnectionTraceTests
{
    [Theory]
    [InlineData(10, 10)]
    [InlineData(4095, 4095)]
    [InlineData(100_000, 4096)]
    public void However_long_a_connection_lives_its_trace_is_bounded_and_spans_it(int looks, int most)
    {
        var traces = new ConnectionTraces(["a"]);
        for (var i = 0; i < looks; i++) traces.Take(Look(i));
        var kept = Assert.Single(traces.Kept);
        var samples = kept.Samples.ToList();
        Assert.InRange(samples.Count, Math.Min(looks, 2000), most + 1);
        Assert.Equal((0L, looks - 1L), (samples[0].Time.Microseconds, samples[^1].Time.Microseconds));
        Assert.Equal(samples.OrderBy(s => s.Time.Nanoseconds), samples);
        Assert.Equal((looks, 100L * (looks - 1)), (kept.Looks, kept.Acknowledged)); // the numbers wrap around
    }

    [Fact]
    public void The_busiest_is_whose_peer_acknowledged_most()
    {
        var traces = new ConnectionTraces(["a"]);
        for (var i = 0; i < 10; i++) traces.Take(Look(i));
        for (var i = 0; i < 20; i++) traces.Take(Look(i, port: 2));
        Assert.Equal("a 10.0.0.1:2 > 10.0.0.2:80", traces.Busiest!.Name);
    }

    [Fact]
    public void Connections_beyond_the_first_256_are_counted_and_not_kept()
    {
        var traces = new ConnectionTraces(["a"]);
        for (var port = 1; port <= 300; port++)
        {
            traces.Take(Look(0, (ushort)port));
            traces.Take(Look(1, (ushort)port));
        }

        Assert.Equal((256, 44), (traces.Kept.Count, traces.Beyond));
    }

    [Fact]
    public void A_picture_has_what_the_trace_has_and_gaps_where_there_is_nothing()
    {
        var traces = new ConnectionTraces(["a"]);
        traces.Take(Look(0) with { SrttUs = 0, Ssthresh = int.MaxValue });
        traces.Take(Look(1000) with { Cwnd = 20, Ssthresh = 15, InFlight = 7 });
        var lines = ConnectionPlot.Of(traces.Busiest!).Model.Series.Cast<LineSeries>().ToDictionary(s => s.Title, s => s.Points);
        Assert.Equal([new DataPoint(0, 10), new DataPoint(1, 20)], lines["cwnd"]);
        Assert.Equal([new DataPoint(0, 5), new DataPoint(1, 7)], lines["in flight"]);
        Assert.Equal((false, new DataPoint(1, 15)), (lines["ssthresh"][0].IsDefined(), lines["ssthresh"][1]));
        Assert.Equal((false, new DataPoint(1, 300)), (lines["srtt"][0].IsDefined(), lines["srtt"][1]));
    }

    private static TcpProbeEvent Look(int i, ushort port = 1) => new()
    {
        Time = KernelTime.FromMicroseconds(i),
        LocalAddress = 0x0A00_0001,
        LocalPort = port,
        RemoteAddress = 0x0A00_0002,
        RemotePort = 80,
        SndUna = 0xFFFF_FF00 + (100u * (uint)i),
        Cwnd = 10,
        Ssthresh = 100,
        InFlight = 5,
        SrttUs = 300,
    };
}
