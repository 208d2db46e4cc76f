using NetActors.Attach;

namespace NetActors.Cli.Captures;

/// <summary>What is said about captures.</summary>
internal static class CaptureWords
{
    /// <summary>Why a capture gives no packet.</summary>
    public static string Nothing(CaptureFault fault) => fault.Kind switch
    {
        CaptureFaultKind.None => "the capture holds no packet",
        CaptureFaultKind.EmptyFile => "the file is empty",
        CaptureFaultKind.InputOutput => fault.Message!,
        _ => fault.ToString(),
    };
}
