using System.Globalization;

namespace NetActors.Attach;

/// <summary>Why reading or writing a capture ended early; <c>default</c> is no fault.</summary>
/// <param name="Kind">What is wrong.</param>
/// <param name="Offset">Where in the file the header, block or record at fault begins, in bytes.</param>
/// <param name="Message">The fault in words for the user, with the numbers that contradict each other.</param>
public readonly record struct CaptureFault(CaptureFaultKind Kind, long Offset, string? Message)
{
    /// <summary>True when there is no fault.</summary>
    public bool IsNone => Kind == CaptureFaultKind.None;

    /// <summary>Offset and message on one line; empty without a fault.</summary>
    public override string ToString() =>
        IsNone ? "" : string.Create(CultureInfo.InvariantCulture, $"at byte {Offset}: {Message}");
}
