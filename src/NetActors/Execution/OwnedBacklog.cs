using System.Collections.Concurrent;

namespace NetActors.Execution;

/// <summary>
/// Real time: something that one CPU at a time works on. What others bring meanwhile waits for the one that does, as packets wait in the
/// backlog of a socket that a task has locked (kernel: <c>lock_sock</c>, <c>sk_add_backlog</c>). Nobody waits, nothing is lost.
/// </summary>
internal sealed class OwnedBacklog<T>
{
    private ConcurrentQueue<T>? _waiting;
    private int _owned;

    /// <summary>Something waits for the owner, or for the next one.</summary>
    public bool HasWaiting => _waiting is { IsEmpty: false };

    /// <summary>How much waits.</summary>
    public int Waiting => _waiting?.Count ?? 0;

    /// <summary>Becomes the owner. False: another CPU is.</summary>
    public bool TryOwn() => Interlocked.CompareExchange(ref _owned, 1, 0) == 0;

    /// <summary>
    /// Becomes the owner with <paramref name="work"/> to begin with, which may be another's that waits longer. False: it was left to the
    /// CPU that is.
    /// </summary>
    public bool TryOwn(ref T work)
    {
        if (TryOwn())
        {
            if (!HasWaiting) return true;
            _waiting!.Enqueue(work); // the last owner left before it saw what waits there, which goes first
            return TryTake(out work!);
        }

        var waiting = _waiting ?? Interlocked.CompareExchange(ref _waiting, new ConcurrentQueue<T>(), null) ?? _waiting!;
        waiting.Enqueue(work);
        return TryOwn() && TryTake(out work!); // the owner may just have left without seeing it: then it is ours, with whatever else came
    }

    /// <summary>The owner's next work; false gives the ownership up.</summary>
    public bool TryTake([System.Diagnostics.CodeAnalysis.MaybeNullWhen(false)] out T work)
    {
        while (true)
        {
            if (_waiting is not null && _waiting.TryDequeue(out work)) return true;
            GiveUp();
            work = default;
            if (!HasWaiting || !TryOwn()) return false;
        }
    }

    /// <summary>The owner failed; what waits is for whoever comes next.</summary>
    public void GiveUp() => Interlocked.Exchange(ref _owned, 0);
}
