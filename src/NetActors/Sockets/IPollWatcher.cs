using NetActors.Hosts;

namespace NetActors.Sockets;

/// <summary>Who wants to hear of a file's readiness (kernel: <c>wait_queue_entry_t</c> with a function, such as <c>ep_poll_callback</c>).</summary>
internal interface IPollWatcher
{
    /// <summary>Only one of such watchers is told of an event (kernel: <c>WQ_FLAG_EXCLUSIVE</c>).</summary>
    bool IsExclusive { get; }

    /// <summary>Something happened, on <paramref name="cpu"/>.</summary>
    /// <param name="cpu">The CPU that runs.</param>
    /// <param name="events">What; None for "look for yourself".</param>
    /// <returns>True when an exclusive watcher took it: nobody else of them needs to be told.</returns>
    bool OnEvent(HostCpu cpu, PollEvents events);

    /// <summary>The file was closed for good (kernel: <c>eventpoll_release</c>).</summary>
    void OnClosed();
}
