using System.Globalization;
using Serilog.Core;
using Serilog.Events;
using Serilog.Formatting.Display;

namespace NetActors.Cli.Logging;

/// <summary>Writes log events as lines, one at a time.</summary>
internal sealed class TextLogSink(TextWriter writer) : ILogEventSink
{
    private readonly MessageTemplateTextFormatter _formatter =
        new("netactors: {Level:w11}: {Message:lj}{NewLine}{Exception}", CultureInfo.InvariantCulture);

    /// <inheritdoc />
    public void Emit(LogEvent logEvent)
    {
        var line = new StringWriter(CultureInfo.InvariantCulture);
        _formatter.Format(logEvent, line);
        writer.Write(line.ToString());
    }
}
