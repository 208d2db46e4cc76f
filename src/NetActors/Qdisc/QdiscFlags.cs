namespace NetActors.Qdisc;

/// <summary>What kind of qdisc it is (kernel: <c>TCQ_F_*</c>, include/net/sch_generic.h).</summary>
[Flags]
public enum QdiscFlags
{
    /// <summary>Nothing special.</summary>
    None = 0,

    /// <summary>Made by the system, not by a command (<c>TCQ_F_BUILTIN</c>).</summary>
    Builtin = 1,

    /// <summary>Holds a device's incoming hook (<c>TCQ_F_INGRESS</c>).</summary>
    Ingress = 2,

    /// <summary>An empty and idle one may be passed by (<c>TCQ_F_CAN_BYPASS</c>).</summary>
    CanBypass = 4,

    /// <summary>Only a holder of one qdisc for each transmit queue (<c>TCQ_F_MQROOT</c>).</summary>
    MqRoot = 8,

    /// <summary>All its packets go to one transmit queue, so that several are taken at once (<c>TCQ_F_ONETXQUEUE</c>).</summary>
    OneTxQueue = 0x10,

    /// <summary>Needs no lock (<c>TCQ_F_NOLOCK</c>).</summary>
    NoLock = 0x100,
}

/// <summary>What goes on with a qdisc (kernel: <c>__QDISC_STATE_*</c>).</summary>
[Flags]
public enum QdiscState
{
    /// <summary>Idle.</summary>
    None = 0,

    /// <summary>On a CPU's list to be run by NET_TX (<c>__QDISC_STATE_SCHED</c>).</summary>
    Sched = 1,

    /// <summary>Its device is down (<c>__QDISC_STATE_DEACTIVATED</c>).</summary>
    Deactivated = 2,

    /// <summary>Somebody enqueued while it ran (<c>__QDISC_STATE_MISSED</c>).</summary>
    Missed = 4,

    /// <summary>Being run (<c>__QDISC_STATE2_RUNNING</c>).</summary>
    Running = 8,
}
