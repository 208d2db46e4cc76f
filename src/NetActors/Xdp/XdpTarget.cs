namespace NetActors.Xdp;

/// <summary>Where a program redirects a frame to (kernel: <c>struct bpf_redirect_info</c>).</summary>
internal struct XdpTarget
{
    /// <summary>Number of a device on the host; 0 for none.</summary>
    public int IfIndex;

    /// <summary>The CPU's entry in a map of CPUs; null for none.</summary>
    public CpuMapEntry? Cpu;

    /// <summary>A socket; null for none.</summary>
    public XskSocket? Socket;
}
