using NetActors.Buffers;
using NetActors.Sockets;

namespace NetActors.Filters;

/// <summary>A filter that a program attached to a socket (SO_ATTACH_FILTER; kernel: <c>struct sk_filter</c>).</summary>
public sealed class SocketFilter : IReuseportProgram
{
    private readonly BpfInstruction[] _program;

    private SocketFilter(BpfInstruction[] program) => _program = program;

    /// <summary>The instructions.</summary>
    public ReadOnlySpan<BpfInstruction> Program => _program;

    /// <summary>A program that answers the CPU it runs on, modulo <paramref name="members"/>: <c>ld #cpu; mod #n; ret a</c>.</summary>
    public static byte[] CpuModulo(int members)
    {
        Span<BpfInstruction> program =
        [
            new(BpfCodes.Ld | BpfCodes.W | BpfCodes.Abs, 0, 0, BpfCodes.AncillaryOffset + (uint)BpfAncillary.Cpu),
            new(BpfCodes.Alu | BpfCodes.Mod, 0, 0, (uint)members),
            new(BpfCodes.Ret | BpfCodes.A, 0, 0, 0),
        ];
        var bytes = new byte[program.Length * BpfInstruction.Size];
        for (var i = 0; i < program.Length; i++) program[i].Write(bytes.AsSpan(i * BpfInstruction.Size));
        return bytes;
    }

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

    /// <inheritdoc />
    public uint Choose(SkBuff skb, int headerBytes, int cpu)
    {
        skb.Pull(headerBytes);
        var chosen = Run(skb, cpu);
        skb.Push(headerBytes);
        return chosen;
    }

    /// <summary>How much of a packet, whose data begins where the filter counts from, its socket gets; 0 for nothing.</summary>
    /// <param name="skb">The packet.</param>
    /// <param name="cpu">CPU that runs the filter.</param>
    /// <param name="random">Random bits for filters that ask for them.</param>
    public uint Run(SkBuff skb, int cpu = 0, uint random = 0) => BpfMachine.Run(_program, new BpfPacket(skb, cpu, random));
}
