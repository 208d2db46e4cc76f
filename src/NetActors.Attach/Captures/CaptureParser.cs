using NetActors.Time;

namespace NetActors.Attach;

/// <summary>What the readers of both formats share: the buffer, the fault and the time of the first packet.</summary>
internal abstract class CaptureParser(CaptureInput input, CaptureLimits limits)
{
    private long? _firstTimestamp;
    private long _lastTimestamp;

    public List<CaptureInterface> Interfaces { get; } = [];

    public CaptureFault Fault { get; private set; }

    protected CaptureInput Input { get; } = input;

    protected CaptureLimits Limits { get; } = limits;

    protected byte[] Buffer { get; private set; } = new byte[4096];

    /// <summary>Reads the next packet. False at the end of the file and at a fault.</summary>
    public abstract bool TryRead(out CaptureRecord record);

    protected bool Fail(CaptureFaultKind kind, long offset, string message)
    {
        Fault = new CaptureFault(kind, offset, message);
        return false;
    }

    /// <summary>The file ended early, or the stream failed.</summary>
    protected bool FailShort(long offset, string what, long has, long needs) => Input.Failure is { } failure
        ? Fail(CaptureFaultKind.InputOutput, offset, $"reading failed: {failure}")
        : Fail(CaptureFaultKind.Truncated, offset, $"the file ends after {has} of the {needs} bytes of a {what}");

    /// <summary>Room for a block whose length was checked against the limit; grows, never shrinks.</summary>
    protected void Reserve(int length)
    {
        if (length <= Buffer.Length) return;
        var larger = new byte[Math.Max(length, Math.Min(Buffer.Length * 2, Limits.MaxBlockBytes))];
        Buffer.CopyTo(larger, 0);
        Buffer = larger;
    }

    protected bool TryAddInterface(CaptureInterface added, long offset)
    {
        if (Interfaces.Count >= Limits.MaxInterfaces)
            return Fail(CaptureFaultKind.BadInterface, offset, $"more than {Limits.MaxInterfaces} interfaces, the reader's limit");
        Interfaces.Add(added);
        return true;
    }

    protected bool CheckLinkType(CaptureInterface of, long offset) => of.HasKnownLinkType || Fail(
        CaptureFaultKind.UnknownLinkType,
        offset,
        $"link type {of.LinkTypeNumber} is not one of 0 (null), 1 (Ethernet), 101 (raw IP), 108 (loop), 113 (SLL), 276 (SLL2)");

    /// <summary>The packet's time since the first timestamp of the file; a packet without one stands where the last one did.</summary>
    protected (KernelTime Since, long Absolute) Stamp(long? unixNanoseconds)
    {
        if (unixNanoseconds is { } now)
        {
            _firstTimestamp ??= now;
            _lastTimestamp = now;
        }

        return (new KernelTime(_lastTimestamp - (_firstTimestamp ?? 0)), _lastTimestamp);
    }

    /// <summary>A length of the file as a length of ours.</summary>
    protected static int Clamp(uint length) => (int)Math.Min(length, int.MaxValue);
}
