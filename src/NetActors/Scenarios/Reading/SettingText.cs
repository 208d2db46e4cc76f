namespace NetActors.Scenarios.Reading;

/// <summary>Reads the text of a settings file, never more than <see cref="LargestFile"/>.</summary>
internal static class SettingText
{
    /// <summary>Bytes that a file may have; a scenario needs some kilobytes.</summary>
    public const int LargestFile = 1 << 20;

    /// <summary>The text; null with what is wrong, as the end of a sentence.</summary>
    public static string? Read(string path, out string? fault)
    {
        fault = null;
        try
        {
            if (Directory.Exists(path)) return Refuse(out fault, "is a directory");
            if (!File.Exists(path)) return Refuse(out fault, "does not exist");
            using var stream = File.OpenRead(path);
            var bytes = new byte[LargestFile + 1];
            var length = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            if (length > LargestFile) return Refuse(out fault, TooLarge);
            using var reader = new StreamReader(new MemoryStream(bytes, 0, length));
            return reader.ReadToEnd();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return Refuse(out fault, $"cannot be read: {e.Message}");
        }
    }

    /// <summary>What is wrong with a file of more than <see cref="LargestFile"/>.</summary>
    public static string TooLarge => $"is larger than {Quantity.Size.Text(LargestFile)}";

    private static string? Refuse(out string? fault, string reason)
    {
        fault = reason;
        return null;
    }
}
