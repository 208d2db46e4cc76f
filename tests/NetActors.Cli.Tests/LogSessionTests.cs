using System.Globalization;
using Akka.Actor;
using Akka.Event;
using NetActors.Cli.Logging;
using Serilog.Events;

namespace NetActors.Cli.Tests;

public sealed class LogSessionTests
{
    [Theory]
    [InlineData(LogEventLevel.Warning, false)]
    [InlineData(LogEventLevel.Debug, true)]
    public async Task Akka_logs_into_the_session_that_started_it(LogEventLevel level, bool hasInfo)
    {
        var (mine, other) = (Writer(), Writer());
        var shared = TextWriter.Synchronized(mine);
        using (var log = new LogSession(shared, level))
        using (new LogSession(TextWriter.Synchronized(other), level))
        {
            using var system = ActorSystem.Create("logs", log.AkkaConfig);
            system.Log.Info("an {0}", "information");
            system.Log.Error(new InvalidOperationException("the cause"), "an error with {braces}");
            Assert.True(SpinWait.SpinUntil(() => Text(shared, mine).Contains("the cause", StringComparison.Ordinal), TimeSpan.FromSeconds(20)));
            await system.Terminate(); // which does not wait for what the logger has in hand
        }

        var text = mine.ToString();
        Assert.Contains("netactors: error: ", text, StringComparison.Ordinal);
        Assert.Contains("an error with {braces}", text, StringComparison.Ordinal);
        Assert.Contains("the cause", text, StringComparison.Ordinal);
        Assert.Equal(hasInfo, text.Contains("an information", StringComparison.Ordinal));
        Assert.Equal("", other.ToString());
    }

    /// <summary>A synchronized writer locks itself while it writes.</summary>
    private static string Text(TextWriter shared, StringWriter writer)
    {
        lock (shared) return writer.ToString();
    }

    private static StringWriter Writer() => new(CultureInfo.InvariantCulture);
}
