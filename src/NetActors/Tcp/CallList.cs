using System.Diagnostics.CodeAnalysis;
using NetActors.Sockets;

namespace NetActors.Tcp;

/// <summary>
/// Calls that sleep in a socket, in the order in which they came (kernel: <c>sk_sleep</c>). Touched only by the socket's actor; takes no
/// memory while nobody sleeps.
/// </summary>
internal struct CallList
{
    private List<BlockingCall>? _calls;

    /// <summary>Calls that sleep.</summary>
    public readonly int Count => _calls?.Count ?? 0;

    /// <summary>A call goes to sleep.</summary>
    public void Add(BlockingCall call) => (_calls ??= []).Add(call);

    /// <summary>A call sleeps no longer. False: it did not.</summary>
    public readonly bool Remove(BlockingCall call) => _calls?.Remove(call) ?? false;

    /// <summary>Takes the call that has slept longest; false when none sleeps.</summary>
    public readonly bool TryTake([MaybeNullWhen(false)] out BlockingCall call)
    {
        call = null;
        if (Count == 0) return false;
        call = _calls![0];
        _calls.RemoveAt(0);
        return true;
    }
}
