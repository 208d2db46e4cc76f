namespace NetActors.Script.Syntax;

/// <summary>An argument or result of a system call.</summary>
/// <param name="Position">Where it is written.</param>
public abstract record ScriptExpression(ScriptPosition Position);

/// <summary><c>...</c>: the runner fills it in, or it is not looked at.</summary>
/// <param name="Position">Where it is written.</param>
public sealed record EllipsisExpression(ScriptPosition Position) : ScriptExpression(Position);

/// <summary>A number, written as such or by the name of a constant.</summary>
/// <param name="Value">The number.</param>
/// <param name="Name">The constant; null for digits.</param>
/// <param name="Position">Where it is written.</param>
public sealed record IntegerExpression(long Value, string? Name, ScriptPosition Position) : ScriptExpression(Position);

/// <summary>Numbers joined by <c>|</c>.</summary>
/// <param name="Left">What is before the bar.</param>
/// <param name="Right">What is behind it.</param>
/// <param name="Position">Where it begins.</param>
public sealed record OrExpression(ScriptExpression Left, ScriptExpression Right, ScriptPosition Position) : ScriptExpression(Position);

/// <summary><c>NAME = value</c> in a list of attributes.</summary>
/// <param name="Name">The constant.</param>
/// <param name="Key">Its number.</param>
/// <param name="Value">The value.</param>
/// <param name="Position">Where it begins.</param>
public sealed record AssignExpression(string Name, long Key, ScriptExpression Value, ScriptPosition Position) : ScriptExpression(Position);

/// <summary>Text between quotes, with <c>...</c> behind it when only its begin counts.</summary>
/// <param name="Bytes">The bytes, escapes resolved.</param>
/// <param name="IsPrefix">True for <c>"text"...</c>.</param>
/// <param name="Position">Where it begins.</param>
public sealed record StringExpression(IReadOnlyList<byte> Bytes, bool IsPrefix, ScriptPosition Position) : ScriptExpression(Position);

/// <summary><c>[a, b]</c>.</summary>
/// <param name="Items">What it holds.</param>
/// <param name="Position">Where it begins.</param>
public sealed record ListExpression(IReadOnlyList<ScriptExpression> Items, ScriptPosition Position) : ScriptExpression(Position);

/// <summary><c>{a, b}</c> without names: a list of attributes.</summary>
/// <param name="Items">What it holds.</param>
/// <param name="Position">Where it begins.</param>
public sealed record BraceListExpression(IReadOnlyList<ScriptExpression> Items, ScriptPosition Position) : ScriptExpression(Position);

/// <summary>The bytes of an IPv6 address: <c>inet6_addr("::1")</c>.</summary>
/// <param name="Address">The address.</param>
/// <param name="Position">Where it begins.</param>
public sealed record In6AddrExpression(UInt128 Address, ScriptPosition Position) : ScriptExpression(Position);
