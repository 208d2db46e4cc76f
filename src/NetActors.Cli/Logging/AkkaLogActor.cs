using Akka.Actor;
using Akka.Dispatch;
using Akka.Event;
using Serilog;
using Serilog.Events;
using LogEvent = Akka.Event.LogEvent;
using AkkaLevel = Akka.Event.LogLevel;

namespace NetActors.Cli.Logging;

/// <summary>
/// Forwards Akka's log events to Serilog. It runs on Akka's default dispatcher, beside the simulation, so that it starts and writes
/// although the simulation's own dispatchers only move while they are driven.
/// </summary>
internal sealed class AkkaLogActor : UntypedActor, IRequiresMessageQueue<ILoggerMessageQueueSemantics>
{
    private readonly ILogger _logger;

    public AkkaLogActor() => _logger = LogSession.Of(Context.System.Settings.Config); // public, since Akka creates loggers by name

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case InitializeLogger:
                Sender.Tell(new LoggerInitialized());
                break;
            case LogEvent log:
                _logger.Write(LevelOf(log.LogLevel()), log.Cause, "{Source}: {Text}", log.LogSource, log.Message);
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private static LogEventLevel LevelOf(AkkaLevel level) => level switch
    {
        AkkaLevel.DebugLevel => LogEventLevel.Debug,
        AkkaLevel.InfoLevel => LogEventLevel.Information,
        AkkaLevel.WarningLevel => LogEventLevel.Warning,
        _ => LogEventLevel.Error,
    };
}
