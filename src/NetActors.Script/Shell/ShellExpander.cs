using System.Text;

namespace NetActors.Script.Shell;

/// <summary>Turns a word into fields (POSIX 2.6.5): what comes out of an expansion without quotes is split at blanks.</summary>
internal sealed class ShellExpander(Func<ShellPart, string> valueOf)
{
    private readonly List<string> _fields = [];
    private readonly StringBuilder _field = new();
    private bool _isOpen;

    /// <summary>The fields of a word; none when it expands to nothing.</summary>
    public IReadOnlyList<string> Expand(ShellWord word)
    {
        foreach (var part in word.Parts)
        {
            var value = valueOf(part);
            if (part is LiteralPart || part.IsQuoted) Append(value);
            else Split(value);
        }

        Close();
        return _fields;
    }

    private void Append(string text)
    {
        _field.Append(text);
        _isOpen = true;
    }

    private void Split(string value)
    {
        foreach (var character in value)
        {
            if (character is ' ' or '\t' or '\n') Close();
            else Append(character.ToString());
        }
    }

    private void Close()
    {
        if (_isOpen) _fields.Add(_field.ToString());
        _field.Clear();
        _isOpen = false;
    }
}
