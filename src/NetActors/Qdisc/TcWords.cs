using System.Globalization;

namespace NetActors.Qdisc;

/// <summary>The words of a tc command, read one after the other; the first fault is kept (iproute2: tc/tc_util.c).</summary>
internal sealed class TcWords(string command)
{
    private static readonly (string Suffix, double Scale)[] RateSuffixes =
    [
        ("bit", 1), ("kibit", 1024), ("kbit", 1e3), ("mibit", 1024 * 1024), ("mbit", 1e6), ("gibit", 1024.0 * 1024 * 1024), ("gbit", 1e9),
        ("tbit", 1e12), ("bps", 8), ("kibps", 8 * 1024), ("kbps", 8e3), ("mibps", 8 * 1024 * 1024), ("mbps", 8e6), ("gbps", 8e9),
    ];

    private static readonly (string Suffix, double Scale)[] SizeSuffixes =
    [
        ("b", 1), ("k", 1024), ("kb", 1024), ("m", 1024 * 1024), ("mb", 1024 * 1024), ("g", 1024.0 * 1024 * 1024), ("gb", 1024.0 * 1024 * 1024),
        ("kbit", 1024 / 8.0), ("mbit", 1024 * 1024 / 8.0), ("gbit", 1024.0 * 1024 * 1024 / 8),
    ];

    private static readonly (string Suffix, double Scale)[] TimeSuffixes =
    [
        ("s", 1e9), ("sec", 1e9), ("secs", 1e9), ("ms", 1e6), ("msec", 1e6), ("msecs", 1e6), ("us", 1e3), ("usec", 1e3), ("usecs", 1e3),
        ("ns", 1), ("nsec", 1), ("nsecs", 1),
    ];

    private readonly string[] _words = command.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
    private int _next;
    private int _faulty; // number of the word that is at fault

    /// <summary>What is wrong; null while nothing is.</summary>
    public string? Fault { get; private set; }

    /// <summary>The command as it was given.</summary>
    public string Command { get; } = command;

    /// <summary>Words are left and nothing was wrong.</summary>
    public bool HasNext => Fault is null && _next < _words.Length;

    /// <summary>The next word, which stays; empty at the end.</summary>
    public string Peek => _next < _words.Length ? _words[_next] : "";

    /// <summary>Takes the next word; empty at the end.</summary>
    public string Next() => _next < _words.Length ? _words[_next++] : "";

    /// <summary>Gives the last word back.</summary>
    public void Back() => _next--;

    /// <summary>Takes the next word if it is <paramref name="word"/>.</summary>
    public bool Skip(string word)
    {
        if (Peek != word) return false;
        _next++;
        return true;
    }

    /// <summary>The next word begins with a digit: an optional figure follows (<c>NEXT_IS_NUMBER</c>).</summary>
    public bool NextIsNumber => Peek.Length > 0 && char.IsAsciiDigit(Peek[0]);

    /// <summary>The next word is a number with a sign or without.</summary>
    public bool NextIsSignedNumber => NextIsNumber || (Peek.Length > 1 && Peek[0] == '-' && char.IsAsciiDigit(Peek[1]));

    /// <summary>Where in the command the fault is: the word taken last.</summary>
    public int FaultAt
    {
        get
        {
            var at = 0;
            for (var i = 0; ; i++)
            {
                while (at < Command.Length && char.IsWhiteSpace(Command[at])) at++;
                if (i >= _faulty || at >= Command.Length) return at;
                while (at < Command.Length && !char.IsWhiteSpace(Command[at])) at++;
            }
        }
    }

    /// <summary>Something is wrong; the first such word holds.</summary>
    public void Fail(string fault)
    {
        if (Fault is not null) return;
        (Fault, _faulty) = (fault, Math.Max(0, _next - 1));
    }

    /// <summary>The word is not known here.</summary>
    public void Unknown(string word) => Fail($"What is \"{word}\"?");

    /// <summary>The value of <paramref name="option"/>: a whole number, in hexadecimal with 0x.</summary>
    public long Whole(string option, long least = 0, long most = uint.MaxValue)
    {
        var word = Next();
        var hex = word.StartsWith("0x", StringComparison.OrdinalIgnoreCase);
        var read = hex
            ? long.TryParse(word.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value)
            : long.TryParse(word, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value);
        if (read && value >= least && value <= most) return value;
        Illegal(option, word, $"a number from {least} to {most}");
        return least;
    }

    /// <summary>A mask: hexadecimal, with 0x or without.</summary>
    public long Hex(string option, long most)
    {
        var word = Next();
        var digits = word.StartsWith("0x", StringComparison.OrdinalIgnoreCase) ? word.AsSpan(2) : word;
        if (long.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value) && value >= 0 && value <= most) return value;
        Illegal(option, word, string.Create(CultureInfo.InvariantCulture, $"a hexadecimal number up to 0x{most:x}"));
        return 0;
    }

    /// <summary>A rate in bytes a second (<c>get_rate64</c>); a share of the link's speed with %.</summary>
    public long Rate(string option, long linkSpeed = 0)
    {
        var word = Next();
        if (word.EndsWith('%') && Number(word.AsSpan(0, word.Length - 1), out var percent) && linkSpeed > 0) return (long)(linkSpeed / 8 * percent / 100);
        if (Scaled(word, RateSuffixes, 1, out var bits) && bits >= 0 && bits < 8e15) return (long)(bits / 8);
        Illegal(option, word, "a rate such as 10mbit");
        return 1;
    }

    /// <summary>A size in bytes (<c>get_size</c>).</summary>
    public int Size(string option)
    {
        var word = Next();
        if (Scaled(word, SizeSuffixes, 1, out var bytes) && bytes >= 0 && bytes <= int.MaxValue) return (int)bytes;
        Illegal(option, word, "a size such as 32kb");
        return 0;
    }

    /// <summary>A time in nanoseconds; without a unit microseconds (<c>get_time64</c>).</summary>
    public long Nanoseconds(string option, bool signed = false)
    {
        var word = Next();
        if (Scaled(word, TimeSuffixes, 1e3, out var nanoseconds) && (signed || nanoseconds >= 0) && Math.Abs(nanoseconds) < 4e18) return (long)Math.Round(nanoseconds);
        Illegal(option, word, "a time such as 100ms");
        return 0;
    }

    /// <summary>A share of 2^32 - 1, from percent (<c>get_percent</c>).</summary>
    public uint Percent(string option)
    {
        var word = Next();
        var text = word.EndsWith('%') ? word.AsSpan(0, word.Length - 1) : word;
        if (Number(text, out var percent) && percent is >= 0 and <= 100) return (uint)Math.Round(percent / 100 * uint.MaxValue);
        Illegal(option, word, "a share from 0% to 100%");
        return 0;
    }

    /// <summary>A plain number.</summary>
    public double Real(string option, double least, double most)
    {
        var word = Next();
        if (Number(word, out var value) && value >= least && value <= most) return value;
        Illegal(option, word, string.Create(CultureInfo.InvariantCulture, $"a number from {least} to {most}"));
        return least;
    }

    /// <summary>A handle of a qdisc or class.</summary>
    public uint Handle(string option)
    {
        var word = Next();
        if (TcHandle.TryParse(word, out var handle)) return handle;
        Illegal(option, word, "a handle such as 1: or 1:10");
        return 0;
    }

    private void Illegal(string option, string word, string wanted) =>
        Fail(word.Length == 0 ? $"\"{option}\" needs {wanted}" : $"Illegal \"{option}\": \"{word}\" is not {wanted}");

    private static bool Scaled(string word, (string Suffix, double Scale)[] suffixes, double plain, out double value)
    {
        var end = word.Length;
        while (end > 0 && char.IsAsciiLetter(word[end - 1])) end--;
        var scale = end == word.Length ? plain : double.NaN;
        foreach (var (suffix, factor) in suffixes)
        {
            if (word.AsSpan(end).Equals(suffix, StringComparison.OrdinalIgnoreCase)) scale = factor;
        }

        if (!Number(word.AsSpan(0, end), out value) || double.IsNaN(scale)) return false;
        value *= scale;
        return true;
    }

    private static bool Number(ReadOnlySpan<char> text, out double value) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value);
}
