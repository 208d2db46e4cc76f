using System.Runtime.InteropServices;

namespace NetActors.Cli;

/// <summary>The first Ctrl-C (or SIGTERM) asks the run to end and to print what it has; the second ends the process as usual.</summary>
internal sealed class Interrupts : IDisposable
{
    private readonly CancellationTokenSource _asked = new();
    private readonly PosixSignalRegistration[] _signals;

    public Interrupts()
    {
        _signals =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal),
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal),
        ];
    }

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Token => _asked.Token;

    /// <inheritdoc />
    public void Dispose()
    {
        foreach (var signal in _signals) signal.Dispose();
        _asked.Dispose();
    }

    private void OnSignal(PosixSignalContext context)
    {
        if (_asked.IsCancellationRequested)
        {
            if (!Console.IsErrorRedirected) Console.Error.Write("\u001b[?25h"); // a progress bar may have hidden the cursor
            return;
        }

        context.Cancel = true;
        _asked.Cancel();
    }
}
