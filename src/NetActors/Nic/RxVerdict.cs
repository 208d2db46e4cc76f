using NetActors.Buffers;

namespace NetActors.Nic;

/// <summary>What the NIC's parser decided about a frame; whether the queue has room is known only when the frame arrives.</summary>
/// <param name="Drop">Why the frame is not wanted; <see cref="SkbDropReason.NOT_DROPPED_YET"/> when it is.</param>
/// <param name="Queue">Its receive queue.</param>
/// <param name="Hash">Its receive hash.</param>
/// <param name="Layout">Where its headers are.</param>
/// <param name="Type">Whom it is for.</param>
/// <param name="Rule">What the flow rules said.</param>
internal readonly record struct RxVerdict(
    SkbDropReason Drop,
    int Queue,
    RssHash Hash,
    FrameLayout Layout,
    PacketType Type,
    FlowRuleOutcome Rule);

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
