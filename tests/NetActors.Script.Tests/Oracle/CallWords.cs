using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using NetActors.Script.Symbols;

namespace NetActors.Script.Tests.Oracle;

/// <summary>The words of a table: numbers, data, addresses, both ways, as oracle.py reads and prints them.</summary>
internal sealed partial class CallWords
{
    private static readonly Dictionary<string, long> Own = OwnConstants();

    /// <summary>Ports that getsockname named.</summary>
    public Dictionary<string, ushort> Ports { get; } = [];

    public static long Number(string word) => word.Split('|').Aggregate(0L, (total, part) => total | One(part));

    public static byte[] Data(string word)
    {
        if (word.StartsWith('"')) return Encoding.Latin1.GetBytes(word[1..^1]);
        if (word.StartsWith("0x", StringComparison.Ordinal)) return Convert.FromHexString(word[2..]);
        var star = word.IndexOf('*', StringComparison.Ordinal);
        if (star > 0) return [.. Enumerable.Repeat((byte)word[star + 1], int.Parse(word[..star], CultureInfo.InvariantCulture))];
        return word == "-" ? [] : Encoding.Latin1.GetBytes(word);
    }

    public static List<string> Split(string line)
    {
        List<string> words = [];
        var word = new StringBuilder();
        var quoted = false;
        foreach (var c in line + " ")
        {
            if (c == '"') quoted = !quoted;
            if (c != ' ' || quoted) word.Append(c);
            else if (word.Length > 0)
            {
                words.Add(word.ToString());
                word.Clear();
            }
        }

        return words;
    }

    public byte[] Sockaddr(string word)
    {
        if (word == "-") return [];
        if (word == "unspec") return new byte[16];
        if (word == "unspec2") return new byte[2];
        if (word.StartsWith("short:", StringComparison.Ordinal)) return Sockaddr(word[6..])[..8];
        if (word.StartsWith("family:", StringComparison.Ordinal)) return [byte.Parse(word[7..], CultureInfo.InvariantCulture), .. new byte[15]];
        if (word.StartsWith("ll:", StringComparison.Ordinal)) return LinkLayer(word[3..].Split(':'));
        var colon = word.LastIndexOf(':');
        var bytes = new byte[16];
        bytes[0] = 2;
        var port = Ports.TryGetValue(word[(colon + 1)..], out var known) ? known : ushort.Parse(word[(colon + 1)..], CultureInfo.InvariantCulture);
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(2), port);
        IPAddress.Parse(word[..colon]).GetAddressBytes().CopyTo(bytes, 4);
        return bytes;
    }

    public static string Address(ReadOnlySpan<byte> raw)
    {
        if (raw.Length == 0) return "-";
        var family = BinaryPrimitives.ReadUInt16LittleEndian(raw);
        if (family == 2) return $"{new IPAddress(raw[4..8])}:{Port(BinaryPrimitives.ReadUInt16BigEndian(raw[2..]))}";
        if (family != 17) return $"family:{family}";
        return $"ll:0x{BinaryPrimitives.ReadUInt16BigEndian(raw[2..]):x4}:{BinaryPrimitives.ReadInt32LittleEndian(raw[4..])}:{BinaryPrimitives.ReadUInt16LittleEndian(raw[8..])}:{raw[10]}:{raw[11]}";
    }

    public static string Text(ReadOnlySpan<byte> raw)
    {
        if (raw.Length == 0) return "\"\"";
        if (raw.Length > 8 && raw[0] is > 32 and < 127 && raw.IndexOfAnyExcept(raw[0]) < 0) return $"{raw.Length}*{(char)raw[0]}";
        if (raw.IndexOfAnyExceptInRange((byte)33, (byte)126) < 0 && !raw.Contains((byte)34)) return $"\"{Encoding.Latin1.GetString(raw)}\"";
        var tail = raw.Length - 1 - raw.LastIndexOfAnyExcept(raw[^1]);
        return tail <= 16 ? "0x" + Convert.ToHexStringLower(raw) : $"0x{Convert.ToHexStringLower(raw[..^tail])}+{tail}*{raw[^1]:x2}";
    }

    /// <summary>A packet without what is random, as oracle.py's clean().</summary>
    public static string Clean(byte[] packet)
    {
        var p = packet.ToArray();
        if (p.Length < 20 || p[0] >> 4 != 4) return Text(p);
        p[4] = p[5] = p[10] = p[11] = 0;
        var n = (p[0] & 15) * 4;
        if ((p[6] & 0x1F) != 0 || p[7] != 0) return Text(p);
        if (p[9] is 6 or 17 && p.Length >= n + 8)
        {
            if (p[n] >= 0x80) p[n] = p[n + 1] = 0xFF;
            if (p[n + 2] >= 0x80) p[n + 2] = p[n + 3] = 0xFF;
            if (p[9] == 17) p[n + 6] = p[n + 7] = 0;
        }

        if (p[9] == 1 && p.Length >= n + 4)
        {
            p[n + 2] = p[n + 3] = 0;
            var isError = p[n] is 3 or 11 or 12;
            if (isError && p.Length >= n + 28) p[n + 12] = p[n + 13] = p[n + 18] = p[n + 19] = 0;
            if (isError && p.Length >= n + 36 && p[n + 17] == 17) p[n + 34] = p[n + 35] = 0;
        }

        return Text(p);
    }

    public static string Messages(ReadOnlySpan<byte> raw)
    {
        List<string> texts = [];
        while (raw.Length >= 16)
        {
            var length = (int)BinaryPrimitives.ReadInt64LittleEndian(raw);
            var (level, kind) = (BinaryPrimitives.ReadInt32LittleEndian(raw[8..]), BinaryPrimitives.ReadInt32LittleEndian(raw[12..]));
            texts.Add(Message(level, kind, raw[16..length]));
            raw = raw[Math.Min(raw.Length, (length + 7) & ~7)..];
        }

        return $"[{string.Join(' ', texts)}]";
    }

    private static string Message(int level, int kind, ReadOnlySpan<byte> body)
    {
        if (level == 1 && kind is 29 or 35 or 37) return $"{level}:{kind}:time";
        if (level != 0 || kind != 11 || body.Length < 16) return $"{level}:{kind}:{Convert.ToHexStringLower(body)}";
        var who = body.Length >= 32 ? Address(body[16..32]) : "-";
        var errno = BinaryPrimitives.ReadInt32LittleEndian(body);
        var name = errno == 0 ? "0" : ((Sockets.Errno)errno).ToString();
        return $"err({name},{body[4]},{body[5]},{body[6]},{BinaryPrimitives.ReadUInt32LittleEndian(body[8..])},{BinaryPrimitives.ReadUInt32LittleEndian(body[12..])},{(who == "family:0" ? "-" : who)})";
    }

    private static string Port(ushort port) => port >= 32768 ? "eph" : port.ToString(CultureInfo.InvariantCulture);

    private static byte[] LinkLayer(string[] parts)
    {
        var bytes = new byte[20];
        bytes[0] = 17;
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(2), (ushort)Number(parts[0]));
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(4), (int)Number(parts[1]));
        var address = Convert.FromHexString(parts[2]);
        bytes[11] = (byte)address.Length;
        address.CopyTo(bytes, 12);
        return bytes;
    }

    private static long One(string part)
    {
        if (Own.TryGetValue(part, out var own) || LinuxSymbols.TryGet(part, out own)) return own;
        var isNegative = part.StartsWith('-');
        var digits = isNegative ? part[1..] : part;
        var value = digits.StartsWith("0x", StringComparison.Ordinal)
            ? long.Parse(digits[2..], NumberStyles.HexNumber, CultureInfo.InvariantCulture)
            : long.Parse(digits, CultureInfo.InvariantCulture);
        return isNegative ? -value : value;
    }

    /// <summary>The numbers that oracle.py gives names itself: one list for both.</summary>
    private static Dictionary<string, long> OwnConstants()
    {
        var source = File.ReadAllText(Repository.Path("tests", "NetActors.Script.Tests", "Oracle", "oracle.py"));
        var start = source.IndexOf("CONST.update(", StringComparison.Ordinal) + 13;
        var list = source[start..source.IndexOf(")\n", start, StringComparison.Ordinal)];
        return Constant().Matches(list).ToDictionary(m => m.Groups[1].Value, m => m.Groups[3].Success
            ? 1L << int.Parse(m.Groups[3].Value, CultureInfo.InvariantCulture)
            : m.Groups[2].Value.StartsWith("0x", StringComparison.Ordinal)
                ? long.Parse(m.Groups[2].Value[2..], NumberStyles.HexNumber, CultureInfo.InvariantCulture)
                : long.Parse(m.Groups[2].Value, CultureInfo.InvariantCulture));
    }

    [GeneratedRegex(@"(\w+)=(0x[0-9A-Fa-f]+|\d+)(?: << (\d+))?")]
    private static partial Regex Constant();
}
