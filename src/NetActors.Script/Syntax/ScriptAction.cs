using NetActors.Script.Code;
using NetActors.Script.Shell;
using NetActors.Time;

namespace NetActors.Script.Syntax;

/// <summary>What happens at an event.</summary>
public abstract record ScriptAction;

/// <summary>A packet comes in or is expected to go out.</summary>
/// <param name="Packet">The packet.</param>
public sealed record PacketAction(PacketSpec Packet) : ScriptAction;

/// <summary>A system call with what it should answer.</summary>
/// <param name="Name">The call.</param>
/// <param name="Arguments">What it is given, and what it should write into buffers.</param>
/// <param name="Result">What it should return.</param>
/// <param name="Error">The error it should give; null when the script names none.</param>
/// <param name="BlocksUntil">
/// When a call that blocks should end, counted as the time of the event; null for a call that does not block.
/// </param>
/// <param name="Note">The words in parentheses; they are not checked.</param>
/// <param name="Position">Where the name is written.</param>
public sealed record SyscallAction(
    string Name,
    IReadOnlyList<ScriptExpression> Arguments,
    ScriptExpression Result,
    ErrnoSpec? Error,
    KernelTime? BlocksUntil,
    string? Note,
    ScriptPosition Position) : ScriptAction;

/// <summary>A shell command that must end well.</summary>
/// <param name="Program">The command.</param>
public sealed record CommandAction(ShellProgram Program) : ScriptAction;

/// <summary>Code that looks at <c>struct tcp_info</c> at this moment.</summary>
/// <param name="Program">The code.</param>
public sealed record CodeAction(CodeProgram Program) : ScriptAction;

/// <summary>An error by its name.</summary>
/// <param name="Name">For example <c>EAGAIN</c>.</param>
/// <param name="Number">Linux's number for it.</param>
public sealed record ErrnoSpec(string Name, int Number);
