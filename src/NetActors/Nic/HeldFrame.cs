using NetActors.Links;

namespace NetActors.Nic;

/// <summary>A frame on its way into the NIC and what the parser decided about it.</summary>
internal struct HeldFrame
{
    /// <summary>The frame.</summary>
    public WireFrame Frame;

    /// <summary>What becomes of it.</summary>
    public RxVerdict Verdict;
}
