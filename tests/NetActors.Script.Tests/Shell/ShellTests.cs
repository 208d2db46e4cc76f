using NetActors.Script.Shell;
using NetActors.Script.Tests.Doubles;

namespace NetActors.Script.Tests.Shell;

/// <summary>The shell's language; expectations are what dash answers.</summary>
public sealed class ShellTests
{
    private readonly FakeCommands _host = new();

    private ShellResult Run(string command, params (string Path, string Text)[] files)
    {
        var script = Scripts.Read($"`{command}`\n0 close(3) = 0");
        return new ShellInterpreter(_host, new FakeFiles(files)).Run(script.Init!.Program);
    }

    private string Say(string command) => Run(command).Output;

    [Theory]
    [InlineData("true", 0)]
    [InlineData("false", 1)]
    [InlineData("true && false", 1)]
    [InlineData("false || true", 0)]
    [InlineData("false && true || true", 0)]
    [InlineData("false; true", 0)]
    [InlineData("! false", 0)]
    [InlineData("exit 3; true", 3)]
    [InlineData("false || exit 5", 5)]
    [InlineData("[ a = a ]", 0)]
    [InlineData("[ a != a ]", 1)]
    [InlineData("test 3 -lt 5 && test -z \"\"", 0)]
    [InlineData("[ 3 -gt 5 ]", 1)]
    [InlineData("[ ! -n \"\" ]", 0)]
    [InlineData("set -e; false; true", 1)]
    [InlineData("set -e; false || true; true", 0)]
    [InlineData("set -e; if false; then true; fi; true", 0)]
    [InlineData("if false; then exit 4; elif true; then exit 5; else exit 6; fi", 5)]
    [InlineData("if false; then exit 4; else exit 6; fi", 6)]
    [InlineData("nosuch=5; echo $nosuch | grep -q 5", 0)]
    [InlineData("echo abc | grep -q x", 1)]
    public void The_status_is_that_of_the_last_command(string command, int status) => Assert.Equal(status, Run(command).Status);

    [Theory]
    [InlineData("echo a  b", "a b\n")]
    [InlineData("echo 'a  b' \"c  d\"", "a  b c  d\n")]
    [InlineData("echo a\\\n b # comment", "a b\n")]
    [InlineData("x='1 2'; echo $x-\"$x\"", "1 2-1 2\n")]
    [InlineData("for i in a b c; do echo $i; done", "a\nb\nc\n")]
    [InlineData("for i in a \\\n  b\ndo\n echo $i\ndone", "a\nb\n")]
    [InlineData("echo $((15*1024*1024)) $((1 + 2 << 3))", "15728640 24\n")]
    [InlineData("echo $(echo one; echo two)", "one two\n")]
    [InlineData("echo ${PPID}", "1\n")]
    [InlineData("echo x >/dev/null; echo y", "y\n")]
    [InlineData("echo x > /tmp/f; echo y >> /tmp/f; cat /tmp/f", "x\ny\n")]
    [InlineData("printf 'a\\n'", "a\n")]
    [InlineData("echo -n a; echo b", "ab\n")]
    [InlineData("false; echo $?", "1\n")]
    [InlineData("echo a b | grep -c a", "1\n")]
    [InlineData("a=1; b=$a$a; echo $b", "11\n")]
    public void Words_are_expanded_and_outputs_go_where_they_should(string command, string output) => Assert.Equal(output, Say(command));

    [Fact]
    public void Errors_go_to_their_own_output_unless_they_are_sent_elsewhere()
    {
        Assert.NotEmpty(Run("sysctl kernel.nosuch").Errors);
        Assert.Empty(Run("sysctl kernel.nosuch >/dev/null 2>&1").Errors);
        Assert.NotEmpty(Run("sysctl kernel.nosuch 2>&1 >/dev/null").Output);
        Assert.Empty(Run("sysctl kernel.nosuch 2>/dev/null").Errors);
    }

    [Fact]
    public void The_settings_file_of_the_conformance_scripts_runs_as_it_is()
    {
        var folder = Repository.Path("tests", "NetActors.Script.Tests", "Conformance");
        var script = Scripts.Read("`./base.sh; sysctl -q -w net.ipv4.tcp_timestamps=1`\n0 close(3) = 0");
        var result = new ShellInterpreter(_host, new ScriptDirectory(folder)).Run(script.Init!.Program);
        Assert.Equal(ShellResult.Success, result);
        Assert.Equal("flush ", Assert.Single(_host.Calls));
        Assert.Equal(19, _host.Sysctls.Count);
        Assert.Equal("1", _host.Sysctls["net.ipv4.tcp_timestamps"]);
        Assert.Equal("6", _host.Sysctls["net.ipv4.tcp_syn_retries"]);
        Assert.Equal("reno", _host.Sysctls["net.ipv4.tcp_congestion_control"]);
        Assert.Equal("4096 131072 6291456", _host.Sysctls["net.ipv4.tcp_rmem"]);
    }

    [Fact]
    public void A_settings_file_gets_arguments_and_its_exit_ends_only_itself()
    {
        var result = Run("./x.sh one two; echo after $?", ("./x.sh", "#!/bin/bash\necho $1 $2 $#\nexit 3\necho never\n"));
        Assert.Equal("one two 2\nafter 3\n", result.Output);
    }

    [Fact]
    public void A_settings_file_that_is_missing_or_no_shell_script_or_calls_itself_is_refused()
    {
        Assert.Equal(127, Run("./nosuch.sh").Status);
        Assert.Equal(126, Run("./x.py", ("./x.py", "#!/usr/bin/env python3\nprint(1)\n")).Status);
        Assert.Contains("nested too deep", Run("./x.sh", ("./x.sh", "./x.sh\n")).Errors, StringComparison.Ordinal);
        Assert.Contains("./x.sh:2:3: the shell command 'frob' is not supported", Run("./x.sh", ("./x.sh", "true\n  frob\n")).Errors,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Files_are_read_relative_to_the_script_and_never_from_the_root()
    {
        var folder = new ScriptDirectory(Repository.Path("tests", "NetActors.Script.Tests", "Shell"));
        Assert.True(folder.TryRead("../Conformance/base.sh", out _));
        Assert.False(folder.TryRead("/etc/passwd", out _));
        Assert.False(folder.TryRead("nosuch.sh", out _));
    }

    [Theory]
    [InlineData("frob --all", 2, "the shell command 'frob' is not supported")]
    [InlineData("true; whoami", 8, "the shell command 'whoami' is not supported")]
    [InlineData("while true; do true; done", 2, "the shell's 'while' is not supported")]
    [InlineData("true & true", 7, "the shell's '&' is not supported")]
    [InlineData("(true)", 2, "the shell's '(' is not supported")]
    [InlineData("[[ a = a ]]", 2, "the shell's '[[' is not supported")]
    [InlineData("cat << EOF", 6, "the shell's '<<' is not supported")]
    [InlineData("echo ${x:-5}", 7, "of the shell's ${...} only ${name} is supported")]
    [InlineData("for i in a; echo $i; done", 14, "expected 'do' in the shell command, found 'echo'")]
    [InlineData("echo 'a", 7, "has no end: ' is missing")]
    public void What_is_not_supported_is_refused_by_name_while_the_script_is_read(string command, int column, string message)
    {
        var fault = Scripts.Faults($"`{command}`\n0 close(3) = 0")[0];
        Assert.Contains(message, fault.Message, StringComparison.Ordinal);
        Assert.Equal(new ScriptPosition(1, column), fault.Position);
    }

    [Fact]
    public void A_name_that_comes_out_of_a_variable_is_refused_when_it_runs()
    {
        var result = Run("x=frob; $x now");
        Assert.Equal(127, result.Status);
        Assert.Contains("'frob' is not supported", result.Errors, StringComparison.Ordinal);
    }
}
