using NetActors.Buffers;

namespace NetActors.Tcp;

/// <summary>Segments that a connection has made and that did not leave yet; connections share a few of these.</summary>
internal sealed class TcpOutputQueue
{
    private GrowingRing<TcpOutSegment> _segments;

    /// <summary>Segments that wait.</summary>
    internal int Count => _segments.Count;

    /// <summary>The oldest; there must be one.</summary>
    internal ref TcpOutSegment First => ref _segments[0];

    /// <summary>The newest; there must be one.</summary>
    internal ref TcpOutSegment Last => ref _segments.Last;

    /// <summary>Appends one.</summary>
    internal void Add(in TcpOutSegment segment) => _segments.Add(segment);

    /// <summary>Removes the oldest.</summary>
    internal void RemoveFirst() => _segments.RemoveFirst();
}
