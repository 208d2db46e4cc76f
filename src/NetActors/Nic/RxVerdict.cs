using NetActors.Buffers;

namespace NetActors.Nic;

/// <summary>What the NIC's parser decided about a frame; whether the queue has room is known only when the frame arrives.</summary>
internal struct RxVerdict
{
    /// <summary>Why the frame is not wanted; <see cref="SkbDropReason.NOT_DROPPED_YET"/> when it is.</summary>
    public SkbDropReason Drop;

    /// <summary>Whom it is for.</summary>
    public PacketType Type;

    /// <summary>What the flow rules said.</summary>
    public FlowRuleOutcome Rule;

    /// <summary>Its receive queue; -1 when it is dropped.</summary>
    public int Queue;

    /// <summary>Its receive hash.</summary>
    public RssHash Hash;

    /// <summary>Where its headers are.</summary>
    public FrameLayout Layout;
}

/// <summary>What the flow rules said of a frame.</summary>
internal enum FlowRuleOutcome : byte
{
    /// <summary>They were not asked.</summary>
    NotAsked,

    /// <summary>One wanted it (<c>fdir_match</c>).</summary>
    Match,

    /// <summary>None did (<c>fdir_miss</c>).</summary>
    Miss,
}
