namespace NetActors.Cli.Tests;

public sealed class StatesTests : IDisposable
{
    private readonly Cli _cli = new();

    public void Dispose() => _cli.Dispose();

    [Fact]
    public void A_connection_goes_through_the_states_of_rfc_9293()
    {
        var result = _cli.Run("states", "tcp-crr");
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        var steps = result.Out.Split('\n').Skip(1).TakeWhile(line => line.Length > 0).Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)).ToList();
        Assert.Equal(
            ["SYN-SENT", "ESTABLISHED", "SYN-RECEIVED", "ESTABLISHED", "FIN-WAIT-1", "CLOSE-WAIT", "LAST-ACK", "FIN-WAIT-2", "TIME-WAIT", "CLOSED"],
            steps.Select(words => words[2]));
        Assert.Equal(Enumerable.Range(1, 10).Select(i => $"{i}"), steps.Select(words => words[0]));
        Assert.Equal(steps.Select(words => words[1]).Order(StringComparer.Ordinal), steps.Select(words => words[1]));
        Assert.Contains("ESTABLISHED [2|4]", result.Out, StringComparison.Ordinal);
        Assert.Contains("TIME-WAIT [9|]", result.Out, StringComparison.Ordinal);
        Assert.Contains("CLOSED [|10]", result.Out, StringComparison.Ordinal);
        Assert.Contains(" LISTEN ", result.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_connection_is_chosen_by_its_port()
    {
        var trace = _cli.Run("trace", "tcp-crr", "--point", "inet_sock_set_state", "--limit", "40").Out;
        var opened = trace.Split('\n').Where(line => line.Contains("newstate=TCP_SYN_SENT", StringComparison.Ordinal)).ElementAt(3);
        var port = opened[(opened.IndexOf("sport=", StringComparison.Ordinal) + 6)..].Split(' ')[0];
        var result = _cli.Run("states", "tcp-crr", "--port", port);
        Assert.Equal(0, result.ExitCode);
        Assert.Contains($"client:{port} ", result.Out.Split('\n')[0], StringComparison.Ordinal);
    }

    [Fact]
    public void A_refused_connection_ends_in_closed_at_once()
    {
        var result = _cli.Run("states", "tcp-crr", "--set", "hosts.client.tasks.churner.connect=10.0.0.1:9");
        Assert.Equal(0, result.ExitCode);
        Assert.Matches(@"\n  2 0\.\d{9}   CLOSED +rcv or snd RST, or a timeout\n", result.Out);
    }

    [Theory]
    [InlineData("no TCP connection was opened within the run", "udp-echo")]
    [InlineData("no TCP connection was opened from port 3 ", "tcp-crr", "--port", "3")]
    [InlineData("`x` is no port", "tcp-crr", "--port", "x")]
    [InlineData("`0` is no port", "tcp-crr", "--port", "0")]
    [InlineData("nothing", "nothing")]
    public void What_it_cannot_do_it_says(string reason, params string[] arguments)
    {
        var result = _cli.Run(["states", .. arguments]);
        Assert.NotEqual(0, result.ExitCode);
        Assert.Contains(reason, result.Error, StringComparison.Ordinal);
    }
}
