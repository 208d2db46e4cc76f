namespace NetActors.Tcp;

/// <summary>What is to be sent again, and why (kernel: <c>REXMIT_*</c> and the calls that the timers make).</summary>
internal enum PendingRetransmit
{
    /// <summary>Nothing is known to be.</summary>
    None,

    /// <summary>What the queue has lost (<c>REXMIT_LOST</c>).</summary>
    Queue,

    /// <summary>New data is to leave first (<c>REXMIT_NEW</c>).</summary>
    NewDataFirst,

    /// <summary>The oldest segment, whatever the window says.</summary>
    TimedOutHead,

    /// <summary>The newest, as a tail loss probe.</summary>
    Probe,
}
