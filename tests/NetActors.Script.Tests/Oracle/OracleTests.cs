using System.Diagnostics;

namespace NetActors.Script.Tests.Oracle;

/// <summary>Calls answer what Linux answers: the tables were written by the running kernel (oracle.py --write).</summary>
public sealed class OracleTests
{
    public static TheoryData<string, string> Sections
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var table in CallTable.Names.Select(CallTable.Read))
            {
                foreach (var section in table.Sections) data.Add(table.Name, section.Title);
            }

            return data;
        }
    }

    public static TheoryData<string> Tables => [.. CallTable.Names];

    [Theory]
    [MemberData(nameof(Sections))]
    public void Calls_answer_as_on_linux(string table, string title)
    {
        var section = CallTable.Read(table).Sections.Single(s => s.Title == title);
        using var player = new CallPlayer();
        List<string> wrong = [];
        foreach (var call in section.Calls)
        {
            var answer = player.Play(call.Text);
            if (answer != call.Answer) wrong.Add($"{table}.calls:{call.Line}: {call.Text}\n    Linux: {call.Answer}\n    here:  {answer}");
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    [KernelTheory]
    [MemberData(nameof(Tables))]
    public void Tables_are_what_this_kernel_answers(string table)
    {
        var folder = Repository.Path("tests", "NetActors.Script.Tests", "Oracle");
        var start = new ProcessStartInfo("python3", [Path.Combine(folder, "oracle.py"), "--check", Path.Combine(folder, "Tables", table + ".calls")])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEnd() + process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, output);
    }
}

/// <summary>Skipped where the kernel cannot be asked: without root, /dev/net/tun, python3 or Linux 6.18.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class KernelTheoryAttribute : TheoryAttribute
{
    public KernelTheoryAttribute()
    {
        var release = File.Exists("/proc/sys/kernel/osrelease") ? File.ReadAllText("/proc/sys/kernel/osrelease").Trim() : "none";
        if (Environment.UserName != "root") Skip = "needs root for a network namespace";
        else if (!File.Exists("/dev/net/tun")) Skip = "needs /dev/net/tun";
        else if (!release.StartsWith("6.18.", StringComparison.Ordinal)) Skip = $"the tables are of Linux 6.18, this is {release}";
        else if (!HasPython()) Skip = "needs python3";
    }

    private static bool HasPython()
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo("python3", "--version") { RedirectStandardOutput = true });
            process!.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
