using NetActors.Xdp;

namespace NetActors.Scenarios;

/// <summary>The XDP program of a device.</summary>
/// <param name="Mode">Where it runs.</param>
/// <param name="Program">What it does.</param>
public sealed record XdpSettings(XdpMode Mode, XdpChoice Program)
{
    /// <summary><see cref="XdpWord.Echo"/> and <see cref="XdpWord.Xsk"/>: the UDP port that it is for; 0 for all.</summary>
    public int Port { get; init; }

    /// <summary><see cref="XdpWord.CpuMap"/>: the CPUs that it gives frames to.</summary>
    public CpuSet Cpus { get; init; } = CpuSet.Empty;

    /// <summary><see cref="XdpWord.CpuMap"/>: frames that the queue of each holds.</summary>
    public int QueueSize { get; init; } = 192;
}

/// <summary>A program by word, or given.</summary>
/// <param name="Word">Which.</param>
/// <param name="Program">The program of <see cref="XdpWord.Given"/>; null otherwise.</param>
public sealed record XdpChoice(XdpWord Word, XdpProgram? Program)
{
    /// <summary>No program.</summary>
    public static XdpChoice None { get; } = new(XdpWord.None, null);
}

/// <summary>Programs of scenarios.</summary>
public enum XdpWord
{
    /// <summary>No program.</summary>
    None,

    /// <summary>One that needs nothing else: pass, drop, tx or classic BPF.</summary>
    Given,

    /// <summary>Answers datagrams itself.</summary>
    Echo,

    /// <summary>Spreads frames over CPUs.</summary>
    CpuMap,

    /// <summary>Gives datagrams to the AF_XDP socket of their queue.</summary>
    Xsk,
}
