namespace NetActors.Attach.Tests;

/// <summary>A pipe at its slowest: one byte a call; and then, if so asked, a failure.</summary>
internal sealed class DripStream(byte[] bytes, bool failsAtEnd = false) : MemoryStream(bytes)
{
    public override int Read(byte[] buffer, int offset, int count) =>
        failsAtEnd && Position == Length ? throw new IOException("the cable was pulled") : base.Read(buffer, offset, Math.Min(1, count));
}
