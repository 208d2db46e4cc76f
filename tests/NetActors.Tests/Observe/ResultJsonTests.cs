using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using NetActors.Observe;

namespace NetActors.Tests.Observe;

public class ResultJsonTests
{
    [Fact]
    public void A_result_conforms_to_its_schema()
    {
        using var document = JsonDocument.Parse(Write(Snapshots.Simulation()));
        Assert.Empty(ResultSchema.Faults(document.RootElement));
    }

    [Fact]
    public void The_schema_refuses_an_unknown_key_a_missing_key_and_a_wrong_type()
    {
        var result = JsonNode.Parse(Write(Snapshots.Simulation()))!.AsObject();
        result["wall_clock_ns"] = 1;
        result["hosts"]![0]!.AsObject().Remove("cpus");
        result["hosts"]![0]!["mib"]!["Ip"]!["InReceives"] = "many";
        result["conservation"]!["sent"] = -1;
        using var document = JsonDocument.Parse(result.ToJsonString());
        Assert.Equal(4, ResultSchema.Faults(document.RootElement).Count);
    }

    [Fact]
    public void Equal_runs_give_equal_bytes_whatever_the_machine_took()
    {
        var run = Snapshots.Simulation();
        Assert.Equal(Write(run), Write(Snapshots.Simulation() with { WallClock = new(1, 2, 3, 4, 64) }));
        Assert.DoesNotContain("wall", Write(run), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void Keys_stand_in_the_order_of_the_records()
    {
        using var document = JsonDocument.Parse(Write(Snapshots.Simulation()));
        Assert.Equal(
            ["format", "scenario", "seed", "clock", "kernel", "duration_ns", "warm_up_ns", "hosts", "wires", "traffic", "latency", "conservation"],
            document.RootElement.EnumerateObject().Select(property => property.Name));
    }

    [Fact]
    public void Names_are_those_people_know_and_numbers_whole()
    {
        var result = JsonNode.Parse(Write(Snapshots.Simulation()))!;
        Assert.Equal("virtual", (string?)result["clock"]);
        Assert.Equal("v6", (string?)result["kernel"]);
        Assert.Equal(ulong.MaxValue, (ulong)result["seed"]!);
        Assert.Equal("CPU_BACKLOG", (string?)result["hosts"]![0]!["drops"]![0]!["reason"]);
        Assert.Equal(3660, (long)result["hosts"]![0]!["cpus"]![0]!["softirqs"]!["net_rx"]!);
        Assert.Equal(5817, (long)result["hosts"]![0]!["mib"]!["Ip"]!["InReceives"]!);
        Assert.Equal(1, (long)result["hosts"]![0]!["mib"]!["IcmpMsg"]!["InType8"]!);
        Assert.Equal("rx", (string?)result["hosts"]![0]!["devices"]![0]!["queues"]![0]!["direction"]);
    }

    [Fact]
    public void Lines_end_with_lf_the_last_one_too()
    {
        var text = Write(Snapshots.Simulation());
        Assert.DoesNotContain('\r', text);
        Assert.EndsWith("}\n", text, StringComparison.Ordinal);
    }

    private static string Write(SimulationSnapshot snapshot)
    {
        using var stream = new MemoryStream();
        ResultJson.Write(stream, snapshot);
        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
