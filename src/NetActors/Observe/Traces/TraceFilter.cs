using System.Diagnostics.CodeAnalysis;

namespace NetActors.Observe;

/// <summary>Chooses trace events: of one packet, of one flow, of some trace points, or all that hold at once. Allocates nothing.</summary>
public sealed class TraceFilter
{
    private readonly bool[] _points;
    private readonly long? _packetId;
    private readonly uint? _flowHash;

    private TraceFilter(bool[] points, long? packetId, uint? flowHash) => (_points, _packetId, _flowHash) = (points, packetId, flowHash);

    /// <summary>
    /// A filter for the trace points that the names or globs (<c>*</c>, <c>?</c>) choose, all when there are none, and for one packet and
    /// one flow when given. False with a sentence that says the nearest valid name when a name chooses nothing.
    /// </summary>
    public static bool TryCreate(
        IReadOnlyCollection<string> points, long? packetId, uint? flowHash,
        [NotNullWhen(true)] out TraceFilter? filter, [NotNullWhen(false)] out string? fault)
    {
        filter = null;
        fault = null;
        var names = Enum.GetNames<TracePoint>();
        var chosen = new bool[names.Length];
        if (points.Count == 0) Array.Fill(chosen, true);
        foreach (var glob in points)
        {
            var found = false;
            for (var i = 0; i < names.Length; i++)
            {
                if (!Glob.Matches(glob, names[i])) continue;
                chosen[i] = found = true;
            }
            if (found) continue;
            fault = $"unknown trace point '{glob}'; the nearest is '{NearestName.Of(glob, names)}'";
            return false;
        }
        filter = new TraceFilter(chosen, packetId, flowHash);
        return true;
    }

    /// <summary>Whether the event is wanted.</summary>
    public bool Matches(in TraceEvent e) =>
        _points[(int)e.Point]
        && (_packetId is not { } packet || e.PacketId == packet)
        && (_flowHash is not { } flow || e.FlowHash == flow);
}
