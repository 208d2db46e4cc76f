using System.Globalization;

namespace NetActors.Qdisc;

/// <summary>Handles of qdiscs and classes: major and minor number, 16 bits each, in hexadecimal (kernel: <c>TC_H_*</c>).</summary>
public static class TcHandle
{
    /// <summary>Parent of a device's root (<c>TC_H_ROOT</c>).</summary>
    public const uint Root = 0xFFFFFFFF;

    /// <summary>Handle and parent of the ingress hook (<c>TC_H_CLSACT</c>).</summary>
    public const uint Clsact = 0xFFFFFFF1;

    /// <summary>No handle (<c>TC_H_UNSPEC</c>).</summary>
    public const uint None = 0;

    /// <summary>The qdisc's part.</summary>
    public static uint Major(uint handle) => handle & 0xFFFF0000;

    /// <summary>The class's part.</summary>
    public static uint Minor(uint handle) => handle & 0xFFFF;

    /// <summary>Reads <c>1:</c>, <c>1:10</c> or <c>:10</c>. False for anything else.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out uint handle)
    {
        handle = 0;
        var colon = text.IndexOf(':');
        if (colon < 0 || text.Length == 1) return false;
        uint major = 0, minor = 0;
        if (colon > 0 && !uint.TryParse(text[..colon], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out major)) return false;
        if (colon + 1 < text.Length && !uint.TryParse(text[(colon + 1)..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out minor)) return false;
        handle = (major << 16) | minor;
        return major <= 0xFFFF && minor <= 0xFFFF;
    }

    /// <summary>As tc prints it: <c>1:</c> for a qdisc, <c>1:a</c> for a class.</summary>
    public static string Format(uint handle) => handle switch
    {
        Root => "root",
        None => "none",
        _ when Major(handle) == 0 => string.Create(CultureInfo.InvariantCulture, $":{Minor(handle):x}"),
        _ when Minor(handle) == 0 => string.Create(CultureInfo.InvariantCulture, $"{handle >> 16:x}:"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{handle >> 16:x}:{Minor(handle):x}"),
    };
}
