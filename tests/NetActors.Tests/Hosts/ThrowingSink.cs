using NetActors.Observe;

namespace NetActors.Tests.Hosts;

/// <summary>Throws when a point is reached for the n-th time inside an actor.</summary>
internal sealed class ThrowingSink(TracePoint point, int nth, bool again = false) : ITraceSink
{
    private int _seen;

    public bool Thrown { get; private set; }

    public void Emit(in TraceEvent e)
    {
        if (e.Point != point || (Thrown && !again) || ++_seen < nth) return;
        (Thrown, _seen) = (true, 0);
        throw new InvalidOperationException("made to fail");
    }
}
