namespace NetActors.Script.Parsing;

/// <summary>Walks over text and knows line and column; shared by the lexers of scripts, shell commands and code.</summary>
internal sealed class TextScanner(string text, ScriptPosition start)
{
    private int _line = start.Line;
    private int _column = start.Column;

    /// <summary>The whole text.</summary>
    public string Text => text;

    /// <summary>Index of the next character.</summary>
    public int Index { get; private set; }

    /// <summary>True when nothing is left.</summary>
    public bool IsAtEnd => Index >= text.Length;

    /// <summary>The next character; '\0' at the end.</summary>
    public char Current => Peek(0);

    /// <summary>Line and column of the next character.</summary>
    public ScriptPosition Position => new(_line, _column);

    /// <summary>The character <paramref name="ahead"/> places on; '\0' behind the end.</summary>
    public char Peek(int ahead) => Index + ahead < text.Length ? text[Index + ahead] : '\0';

    /// <summary>True when the text goes on like this.</summary>
    public bool StartsWith(string wanted) => string.CompareOrdinal(text, Index, wanted, 0, wanted.Length) == 0;

    /// <summary>Steps over one character and answers it.</summary>
    public char Advance()
    {
        var character = text[Index++];
        if (character == '\n') (_line, _column) = (_line + 1, 1);
        else _column++;
        return character;
    }

    /// <summary>Steps over some characters and answers them.</summary>
    public string Take(int count)
    {
        var taken = text.Substring(Index, count);
        for (var i = 0; i < count; i++) Advance();
        return taken;
    }

    /// <summary>How many characters from here on are such.</summary>
    public int CountWhile(Func<char, bool> wanted, int from = 0)
    {
        var count = from;
        while (Index + count < text.Length && wanted(text[Index + count])) count++;
        return count - from;
    }

    /// <summary>Characters up to the next <paramref name="end"/>; -1 when there is none.</summary>
    public int DistanceTo(string end)
    {
        var at = text.IndexOf(end, Index, StringComparison.Ordinal);
        return at < 0 ? -1 : at - Index;
    }
}
