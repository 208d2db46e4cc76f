namespace NetActors.Cli.Tests;

public sealed class HelpTests : IDisposable
{
    private readonly Cli _cli = new();

    public void Dispose() => _cli.Dispose();

    [Theory]
    [InlineData("--help")]
    [InlineData("run", "--help")]
    [InlineData("replay", "-h")]
    [InlineData("trace", "--help")]
    [InlineData("describe", "--help")]
    [InlineData("list", "--help")]
    [InlineData("script", "--help")]
    [InlineData("compare", "--help")]
    [InlineData("sweep", "--help")]
    [InlineData("explain", "--help")]
    [InlineData("advise", "--help")]
    [InlineData("import-host", "--help")]
    public void Help_shows_an_example_and_what_to_try_next(params string[] args)
    {
        var result = _cli.Run(args);
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Contains("Examples:\n  netactors ", result.Out, StringComparison.Ordinal);
        Assert.Contains("Then try:\n  netactors ", result.Out, StringComparison.Ordinal);
        Assert.Contains("Usage:\n  netactors", result.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void No_words_at_all_show_the_help()
    {
        var result = _cli.Run();
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Equal(_cli.Run("--help").Out, result.Out);
    }

    [Fact]
    public void Help_is_given_whatever_else_is_wrong()
    {
        var result = _cli.Run("run", "--nonsense", "--help");
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
    }
}
