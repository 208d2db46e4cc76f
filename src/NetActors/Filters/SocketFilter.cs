using NetActors.Buffers;
using NetActors.Sockets;

namespace NetActors.Filters;

/// <summary>A filter that a program attached to a socket (SO_ATTACH_FILTER; kernel: <c>struct sk_filter</c>).</summary>
public sealed class SocketFilter
{
    private readonly BpfInstruction[] _program;

    private SocketFilter(BpfInstruction[] program) => _program = program;

    /// <summary>The instructions.</summary>
    public ReadOnlySpan<BpfInstruction> Program => _program;

    /// <summary>Takes a program over.</summary>
    /// <param name="bytes">Its instructions, eight bytes each (kernel: <c>struct sock_filter</c>).</param>
    /// <param name="filter">The filter.</param>
    /// <returns>None; EINVAL for a program that may not run.</returns>
    public static Errno TryCreate(ReadOnlySpan<byte> bytes, out SocketFilter? filter)
    {
        filter = null;
        if (bytes.Length % BpfInstruction.Size != 0) return Errno.EINVAL;
        var program = new BpfInstruction[bytes.Length / BpfInstruction.Size];
        for (var i = 0; i < program.Length; i++) program[i] = BpfInstruction.Read(bytes[(i * BpfInstruction.Size)..]);
        var error = BpfChecker.Check(program);
        if (error == Errno.None) filter = new SocketFilter(program);
        return error;
    }

    /// <summary>How much of a packet, whose data begins where the filter counts from, its socket gets; 0 for nothing.</summary>
    /// <param name="skb">The packet.</param>
    /// <param name="cpu">CPU that runs the filter.</param>
    /// <param name="random">Random bits for filters that ask for them.</param>
    public uint Run(SkBuff skb, int cpu = 0, uint random = 0) => BpfMachine.Run(_program, new BpfPacket(skb, cpu, random));
}
