namespace NetActors.Observe;

/// <summary>Takes trace events. Whoever traces holds a null sink when tracing is off, so that an event costs one test then.</summary>
public interface ITraceSink
{
    /// <summary>Takes one event; must not allocate.</summary>
    void Emit(in TraceEvent e);
}
