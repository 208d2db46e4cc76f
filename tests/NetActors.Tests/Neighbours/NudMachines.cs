using NetActors.Neighbours;
using NetActors.Time;

namespace NetActors.Tests.Neighbours;

/// <summary>Machines in each state, entered at <see cref="Entered"/>.</summary>
internal static class NudMachines
{
    public static readonly KernelTime Entered = KernelTime.FromSeconds(100);

    public static NudMachine In(NudState state, NudParms? parms = null)
    {
        var nud = new NudMachine(parms ?? new NudParms(), KernelTime.FromSeconds(1));
        switch (state)
        {
            case NudState.Incomplete:
                nud.OnUse(Entered);
                break;
            case NudState.Reachable or NudState.Stale or NudState.Permanent:
                nud.OnUpdate(state, LinkAddressNews.Different, NudUpdateFlags.Override | NudUpdateFlags.Admin, Entered, out _);
                break;
            case NudState.Delay:
                nud.OnUpdate(NudState.Stale, LinkAddressNews.Different, NudUpdateFlags.None, KernelTime.FromSeconds(2), out _);
                nud.OnUse(Entered);
                break;
            case NudState.Probe:
                nud.OnUpdate(NudState.Stale, LinkAddressNews.Different, NudUpdateFlags.None, KernelTime.FromSeconds(2), out _);
                nud.OnUse(Entered - nud.Parms.DelayFirstProbeTime);
                nud.OnDeadline(Entered);
                break;
            case NudState.Failed:
                nud.OnUpdate(NudState.Failed, LinkAddressNews.Absent, NudUpdateFlags.None, Entered, out _);
                break;
            case NudState.NoArp:
                nud.OnConstructNoArp();
                break;
        }

        Assert.Equal(state, nud.State);
        return nud;
    }
}
