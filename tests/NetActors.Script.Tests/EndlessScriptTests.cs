using NetActors.Script.Hosting;
using NetActors.Script.Running;
using NetActors.Script.Shell;

namespace NetActors.Script.Tests;

/// <summary>A script that would keep its host busy for ever ends with a failure.</summary>
public sealed class EndlessScriptTests
{
    [Fact]
    public void Years_of_answered_keepalives_end_at_the_limit_of_work()
    {
        var text = "0 socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) = 3\n"
            + "+0 bind(3, {sa_family = AF_INET, sin_port = htons(80), sin_addr = inet_addr(\"127.0.0.1\")}, ...) = 0\n"
            + "+0 connect(3, {sa_family = AF_INET, sin_port = htons(80), sin_addr = inet_addr(\"127.0.0.1\")}, ...) = 0\n"
            + "+0 setsockopt(3, SOL_TCP, TCP_KEEPIDLE, [1], 4) = 0\n"
            + "+0 setsockopt(3, SOL_TCP, TCP_KEEPINTVL, [1], 4) = 0\n"
            + "+0 setsockopt(3, SOL_SOCKET, SO_KEEPALIVE, [1], 4) = 0\n"
            + "+1000000000 close(3) = 0\n";
        var failure = Run(text).Failure;
        Assert.NotNull(failure);
        Assert.Equal(7, failure.Position.Line);
        Assert.Contains("this has no end", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Call_that_nothing_ends_fails_at_once()
    {
        const string Text = "0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3\n+0 bind(3, ..., ...) = 0\n+0 listen(3, 1) = 0\n+0 accept(3, ..., ...) = 4\n";
        Assert.Equal("accept() blocks, and nothing ends it", Run(Text).Failure?.Message);
    }

    [Theory]
    [InlineData("for a in 1 2 3 4 5 6 7 8 9; do for b in 1 2 3 4 5 6 7 8 9; do for c in 1 2 3 4 5 6 7 8 9; do for d in 1 2 3 4 5 6 7 8 9; do "
        + "for e in 1 2 3 4 5 6 7 8 9; do for f in 1 2 3 4 5 6 7 8 9; do true; done; done; done; done; done; done", "100000 commands")]
    [InlineData("x=aaaaaaaaaaaaaaaa; for a in 1 2 3 4 5 6 7 8 9; do x=$x$x; x=$x$x; x=$x$x; x=$x$x; done", "1048576 characters")]
    public void Shell_that_grows_without_end_is_stopped(string command, string why)
    {
        var failure = Run($"`{command}`\n0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3\n").Failure;
        Assert.Contains(why, failure?.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Substitutions_nested_without_end_are_a_fault()
    {
        var text = $"`{string.Concat(Enumerable.Repeat("$(", 100_000))}true{new string(')', 100_000)}`\n0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3\n";
        Assert.Contains("nested too deep", ScriptParser.Parse(text, "deep.pkt").Faults[0].Message, StringComparison.Ordinal);
    }

    private static ScriptResult Run(string text)
    {
        var script = ScriptParser.Parse(text, "endless.pkt").Script!;
        using var host = new EmulatedScriptHost(script.Settings);
        return ScriptRunner.Run(script, host, host.Commands, new ScriptDirectory("."));
    }
}
