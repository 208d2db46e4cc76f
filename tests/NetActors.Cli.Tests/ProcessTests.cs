using System.Diagnostics;
using System.Text.Json;

namespace NetActors.Cli.Tests;

/// <summary>The program as the shell sees it.</summary>
public sealed class ProcessTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);
    private readonly Cli _cli = new();

    public void Dispose() => _cli.Dispose();

    [Fact]
    public void Json_goes_into_a_pipe_without_anything_else_and_equals_what_the_call_gives()
    {
        string[] args = ["run", "udp-echo", "--duration", "3ms", "--json", "-"];
        using var process = Start(args);
        var (output, error) = End(process);
        Assert.Equal((0, ""), (process.ExitCode, error));
        Assert.Equal(_cli.Run(args).Out, output);
        using var json = JsonDocument.Parse(output);
    }

    [Fact]
    public void A_pipe_gets_plain_text()
    {
        using var process = Start("run", "rss-udp-flood", "--duration", "12ms");
        var (output, error) = End(process);
        Assert.Equal((0, ""), (process.ExitCode, error));
        Assert.DoesNotContain('\u001b', output);
        Assert.Contains("%idle  hardirqs", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Faults_go_to_standard_error_with_exit_code_2()
    {
        using var process = Start("run", "nosuch");
        var (output, error) = End(process);
        Assert.Equal((2, ""), (process.ExitCode, output));
        Assert.Contains("nosuch", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Ctrl_c_prints_the_result_and_answers_130()
    {
        using var process = Start("run", "udp-echo", "--duration", "3600s", "--verbose");
        while (process.StandardError.ReadLine() is { } line && !line.Contains("starts", StringComparison.Ordinal))
        {
            // the signal must not come before the program listens
        }

        Process.Start("kill", ["-INT", process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]).WaitForExit();
        var (output, error) = End(process);
        Assert.Equal(130, process.ExitCode);
        Assert.Contains("interrupted at", error, StringComparison.Ordinal);
        Assert.Contains("packets: ", output, StringComparison.Ordinal);
    }

    private Process Start(params string[] args)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = _cli.Directory,
        };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "NetActors.Cli.dll"));
        foreach (var arg in args) start.ArgumentList.Add(arg);
        return Process.Start(start)!;
    }

    private static (string Output, string Error) End(Process process)
    {
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEndAsync();
        if (!process.WaitForExit(Patience))
        {
            process.Kill();
            Assert.Fail("the program did not end");
        }

        return (output.Result, error.Result);
    }
}
