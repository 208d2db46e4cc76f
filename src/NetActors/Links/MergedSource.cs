using NetActors.Time;

namespace NetActors.Links;

/// <summary>Several sources at one device: their frames in order of arrival, the source named first winning ties.</summary>
public sealed class MergedSource(params IFrameSource[] sources) : IFrameSource
{
    /// <inheritdoc />
    public KernelTime NextArrival
    {
        get
        {
            var first = KernelTime.Never;
            foreach (var source in sources) first = KernelTime.Min(first, source.NextArrival);
            return first;
        }
    }

    /// <inheritdoc />
    public bool TryTake(KernelTime until, out WireFrame frame)
    {
        var best = sources[0];
        var first = best.NextArrival;
        for (var i = 1; i < sources.Length; i++)
        {
            var next = sources[i].NextArrival;
            if (next < first) (best, first) = (sources[i], next);
        }

        return best.TryTake(until, out frame);
    }
}
