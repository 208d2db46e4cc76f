using CsCheck;
using NetActors.Script.Running;
using NetActors.Script.Shell;
using NetActors.Script.Syntax;
using NetActors.Script.Tests.Doubles;
using NetActors.Script.Wire;

namespace NetActors.Script.Tests;

/// <summary>No text makes the parser throw, no packet the reader, no script the runner.</summary>
public sealed class FuzzTests
{
    private static readonly string Folder = Repository.Path("tests", "NetActors.Script.Tests", "Conformance");
    private static readonly string[] Texts = [.. Directory.GetFiles(Folder, "*.pkt").Order(StringComparer.Ordinal).Select(File.ReadAllText)];

    private static readonly string[] Pieces =
    [
        "`", "\"", "%{", "}%", "/*", "*/", "...", "..", ".", "+", "~", "*", "<", ">", "(", ")", "[", "]", "{", "}", ":", ",", "=", "|", "-1", "0x",
        "99999999999999999999", "::", "::1", "1.2.3.4", "--mtu=", "assert", "not", "in", "$(", "$((", "${", "for", "if", "\\", "#", "\n", "\0", "é",
        "{fd=", "{msg_name", "udp (", "icmp", "sack", "FO", "ack", "\t", "=-1 E (",
    ];

    /// <summary>A conformance script with some stretches cut out, doubled, or replaced by pieces of the grammar.</summary>
    private static readonly Gen<string> Mutated =
        from text in Gen.Int[0, Texts.Length - 1].Select(static index => Texts[index])
        from edits in Gen.Select(Gen.Double.Unit, Gen.Int[0, 12], Gen.Int[0, 2], Gen.Int[0, Pieces.Length - 1].Select(static index => Pieces[index])).Array[1, 6]
        select edits.Aggregate(text, static (current, edit) =>
        {
            var at = (int)(edit.Item1 * current.Length);
            var length = Math.Min(edit.Item2, current.Length - at);
            return edit.Item3 switch
            {
                0 => current.Remove(at, length),
                1 => current.Insert(at, current.Substring(at, length)),
                _ => current.Remove(at, length).Insert(at, edit.Item4),
            };
        });

    [Fact]
    public void A_spoilt_script_is_a_script_or_has_faults_at_places_of_its_text() => Mutated.Sample(static text =>
    {
        var result = ScriptParser.Parse(text, "x.pkt");
        Assert.NotEqual(result.IsValid, result.Faults.Count > 0);
        var lines = text.Split('\n');
        Assert.All(result.Faults, fault =>
        {
            Assert.InRange(fault.Position.Line, 1, lines.Length);
            Assert.InRange(fault.Position.Column, 1, lines[fault.Position.Line - 1].Length + 1);
        });
    }, iter: 5000);

    [Fact]
    public void A_spoilt_script_that_is_still_one_runs_to_its_end_or_to_a_failure() => Mutated.Sample(static text =>
    {
        if (ScriptParser.Parse(text, "x.pkt").Script is not { } script) return;
        var connection = new Connection();
        connection.OnSegment = packet => connection.Send(Headers.TcpFlags.Ack, 1, 1);
        var result = ScriptRunner.Run(script, connection.Host, connection.Commands, new ScriptDirectory(Folder));
        Assert.NotNull(result.Dialogue);
    }, iter: 1500);

    [Fact]
    public void Random_bytes_and_spoilt_packets_never_make_the_reader_throw()
    {
        var good = StackPackets.Tcp(1, 2, Headers.TcpFlags.Ack, 5, 6, 20, options: "0101050a0000000100000002");
        (from bytes in Gen.Byte.Array[0, 80] select bytes).Sample(static bytes => { WireReader.TryRead(bytes, out _, out _); }, iter: 5000);
        (from edits in Gen.Select(Gen.Int[0, good.Length - 1], Gen.Byte).Array[1, 4] from length in Gen.Int[0, good.Length] select (edits, length))
            .Sample(mutation =>
            {
                var bytes = good[..mutation.length];
                foreach (var (at, value) in mutation.edits.Where(edit => edit.Item1 < bytes.Length)) bytes[at] = value;
                WireReader.TryRead(bytes, out _, out _);
            }, iter: 5000);
    }

    [Fact]
    public void Options_that_are_written_are_read_as_they_were()
    {
        var option = Gen.OneOf(
            Gen.Const<TcpOptionSpec>(new NopOption()),
            Gen.UShort.Select(static mss => (TcpOptionSpec)new MssOption(mss)),
            Gen.Byte.Select(static shift => (TcpOptionSpec)new WindowScaleOption(shift)),
            Gen.Const<TcpOptionSpec>(new SackPermittedOption()),
            Gen.Select(Gen.UInt, Gen.UInt).Select(static pair => (TcpOptionSpec)new TimestampOption(pair.Item1, pair.Item2)),
            Gen.Select(Gen.UInt, Gen.UInt).Array[1, 4].Select(static blocks => (TcpOptionSpec)new SackOption(blocks)),
            Gen.Byte.Array[0, 16].Select(static cookie => (TcpOptionSpec)new FastOpenOption(cookie, true)),
            Gen.Byte.Array[0, 16].Select(static cookie => (TcpOptionSpec)new FastOpenOption(cookie, false)),
            Gen.Byte.Array[0, 16].Select(static data => (TcpOptionSpec)new RawOption(99, data)));
        option.Array[0, 6].Sample(static options =>
        {
            var bytes = TcpOptionCodec.Write(options);
            Assert.True(TcpOptionCodec.TryRead(bytes, out var read));
            Assert.Equal(PacketText.Options(options), PacketText.Options(read));
            Assert.Equal(bytes, TcpOptionCodec.Write(read));
        }, iter: 2000);
    }
}
