using NetActors.Xdp;

namespace NetActors.Scenarios;

/// <summary>The XDP program of a device.</summary>
/// <param name="Mode">Where it runs.</param>
/// <param name="Program">The program; null for none.</param>
public sealed record XdpSettings(XdpMode Mode, XdpProgram? Program);
