namespace NetActors.Script.Syntax;

/// <summary>One event of a script: a time and what happens then.</summary>
/// <param name="Time">When.</param>
/// <param name="Action">What.</param>
/// <param name="Position">Where it is written.</param>
public sealed record ScriptEvent(EventTime Time, ScriptAction Action, ScriptPosition Position);
