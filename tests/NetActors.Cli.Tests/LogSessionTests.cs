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
        using (var log = new LogSession(TextWriter.Synchronized(mine), level))
        using (new LogSession(TextWriter.Synchronized(other), level))
        {
            using var system = ActorSystem.Create("logs", log.AkkaConfig);
            system.Log.Info("an {0}", "information");
            system.Log.Error(new InvalidOperationException("the cause"), "an error with {braces}");
            await system.Terminate();
        }

        var text = mine.ToString();
        Assert.Contains("netactors: error: ", text, StringComparison.Ordinal);
        Assert.Contains("an error with {braces}", text, StringComparison.Ordinal);
        Assert.Contains("the cause", text, StringComparison.Ordinal);
        Assert.Equal(hasInfo, text.Contains("an information", StringComparison.Ordinal));
        Assert.Equal("", other.ToString());
    }

    private static StringWriter Writer() => new(CultureInfo.InvariantCulture);
}
