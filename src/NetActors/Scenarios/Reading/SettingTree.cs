using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace NetActors.Scenarios.Reading;

/// <summary>Reads YAML text into <see cref="SettingNode"/>s; faults of syntax and duplicated keys go to the list.</summary>
internal sealed class SettingTree
{
    private const int DeepestNesting = 32;

    private readonly IParser _parser;
    private readonly FaultList _faults;
    private readonly Func<Mark, SourcePlace> _place;

    private SettingTree(string text, Func<Mark, SourcePlace> place, FaultList faults) =>
        (_parser, _place, _faults) = (new Parser(new StringReader(text)), place, faults);

    /// <summary>The tree of a file's text. Null when it has no tree; then there is a fault saying why.</summary>
    public static SettingNode? Read(string text, string file, FaultList faults) =>
        Read(text, mark => new SourcePlace(file, (int)mark.Line, (int)mark.Column), new SourcePlace(file, 1, 1), faults);

    /// <summary>The value given with an option; every place in it is the option.</summary>
    public static SettingNode? ReadOption(string text, SourcePlace option, FaultList faults) => Read(text, _ => option, option, faults);

    private static SettingNode? Read(string text, Func<Mark, SourcePlace> place, SourcePlace begin, FaultList faults)
    {
        var tree = new SettingTree(text, place, faults);
        try
        {
            return tree.Document(begin);
        }
        catch (YamlException e)
        {
            faults.Add(place(e.Start), $"not YAML: {Message(e)}");
        }
        catch (SystemException e) when (e is not OutOfMemoryException) // what the parser lets slip on odd bytes, such as EndOfStream
        {
            faults.Add(tree._parser.Current is { } last ? place(last.End) : begin, "not YAML: it ends or goes on where it cannot");
        }

        return null;
    }

    private SettingNode? Document(SourcePlace begin)
    {
        _parser.Consume<StreamStart>();
        if (_parser.TryConsume<StreamEnd>(out _))
        {
            _faults.Add(begin, begin.Line == 0 ? "the value is empty" : "the file is empty");
            return null;
        }

        _parser.Consume<DocumentStart>();
        var node = Node(0);
        _parser.Consume<DocumentEnd>();
        if (_parser.TryConsume<DocumentStart>(out var second))
            _faults.Add(_place(second.Start), "a second document: one file holds one");
        return node;
    }

    private SettingNode? Node(int depth)
    {
        if (depth > DeepestNesting)
        {
            var deep = _parser.Current!;
            throw new YamlException(deep.Start, deep.End, $"nested more than {DeepestNesting} deep");
        }

        switch (_parser.Current)
        {
            case Scalar scalar:
                _parser.MoveNext();
                CheckPlain(scalar);
                return new ScalarNode(_place(scalar.Start), scalar.Value, WordsAt(scalar));
            case SequenceStart start:
                _parser.MoveNext();
                CheckPlain(start);
                return Sequence(new SequenceNode(_place(start.Start)), depth);
            case MappingStart start:
                _parser.MoveNext();
                CheckPlain(start);
                return Mapping(new MappingNode(_place(start.Start)), depth);
            default:
                var other = _parser.Current!;
                _parser.MoveNext();
                _faults.Add(_place(other.Start), "aliases (*name) are not read: write the value out");
                return null;
        }
    }

    private SequenceNode Sequence(SequenceNode sequence, int depth)
    {
        while (!_parser.TryConsume<SequenceEnd>(out _))
            if (Node(depth + 1) is { } item)
                sequence.Items.Add(item);
        return sequence;
    }

    private MappingNode Mapping(MappingNode mapping, int depth)
    {
        var first = new Dictionary<string, SourcePlace>(StringComparer.Ordinal);
        while (!_parser.TryConsume<MappingEnd>(out _))
        {
            var key = Node(depth + 1);
            var value = Node(depth + 1);
            if (key is not ScalarNode name)
            {
                if (key is not null) _faults.Add(key.Place, $"a key is a word, not {key.Kind}");
            }
            else if (!first.TryAdd(name.Text, name.Place))
            {
                _faults.Add(name.Place, $"`{name.Text}` is given twice, first in line {first[name.Text].Line}");
            }
            else if (value is not null)
            {
                mapping.Entries.Add(new SettingEntry(name.Text, name.Place, value));
            }
        }

        return mapping;
    }

    private void CheckPlain(NodeEvent node)
    {
        if (!node.Anchor.IsEmpty) _faults.Add(_place(node.Start), "anchors (&name) are not read: write the value out where it is needed");
        if (!node.Tag.IsEmpty && node.Tag.Value != "!")
            _faults.Add(_place(node.Start),
                "tags (!name) are not read: the key decides what its value is");
    }

    private static int WordsAt(Scalar scalar)
    {
        var quotes = scalar.Style switch { ScalarStyle.Plain => 0, ScalarStyle.SingleQuoted or ScalarStyle.DoubleQuoted => 1, _ => -1 };
        var oneToOne = scalar.Start.Line == scalar.End.Line && scalar.End.Column - scalar.Start.Column == scalar.Value.Length + 2 * quotes;
        return quotes == 0 && scalar.Value.Length == 0 ? 0 : quotes >= 0 && oneToOne ? quotes : -1;
    }

    private static string Message(YamlException e)
    {
        var message = e.Message.ReplaceLineEndings(" ");
        var end = message.StartsWith('(') ? message.IndexOf("): ", StringComparison.Ordinal) : -1;
        if (end >= 0) message = message[(end + 3)..];
        return message.Length == 0 ? "cannot be understood" : char.ToLowerInvariant(message[0]) + message[1..].TrimEnd('.');
    }
}
