using NetActors.Buffers;

namespace NetActors.Sockets;

/// <summary>Chooses a member of a reuseport group (SO_ATTACH_REUSEPORT_CBPF; kernel: <c>run_bpf_filter</c> of net/core/sock_reuseport.c).</summary>
public interface IReuseportProgram
{
    /// <summary>The member's number; one beyond the group leaves the choice to the flow's hash.</summary>
    /// <param name="skb">The packet; its data begins at its transport header.</param>
    /// <param name="headerBytes">Length of that header: the program counts from behind it.</param>
    /// <param name="cpu">CPU that handles the packet.</param>
    uint Choose(SkBuff skb, int headerBytes, int cpu);
}
