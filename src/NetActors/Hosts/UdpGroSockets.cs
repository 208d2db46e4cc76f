using NetActors.Buffers;
using NetActors.Gro;
using NetActors.Udp;

namespace NetActors.Hosts;

/// <summary>
/// Which datagrams of a card are merged: those for sockets with UDP_GRO, and with <c>rx-udp-gro-forwarding</c> those for nobody here
/// (kernel: <c>udp4_gro_receive</c>, <c>udp_gro_receive</c>).
/// </summary>
/// <param name="stack">Whose sockets.</param>
/// <param name="isForForwarding">The device has that feature on now.</param>
internal sealed class UdpGroSockets(NetStack stack, Func<bool> isForForwarding) : IGroSockets
{
    private bool ForForwarding => isForForwarding();

    /// <inheritdoc />
    public bool AnyWantsGro => stack.Udp.WantsGro || ForForwarding;

    /// <inheritdoc />
    public bool WantsGro(SkBuff skb, uint source, ushort sourcePort, uint destination, ushort destinationPort)
    {
        // Until some socket asks for it Linux looks for none: with the feature on, datagrams for sockets are merged too, and cut again.
        if (!stack.Udp.WantsGro) return ForForwarding;
        var endpoint = stack.Udp.Lookup(new UdpLookup(source, sourcePort, destination, destinationPort, skb.IfIndex, Execution.EmulatedCpu.Current?.LocalId ?? 0));
        return endpoint is null ? ForForwarding : endpoint.Owner is UdpSocket { IsGro: true };
    }
}
