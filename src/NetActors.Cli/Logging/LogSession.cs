using System.Collections.Concurrent;
using System.Globalization;
using Serilog;
using Serilog.Core;
using Serilog.Events;

namespace NetActors.Cli.Logging;

/// <summary>
/// The log of one command. Akka makes its logger actors by name, so a session is found by its number in Akka's configuration.
/// </summary>
internal sealed class LogSession : IDisposable
{
    private const string Key = "netactors.cli.log-session";
    private static readonly ConcurrentDictionary<int, ILogger> Sessions = new();
    private static int _last;

    private readonly int _number = Interlocked.Increment(ref _last);
    private readonly Logger _logger;
    private readonly LogEventLevel _level;

    /// <summary>A log that writes to <paramref name="writer"/> from <paramref name="level"/> on.</summary>
    public LogSession(TextWriter writer, LogEventLevel level)
    {
        _level = level;
        _logger = new LoggerConfiguration().MinimumLevel.Is(level).WriteTo.Sink(new TextLogSink(writer)).CreateLogger();
        Sessions[_number] = _logger;
    }

    /// <summary>The log.</summary>
    public ILogger Logger => _logger;

    /// <summary>HOCON that routes Akka's own logging here.</summary>
    public string AkkaConfig => string.Create(CultureInfo.InvariantCulture, $$"""
        akka {
          loglevel = {{AkkaLevel}}
          loggers = ["{{typeof(AkkaLogActor).FullName}}, {{typeof(AkkaLogActor).Assembly.GetName().Name}}"]
          loggers-dispatcher = "akka.actor.default-dispatcher"
          logger-startup-timeout = 30s
        }
        {{Key}} = {{_number}}
        """);

    private string AkkaLevel => _level switch
    {
        LogEventLevel.Verbose or LogEventLevel.Debug => "DEBUG",
        LogEventLevel.Information => "INFO",
        LogEventLevel.Warning => "WARNING",
        _ => "ERROR",
    };

    /// <summary>The log that an actor system was started with; one that keeps nothing when the command has ended.</summary>
    public static ILogger Of(Akka.Configuration.Config config) =>
        Sessions.TryGetValue(config.GetInt(Key), out var logger) ? logger : Serilog.Core.Logger.None;

    /// <inheritdoc />
    public void Dispose()
    {
        Sessions.TryRemove(_number, out _);
        _logger.Dispose();
    }
}
