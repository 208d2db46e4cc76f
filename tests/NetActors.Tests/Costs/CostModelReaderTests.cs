using NetActors.Costs;

namespace NetActors.Tests.Costs;

public class CostModelReaderTests
{
    private const string Inheriting = "inherits: bdw6-2018\ncosts:\n  ";

    public static TheoryData<string> BuiltIn => [.. CostModelReader.BuiltIn];

    [Theory]
    [MemberData(nameof(BuiltIn))]
    public void Every_model_prices_every_operation_and_says_where_from(string name)
    {
        var result = CostModelReader.Read(name);
        Assert.Equal("", string.Join('\n', result.Faults));
        var model = result.Model!;
        Assert.Equal(name, model.Name);
        Assert.All(Enum.GetValues<CostOp>(), op =>
        {
            Assert.True(model[op] > 0);
            Assert.True(model.Figure(op).Source.Length > 5);
        });
    }

    [Theory]
    [InlineData("RxDescripter: { ns: 1, mark: M, source: x }",
        "x.yaml:3:3: no operation is called `RxDescripter`; did you mean `RxDescriptor`?")]
    [InlineData("'5': { ns: 1, mark: M, source: x }", "x.yaml:3:3: no operation is called `5`")]
    [InlineData("RxDescriptor: { ns: 1, mark: M }", "x.yaml:3:17: `source` is missing (where it comes from)")]
    [InlineData("RxDescriptor: { ns: 1, mark: M, source: ' ' }", "x.yaml:3:43: `source` says nothing")]
    [InlineData("RxDescriptor: { ns: 1, mark: Q, source: x }", "x.yaml:3:32: `mark`: `Q` is not R, R2, D or M")]
    [InlineData("RxDescriptor: { ns: -1, mark: M, source: x }", "x.yaml:3:23: `ns`: -1 is out of range: 0 to 10000000")]
    [InlineData("RxDescriptor: 5",
        "x.yaml:3:17: a section of keys belongs here (ns, mark, source), not a value\nx.yaml:3:17: `ns` is missing (nanoseconds of CPU time)\nx.yaml:3:17: `mark` is missing (how well it is known: read, read elsewhere, derived, from memory)\nx.yaml:3:17: `source` is missing (where it comes from)")]
    public void A_figure_is_refused_where_the_fault_stands(string line, string fault) =>
        Assert.Equal(fault, string.Join('\n', CostModelReader.ReadText(Inheriting + line, "x.yaml").Faults));

    [Fact]
    public void A_model_without_a_parent_must_price_everything()
    {
        var fault = Assert.Single(CostModelReader.ReadText("costs: { HardIrqEntry: { ns: 1, mark: M, source: test } }", "x.yaml").Faults);
        Assert.StartsWith("no figure for HardIrqExit, NapiSchedule, ", fault.Message, StringComparison.Ordinal);
        Assert.Equal((1, 8), (fault.Line, fault.Column));
    }

    [Fact]
    public void What_a_model_does_not_name_it_inherits()
    {
        var model = CostModelReader.ReadText(Inheriting + "SkbFree: { ns: 7, mark: M, source: test }", "x.yaml").Model!;
        Assert.Equal((7, 20), (model[CostOp.SkbFree], model[CostOp.SkbDrop]));
    }

    [Fact]
    public void A_model_that_inherits_from_itself_is_refused()
    {
        var path = Path.Combine(Path.GetTempPath(), $"self-{Environment.ProcessId}.yaml");
        File.WriteAllText(path, $"inherits: {Path.GetFileName(path)}\ncosts: {{}}\n");
        Assert.EndsWith("inherits from itself", Assert.Single(CostModelReader.Read(path).Faults).Message, StringComparison.Ordinal);
        File.Delete(path);
    }

    [Fact]
    public void An_unknown_name_is_refused() => Assert.Equal(
        "bdw6: no cost model is called `bdw6`: bdw6-2018, bdw6-2018-mlx5, intel8-2010, srv64-2024 or none, or the path of a .yaml file",
        Assert.Single(CostModelReader.Read("bdw6").Faults).ToString());

    [Fact]
    public void A_test_can_set_single_operations()
    {
        var model = CostModel.Zero.With(CostOp.RecvMsg, 5);
        Assert.Equal((5, 0, 0), (model[CostOp.RecvMsg], model[CostOp.SendMsg], CostModel.Zero[CostOp.RecvMsg]));
        Assert.Equal(5, model.Nanoseconds[(int)CostOp.RecvMsg]);
    }
}
