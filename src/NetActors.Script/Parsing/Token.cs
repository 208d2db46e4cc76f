namespace NetActors.Script.Parsing;

/// <summary>One token of a script.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">What it says, without delimiters.</param>
/// <param name="Position">Where it begins.</param>
/// <param name="Content">Where <paramref name="Text"/> begins: behind an opening delimiter.</param>
/// <param name="IsFirstOnLine">Only blanks and comments are before it on its line.</param>
internal readonly record struct Token(TokenKind Kind, string Text, ScriptPosition Position, ScriptPosition Content, bool IsFirstOnLine)
{
    /// <summary>True for this one character.</summary>
    public bool Is(char character) => Kind == TokenKind.Punctuation && Text[0] == character;

    /// <summary>True for this word.</summary>
    public bool Is(string word) => Kind == TokenKind.Word && Text == word;

    /// <summary>The token as messages quote it.</summary>
    public override string ToString() => Kind switch
    {
        TokenKind.End => "the end of the script",
        TokenKind.String => $"\"{Text}\"",
        TokenKind.Command => "a shell command",
        TokenKind.Code => "%{ code }%",
        TokenKind.Ellipsis => "'...'",
        TokenKind.Option => $"'--{Text}'",
        _ => $"'{Text}'",
    };
}
