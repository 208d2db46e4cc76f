using NetActors.Script.Syntax;

namespace NetActors.Script.Tests.Doubles;

/// <summary>Reads scripts that tests write.</summary>
internal static class Scripts
{
    /// <summary>A script that has no faults.</summary>
    public static PacketScript Read(string text, ScriptParserOptions? options = null)
    {
        var result = ScriptParser.Parse(text, "test.pkt", options);
        Assert.Empty(result.Faults);
        return result.Script!;
    }

    /// <summary>The only event of a script that has no faults.</summary>
    public static ScriptEvent Event(string text, ScriptParserOptions? options = null) => Assert.Single(Read(text, options).Events);

    /// <summary>The packet of the only event.</summary>
    public static T Packet<T>(string text, ScriptParserOptions? options = null)
        where T : PacketSpec => Assert.IsType<T>(Assert.IsType<PacketAction>(Event(text, options).Action).Packet);

    /// <summary>The call of the only event.</summary>
    public static SyscallAction Call(string text) => Assert.IsType<SyscallAction>(Event(text).Action);

    /// <summary>What is wrong with a script, in its order.</summary>
    public static IReadOnlyList<ScriptFault> Faults(string text, ScriptParserOptions? options = null)
    {
        var result = ScriptParser.Parse(text, "test.pkt", options);
        Assert.Null(result.Script);
        return result.Faults;
    }

    /// <summary>The options of a caller.</summary>
    public static ScriptParserOptions With(params string[] options) => new() { Options = options };
}
