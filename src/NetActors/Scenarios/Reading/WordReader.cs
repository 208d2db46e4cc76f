namespace NetActors.Scenarios.Reading;

/// <summary>Walks over the words of a line in the grammar of a command (<c>ip route</c>, <c>ethtool -N</c>); faults name the word's column.</summary>
internal sealed class WordReader
{
    private readonly List<(string Text, int At)> _words = [];
    private readonly ScalarNode? _node;
    private readonly FaultList _faults;
    private readonly SourcePlace _place;
    private int _next;

    /// <summary>The words of <paramref name="node"/>; a fault and no words when it is not a single value.</summary>
    public WordReader(SettingNode node, string what, FaultList faults)
    {
        (_faults, _place, _node) = (faults, node.Place, node as ScalarNode);
        if (_node is null) faults.Add(node.Place, $"{what} is one line of words, not {node.Kind}");
        for (var at = 0; at < _node?.Text.Length;)
        {
            var begin = at;
            while (at < _node.Text.Length && !char.IsWhiteSpace(_node.Text[at])) at++;
            if (at > begin) _words.Add((_node.Text[begin..at], begin));
            else at++;
        }

        if (_node is not null && _words.Count == 0) Fail(what + " is empty");
        Faulty |= _node is null;
    }

    /// <summary>A fault was found.</summary>
    public bool Faulty { get; private set; }

    /// <summary>A word is left.</summary>
    public bool More => _next < _words.Count;

    /// <summary>The next word without taking it; empty at the end.</summary>
    public string Peek => More ? _words[_next].Text : "";

    /// <summary>Takes the next word; a fault at the end, naming what was expected.</summary>
    public string Take(string expected)
    {
        if (More) return _words[_next++].Text;
        Fail($"{expected} is missing at the end");
        return "";
    }

    /// <summary>Takes and reads the word after a keyword; the fault and <paramref name="otherwise"/> when it cannot be read.</summary>
    public T Take<T>(string expected, Func<string, Reading<T>> read, T otherwise)
    {
        var word = Take(expected);
        if (word.Length == 0) return otherwise;
        var reading = read(word);
        if (reading.Fault is null) return reading.Value!;
        Fail(reading.Fault, reading.Suggestion, reading.At);
        return otherwise;
    }

    /// <summary>A fault at the word taken last; at the begin when none was.</summary>
    public void Fail(string message, string? suggestion = null, int at = 0)
    {
        Faulty = true;
        var place = _next == 0 || _node is null ? _place : _node.PlaceAt(_words[_next - 1].At + at);
        _faults.Add(place, message, suggestion);
    }

    /// <summary>A fault for a word that the grammar does not have here.</summary>
    public void FailUnknown(string word, IEnumerable<string> known)
    {
        var names = known.ToList();
        Fail($"`{Words.Cut(word)}` is not {Words.Or(names)}", NearestName.Of(word, names));
    }
}
