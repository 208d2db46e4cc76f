namespace NetActors.Attach;

/// <summary>A stream read forwards in large pieces, which knows its offset and answers failures instead of throwing them.</summary>
internal sealed class CaptureInput(Stream stream)
{
    private readonly byte[] _buffer = new byte[64 * 1024];
    private int _start;
    private int _end;

    /// <summary>Bytes handed out so far.</summary>
    public long Offset { get; private set; }

    /// <summary>What the stream said when it failed; null while it has not.</summary>
    public string? Failure { get; private set; }

    /// <summary>Fills <paramref name="destination"/> as far as the file goes; the number of bytes.</summary>
    public int Read(Span<byte> destination)
    {
        var done = 0;
        while (done < destination.Length && (_start < _end || Refill()))
        {
            var count = Math.Min(destination.Length - done, _end - _start);
            _buffer.AsSpan(_start, count).CopyTo(destination[done..]);
            _start += count;
            done += count;
        }

        Offset += done;
        return done;
    }

    /// <summary>The next bytes without taking them, fewer at the end of the file; only before the first <see cref="Read"/>.</summary>
    public ReadOnlySpan<byte> Peek(int count)
    {
        while (_end - _start < count && Refill())
        {
            // a pipe may give less than asked for
        }

        return _buffer.AsSpan(_start, Math.Min(count, _end - _start));
    }

    private bool Refill()
    {
        if (Failure is not null) return false;
        if (_start == _end) (_start, _end) = (0, 0);
        var count = 0;
        try
        {
            count = stream.Read(_buffer, _end, _buffer.Length - _end);
        }
        catch (Exception e) when (e is IOException or InvalidDataException or NotSupportedException or ObjectDisposedException
            or UnauthorizedAccessException)
        {
            Failure = e.Message; // the outside failed: an answer to the user, not a bug of ours
        }

        _end += count;
        return count > 0;
    }
}
