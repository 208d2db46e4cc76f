using NetActors.Buffers;

namespace NetActors.Xdp;

/// <summary>Runs a program on frames of one queue, and counts.</summary>
internal static class XdpRunner
{
    /// <summary>Runs the program. What it throws or answers wrongly is <see cref="XdpAction.Aborted"/>.</summary>
    /// <param name="program">The program.</param>
    /// <param name="skb">From the link header on.</param>
    /// <param name="queue">Its receive queue.</param>
    /// <param name="stats">Of that queue.</param>
    /// <param name="target">Where it redirects to.</param>
    public static XdpAction Run(XdpProgram program, SkBuff skb, int queue, XdpStats stats, out XdpTarget target)
    {
        target = default;
        XdpAction action;
        try
        {
            var packet = new XdpBuff(skb, queue, skb.IfIndex, ref target);
            action = program(ref packet);
        }
#pragma warning disable CA1031 // a program of somebody else's: its failure is its verdict
        catch (Exception)
#pragma warning restore CA1031
        {
            action = XdpAction.Aborted;
        }

        if (action is < XdpAction.Aborted or > XdpAction.Redirect) action = XdpAction.Aborted; // bpf_warn_invalid_xdp_action
        stats.Count(action);
        return action;
    }
}
