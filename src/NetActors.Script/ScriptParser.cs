using NetActors.Script.Parsing;
using NetActors.Script.Syntax;

namespace NetActors.Script;

/// <summary>
/// Reads packet scripts: the packetdrill language by its published grammar (google/packetdrill, parser.y). No text makes it throw: all
/// faults are told at once, and what packetdrill has and this runner has not is refused by its name.
/// </summary>
public static class ScriptParser
{
    /// <summary>Reads a script.</summary>
    /// <param name="text">The text.</param>
    /// <param name="file">What faults call it; relative commands such as <c>./defaults.sh</c> begin from its directory.</param>
    /// <param name="options">What the caller says on top; null for nothing.</param>
    public static ScriptParseResult Parse(string text, string file, ScriptParserOptions? options = null)
    {
        options ??= ScriptParserOptions.None;
        var faults = new ScriptFaults(file);
        var tokens = new TokenReader(ScriptLexer.Read(text, faults, options.Defines));
        var settings = SettingsReader.Read(tokens, options, faults);
        var body = new BodyParser(tokens, settings, faults).Read();
        return faults.Count > 0
            ? new ScriptParseResult(null, faults.Sorted())
            : new ScriptParseResult(new PacketScript(file, settings, body.Init, body.Events, body.Cleanup), []);
    }
}
