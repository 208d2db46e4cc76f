using System.Buffers.Binary;
using NetActors.Script.Code;
using NetActors.Script.Syntax;
using NetActors.Script.Tests.Doubles;

namespace NetActors.Script.Tests.Code;

/// <summary>The part of Python that assertions use; expectations are what python3 answers.</summary>
public sealed class CodeTests
{
    private static CodeRunner Run(string code, params (string Name, Int128 Value)[] variables)
    {
        var action = Assert.IsType<CodeAction>(Scripts.Event($"0 %{{ {code} }}%").Action);
        var runner = new CodeRunner();
        foreach (var (name, value) in variables) runner.Variables[name] = new CodeInteger(value);
        runner.Run(action.Program);
        return runner;
    }

    private static string Value(string expression) => Run($"print({expression})").Printed[0];

    [Theory]
    [InlineData("1 + 2 * 3", "7")]
    [InlineData("(1 + 2) * 3", "9")]
    [InlineData("7 / 2", "3.5")]
    [InlineData("4 / 2", "2.0")]
    [InlineData("7 // 2", "3")]
    [InlineData("-7 // 2", "-4")]
    [InlineData("-7 % 3", "2")]
    [InlineData("7.5 // 2", "3.0")]
    [InlineData("2 ** 10", "1024")]
    [InlineData("-2 ** 2", "-4")]
    [InlineData("(-1) ** 1000001", "-1")]
    [InlineData("2 ** -1", "0.5")]
    [InlineData("1 << 70", "1180591620717411303424")]
    [InlineData("0xff & 0x0f | 0x30 ^ 1", "63")]
    [InlineData("~5", "-6")]
    [InlineData("1 + 2 == 3 and not 0", "True")]
    [InlineData("0 or 5", "5")]
    [InlineData("3 and 0", "0")]
    [InlineData("1 < 2 < 3", "True")]
    [InlineData("1 < 3 < 2", "False")]
    [InlineData("1 == 1.0", "True")]
    [InlineData("2 in (1, 2)", "True")]
    [InlineData("2 not in [1, 2]", "False")]
    [InlineData("'b' in 'abc'", "True")]
    [InlineData("abs(-3), min(4, 2), max([1, 9])", "3 2 9")]
    [InlineData("int(3.9), round(2.5), float(2), len('abc')", "3 2 2.0 3")]
    [InlineData("'%d us %s %x' % (5, 'x', 255)", "5 us x ff")]
    [InlineData("'a' + 'b'", "ab")]
    [InlineData("(1,), [1, 'x'], None, True", "(1,) [1, 'x'] None True")]
    [InlineData(".5 + 1e3", "1000.5")]
    [InlineData("TCP_CA_Recovery + TCPI_OPT_SACK", "5")]
    public void Expressions_have_the_value_that_Python_gives_them(string expression, string value) =>
        Assert.Equal(value, Value(expression));

    [Fact]
    public void Statements_are_split_by_semicolons_and_lines_and_comments_are_passed_over() =>
        Assert.Equal(["1", "2", "3"], Run("print(1); print(2) # two\nprint(3)").Printed);

    [Fact]
    public void New_lines_inside_parentheses_do_not_end_a_statement() => Assert.Equal(["6"], Run("print(1 +\n  (2 +\n 3))").Printed);

    [Fact]
    public void An_assertion_that_holds_says_nothing() =>
        Assert.Empty(Run("assert tcpi_state == 1, tcpi_state", ("tcpi_state", 1)).Printed);

    [Fact]
    public void An_assertion_that_fails_tells_itself_its_message_and_what_its_names_are()
    {
        var error = Assert.Throws<CodeErrorException>(() =>
            Run("assert tcpi_state == 1 and tcpi_unacked < 5, 'state=%d' % tcpi_state", ("tcpi_state", 4), ("tcpi_unacked", 7)));
        Assert.Equal("assert tcpi_state == 1 and tcpi_unacked < 5, 'state=%d' % tcpi_state failed: state=4 (tcpi_state = 4, tcpi_unacked = 7)", error.Message);
        Assert.Equal(new ScriptPosition(1, 6), error.Position);
    }

    [Fact]
    public void The_second_line_of_a_block_is_named_as_such()
    {
        var error = Assert.Throws<CodeErrorException>(() => Run("\n  assert 1\n  assert 0"));
        Assert.Equal(new ScriptPosition(3, 3), error.Position);
    }

    [Fact]
    public void What_one_block_assigns_the_next_can_read()
    {
        var script = Scripts.Read("0 %{ before = tcpi_snd_cwnd }%\n+0 %{ assert tcpi_snd_cwnd == before + 1 }%");
        var runner = new CodeRunner();
        runner.Variables["tcpi_snd_cwnd"] = new CodeInteger(10);
        runner.Run(((CodeAction)script.Events[0].Action).Program);
        runner.Variables["tcpi_snd_cwnd"] = new CodeInteger(11);
        runner.Run(((CodeAction)script.Events[1].Action).Program);
    }

    [Theory]
    [InlineData("1 / 0", "division by zero")]
    [InlineData("1 + 'a'", "'+' is not defined for int and str")]
    [InlineData("1 < 'a'", "'<' is not defined for int and str")]
    [InlineData("2 ** 200", "does not fit into 128 bits")]
    [InlineData("1 << 500", "cannot shift by 500")]
    [InlineData("'%d' % 'x'", "the format %d for str is not supported")]
    [InlineData("abs('x')", "abs() does not take (str)")]
    [InlineData("tcpi_rtt", "the stack does not say 'tcpi_rtt'")]
    public void What_cannot_be_computed_ends_the_block(string expression, string message) =>
        Assert.Contains(message, Assert.Throws<CodeErrorException>(() => Value(expression)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("import os", 6, "Python's 'import' is not supported")]
    [InlineData("if tcpi_state: print(1)", 6, "Python's 'if' is not supported")]
    [InlineData("print(1 if 2 else 3)", 14, "expected ',' or ')'")]
    [InlineData("assert tcpi_sate == 1", 13, "unknown name 'tcpi_sate'")]
    [InlineData("open('x')", 6, "the function open() is not supported")]
    [InlineData("tcpi_state = 5", 6, "is read from the socket and cannot be assigned")]
    [InlineData("assert (1", 16, "expected ')'")]
    [InlineData("print('abc)", 12, "has no end")]
    [InlineData("x.y", 6, "unknown name 'x'")]
    public void What_is_not_supported_is_refused_while_the_script_is_read(string code, int column, string message)
    {
        var fault = Scripts.Faults($"0 %{{ {code} }}%")[0];
        Assert.Contains(message, fault.Message, StringComparison.Ordinal);
        Assert.Equal(new ScriptPosition(1, column), fault.Position);
    }

    [Fact]
    public void Each_statement_has_a_fault_of_its_own() =>
        Assert.Equal(2, Scripts.Faults("0 %{ assert nosuch; assert 1; assert alsonot }%").Count);

    [Fact]
    public void Endless_nesting_is_a_fault_and_not_an_overflow()
    {
        Assert.Contains("nested too deep", Scripts.Faults($"0 %{{ assert {new string('(', 9999)}1 }}%")[0].Message,
            StringComparison.Ordinal);
        Assert.Contains("nested too deep", Scripts.Faults($"0 %{{ assert {new string('-', 9999)}1 }}%")[0].Message,
            StringComparison.Ordinal);
    }

    /// <summary>Offsets of struct tcp_info (include/uapi/linux/tcp.h), counted by hand from the declaration.</summary>
    [Fact]
    public void The_bytes_of_tcp_info_become_variables()
    {
        var bytes = new byte[280];
        (bytes[0], bytes[1], bytes[5], bytes[6], bytes[7]) = (1, 3, 7, 0x79, 1);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(24), 11); // tcpi_unacked
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(80), 10); // tcpi_snd_cwnd
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(112), ulong.MaxValue); // tcpi_max_pacing_rate
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(228), 65535); // tcpi_snd_wnd
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(242), 2); // tcpi_total_rto_recoveries
        var variables = new Dictionary<string, CodeValue>();
        TcpInfoFields.ReadInfo(bytes, variables);
        Assert.Equal(new CodeInteger(1), variables["tcpi_state"]);
        Assert.Equal(new CodeInteger(3), variables["tcpi_ca_state"]);
        Assert.Equal(new CodeInteger(7), variables["tcpi_options"]);
        Assert.Equal(new CodeInteger(9), variables["tcpi_snd_wscale"]);
        Assert.Equal(new CodeInteger(7), variables["tcpi_rcv_wscale"]);
        Assert.Equal(new CodeInteger(1), variables["tcpi_delivery_rate_app_limited"]);
        Assert.Equal(new CodeInteger(11), variables["tcpi_unacked"]);
        Assert.Equal(new CodeInteger(10), variables["tcpi_snd_cwnd"]);
        Assert.Equal(new CodeInteger(ulong.MaxValue), variables["tcpi_max_pacing_rate"]);
        Assert.Equal(new CodeInteger(65535), variables["tcpi_snd_wnd"]);
        Assert.Equal(new CodeInteger(2), variables["tcpi_total_rto_recoveries"]);
    }

    [Fact]
    public void A_shorter_structure_says_less()
    {
        var variables = new Dictionary<string, CodeValue> { ["tcpi_snd_wnd"] = new CodeInteger(5) };
        TcpInfoFields.ReadInfo(new byte[232 - 4], variables);
        Assert.True(variables.ContainsKey("tcpi_reord_seen"));
        Assert.False(variables.ContainsKey("tcpi_snd_wnd"));
    }

    [Fact]
    public void What_the_congestion_control_says_shows_in_its_length()
    {
        var variables = new Dictionary<string, CodeValue>();
        var bbr = new byte[20];
        (bbr[0], bbr[4]) = (5, 1);
        TcpInfoFields.ReadCongestion(bbr, variables);
        Assert.Equal(new CodeInteger((1L << 32) + 5), variables["bbr_bw"]);
        var dctcp = new byte[16];
        dctcp[4] = 9;
        TcpInfoFields.ReadCongestion(dctcp, variables);
        Assert.Equal(new CodeInteger(9), variables["dctcp_alpha"]);
    }
}
