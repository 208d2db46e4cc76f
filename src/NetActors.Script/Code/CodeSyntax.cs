namespace NetActors.Script.Code;

/// <summary>An expression of Python.</summary>
/// <param name="Position">Where it begins.</param>
internal abstract record CodeExpression(ScriptPosition Position);

/// <summary>A value as it is.</summary>
internal sealed record LiteralCode(CodeValue Value, ScriptPosition Position) : CodeExpression(Position);

/// <summary>A variable or constant.</summary>
internal sealed record NameCode(string Name, ScriptPosition Position) : CodeExpression(Position);

/// <summary><c>-x</c>, <c>+x</c>, <c>~x</c>, <c>not x</c>.</summary>
internal sealed record UnaryCode(string Operator, CodeExpression Operand, ScriptPosition Position) : CodeExpression(Position);

/// <summary>Arithmetic and bit operations.</summary>
internal sealed record BinaryCode(string Operator, CodeExpression Left, CodeExpression Right, ScriptPosition Position)
    : CodeExpression(Position);

/// <summary><c>and</c>, <c>or</c>: the right side is looked at only when it matters.</summary>
internal sealed record LogicalCode(bool IsAnd, CodeExpression Left, CodeExpression Right, ScriptPosition Position)
    : CodeExpression(Position);

/// <summary>A chain of comparisons: <c>a &lt; b &lt;= c</c>.</summary>
internal sealed record CompareCode(CodeExpression First, IReadOnlyList<(string Operator, CodeExpression Operand)> Rest,
    ScriptPosition Position)
    : CodeExpression(Position);

/// <summary>A call of a built-in function.</summary>
internal sealed record CallCode(string Function, IReadOnlyList<CodeExpression> Arguments, ScriptPosition Position)
    : CodeExpression(Position);

/// <summary>A tuple or list.</summary>
internal sealed record SequenceCode(IReadOnlyList<CodeExpression> Items, bool IsTuple, ScriptPosition Position) : CodeExpression(Position);

/// <summary>A statement of Python.</summary>
/// <param name="Position">Where it begins.</param>
/// <param name="Text">As it was written.</param>
internal abstract record CodeStatement(ScriptPosition Position, string Text);

/// <summary><c>assert test, message</c>.</summary>
internal sealed record AssertCode(CodeExpression Test, CodeExpression? Message, ScriptPosition Position, string Text)
    : CodeStatement(Position, Text);

/// <summary><c>name = value</c>; blocks that follow see it.</summary>
internal sealed record AssignCode(string Name, CodeExpression Value, ScriptPosition Position, string Text) : CodeStatement(Position, Text);

/// <summary>An expression for what it does: <c>print(x)</c>.</summary>
internal sealed record EvaluateCode(CodeExpression Value, ScriptPosition Position, string Text) : CodeStatement(Position, Text);
