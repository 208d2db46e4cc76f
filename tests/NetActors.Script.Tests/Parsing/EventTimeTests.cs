using NetActors.Script.Syntax;
using NetActors.Script.Tests.Doubles;
using NetActors.Time;

namespace NetActors.Script.Tests.Parsing;

public sealed class EventTimeTests
{
    private static EventTime Second(string time)
    {
        var script = Scripts.Read($"0 > S 0:0(0)\n{time} > S 0:0(0)");
        return script.Events[1].Time;
    }

    private static KernelTime Ms(double ms) => KernelTime.FromMicroseconds((long)(ms * 1000));

    [Theory]
    [InlineData(".1", EventTimeKind.Absolute, 100, 100)]
    [InlineData("2", EventTimeKind.Absolute, 2000, 2000)]
    [InlineData("1.000001", EventTimeKind.Absolute, 1000.001, 1000.001)]
    [InlineData("+.1", EventTimeKind.Relative, 100, 100)]
    [InlineData("+0", EventTimeKind.Relative, 0, 0)]
    [InlineData("+ .25", EventTimeKind.Relative, 250, 250)]
    [InlineData("*", EventTimeKind.Any, 0, 0)]
    [InlineData("1~2", EventTimeKind.AbsoluteRange, 1000, 2000)]
    [InlineData("+0~+.5", EventTimeKind.RelativeRange, 0, 500)]
    [InlineData("+1.8~+2.2", EventTimeKind.RelativeRange, 1800, 2200)]
    public void Every_form_of_the_grammar_is_read(string text, EventTimeKind kind, double start, double end) =>
        Assert.Equal(new EventTime(kind, Ms(start), Ms(end)), Second(text));

    [Fact]
    public void A_blocking_call_has_two_times_that_count_from_the_same_moment()
    {
        var step = Scripts.Read("0 close(3) = 0\n+.1...0.3 read(4, ..., 10) = 10").Events[1];
        Assert.Equal(Ms(100), step.Time.Start);
        Assert.Equal(Ms(300), Assert.IsType<SyscallAction>(step.Action).BlocksUntil);
    }

    [Fact]
    public void Zero_before_an_ellipsis_is_a_time_and_not_a_decimal_point() =>
        Assert.Equal(Ms(200), Scripts.Call("0...0.200 accept(3, ..., ...) = 4").BlocksUntil);

    [Fact]
    public void A_call_without_an_end_does_not_block() => Assert.Null(Scripts.Call("0 close(3) = 0").BlocksUntil);

    [Theory]
    [InlineData("+.5~+.1 > S 0:0(0)", "backwards")]
    [InlineData("+1~2 > S 0:0(0)", "expected '+'")]
    [InlineData("-1 > S 0:0(0)", "cannot be negative")]
    [InlineData("* < S 0:0(0) win 5", "the time * can only be used with an outbound packet")]
    [InlineData("+0~+1 close(3) = 0", "a range of times can only be used with an outbound packet")]
    [InlineData("+.2...0.1 close(3) = 0", "the call ends before it begins")]
    public void What_no_event_can_mean_is_a_fault(string text, string message)
    {
        var fault = Assert.Single(Scripts.Faults($"0 > S 0:0(0)\n{text}"));
        Assert.Equal(2, fault.Position.Line);
        Assert.Contains(message, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Absolute_times_must_not_go_backwards()
    {
        var fault = Assert.Single(Scripts.Faults("0 close(3) = 0\n2 close(3) = 0\n1 close(3) = 0"));
        Assert.Equal(new ScriptPosition(3, 1), fault.Position);
    }

    [Fact]
    public void The_first_event_is_at_time_zero() =>
        Assert.Contains("must be at time 0", Assert.Single(Scripts.Faults(".1 close(3) = 0")).Message, StringComparison.Ordinal);
}
