namespace NetActors.Buffers;

/// <summary>Where a reason's count stands in a flat array: the kernel's numbers first, then the emulator's own.</summary>
public static class DropTable
{
    private const int KernelReasons = 128;
    private const int OwnReasons = 32;
    private const int OwnBase = 0x1000;

    /// <summary>Length of such an array.</summary>
    public const int Size = KernelReasons + OwnReasons;

    /// <summary>The place of <paramref name="reason"/>.</summary>
    public static int IndexOf(SkbDropReason reason) =>
        (int)reason < OwnBase ? (int)reason & (KernelReasons - 1) : KernelReasons + (((int)reason - OwnBase) & (OwnReasons - 1));

    /// <summary>The reason at <paramref name="index"/>.</summary>
    public static SkbDropReason ReasonAt(int index) =>
        (SkbDropReason)(index < KernelReasons ? index : index - KernelReasons + OwnBase);
}
