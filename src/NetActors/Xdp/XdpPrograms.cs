using NetActors.Headers;

namespace NetActors.Xdp;

/// <summary>Programs that scenarios name by a word.</summary>
public static class XdpPrograms
{
    /// <summary>Sends UDP datagrams back to where they came from, out by the same device; others go into the stack.</summary>
    /// <param name="port">Only those to this port; 0 for all.</param>
    public static XdpProgram Echo(int port) => (ref XdpBuff packet) => UdpFrame.TryTurn(packet.Data, port) ? XdpAction.Tx : XdpAction.Pass;

    /// <summary>Gives datagrams to CPUs by their flow, as the kernel's sample does that hashes addresses and ports; others go into the stack.</summary>
    /// <param name="map">The CPUs.</param>
    public static XdpProgram ToCpus(CpuMap map)
    {
        ArgumentNullException.ThrowIfNull(map);
        return (ref XdpBuff packet) => UdpFrame.TryHash(packet.Data, out var hash)
            ? packet.RedirectTo(map, map.Cpus[(int)(hash % (uint)map.Cpus.Count)])
            : XdpAction.Pass;
    }

    /// <summary>Gives UDP datagrams to the AF_XDP socket of their queue; others, and those of queues without one, go into the stack.</summary>
    /// <param name="map">The sockets.</param>
    /// <param name="port">Only those to this port; 0 for all.</param>
    public static XdpProgram ToSockets(XskMap map, int port)
    {
        ArgumentNullException.ThrowIfNull(map);
        return (ref XdpBuff packet) => UdpFrame.IsTo(packet.Data, port) ? packet.RedirectTo(map, packet.RxQueueIndex, XdpAction.Pass) : XdpAction.Pass;
    }
}
