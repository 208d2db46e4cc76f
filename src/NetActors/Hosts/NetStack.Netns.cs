using NetActors.Observe;

namespace NetActors.Hosts;

/// <content>Several namespaces on the CPUs of one machine (kernel: <c>struct net</c>).</content>
internal sealed partial class NetStack
{
    /// <summary>Its number on the machine; 0 for the first.</summary>
    public int Number { get; set; }

    /// <summary>Its counters by CPU; empty where it is the only one, and each CPU has them itself.</summary>
    public MibSet[] Mibs { get; set; } = [];

    /// <summary>What <paramref name="cpu"/> does from here on is this namespace's.</summary>
    public void Enter(HostCpu cpu)
    {
        if (Mibs.Length > 0) cpu.Mib = Mibs[cpu.Cpu.LocalId];
    }
}
