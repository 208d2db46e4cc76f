using System.Diagnostics;
using NetActors.Cli.Commands;
using NetActors.Hosts;
using NetActors.Time;
using Spectre.Console;

namespace NetActors.Cli.Running;

/// <summary>Drives a simulation's clock; when that takes longer than a moment and a person watches, it shows how far it is.</summary>
internal sealed class WatchedRun(Simulation simulation, CommandContext context, Func<bool>? enough)
{
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Redraw = TimeSpan.FromMilliseconds(100);

    /// <summary>Runs until the time has come, Ctrl-C was pressed, or the run has seen enough.</summary>
    /// <returns>True when the time has come.</returns>
    public bool RunUntil(KernelTime until)
    {
        if (IsOver()) return false;
        var begin = Stopwatch.GetTimestamp();
        var isWatched = context.Terminal.IsWatched;
        if (simulation.RunUntil(until, () => IsOver() || (isWatched && Stopwatch.GetElapsedTime(begin) > Moment))) return true;
        return !IsOver() && RunShowing(until);
    }

    private bool IsOver() => context.Cancellation.IsCancellationRequested || (enough is not null && enough());

    private bool RunShowing(KernelTime until)
    {
        var reached = false;
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.Yes,
            Interactive = InteractionSupport.Yes,
            Out = new AnsiConsoleOutput(context.Terminal.Error),
        });
        console.Profile.Width = Math.Min(context.Terminal.Width, 100);
        console.Progress()
            .AutoClear(true)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .Start(progress =>
            {
                var task = progress.AddTask(Markup.Escape(simulation.Scenario.Name), maxValue: until.Seconds);
                var drawn = Stopwatch.GetTimestamp();
                reached = simulation.RunUntil(until, () =>
                {
                    if (Stopwatch.GetElapsedTime(drawn) > Redraw)
                    {
                        task.Value = simulation.Now.Seconds;
                        drawn = Stopwatch.GetTimestamp();
                    }

                    return IsOver();
                });
            });
        return reached;
    }
}
