using NetActors.Time;

namespace NetActors.Apps.Traffic;

/// <summary>When frames are offered, whatever becomes of them: the open-loop load of a generator. Times never go back.</summary>
public abstract class ArrivalProcess
{
    /// <summary>When the next frame is offered.</summary>
    public KernelTime Next { get; private protected set; }

    /// <summary>The frame of <see cref="Next"/> was taken: moves on to the one after it.</summary>
    public abstract void Advance();
}
