namespace NetActors.Neighbours;

/// <summary>What the owner of a <see cref="NudMachine"/> has to do after an input.</summary>
[Flags]
public enum NudEffects : byte
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>The packet in hand may go out with the known link address (<c>__neigh_event_send</c> answered 0).</summary>
    Transmit = 0x01,

    /// <summary>The packet in hand waits in the unresolved queue.</summary>
    Queue = 0x02,

    /// <summary>Send one solicitation; <see cref="NudMachine.ProbeKind"/> says how.</summary>
    Solicit = 0x04,

    /// <summary>The address is known now: send what waits (<c>neigh_update_process_arp_queue</c>).</summary>
    SendQueue = 0x08,

    /// <summary>Nobody answered: report what waits as unreachable, then drop it (<c>neigh_invalidate</c>).</summary>
    FailQueue = 0x10,

    /// <summary>The packet in hand cannot be resolved at all: drop it with NEIGH_FAILED.</summary>
    DropFailed = 0x20,

    /// <summary>Take the offered link address over.</summary>
    TakeAddress = 0x40,

    /// <summary>The entry changed for whoever watches (kernel: <c>neigh_notify</c>).</summary>
    Notify = 0x80,
}
