using static NetActors.Filters.BpfCodes;

namespace NetActors.Filters;

/// <summary>
/// Runs a checked classic filter over a packet (kernel: <c>bpf_prog_run</c> of what <c>bpf_convert_filter</c> made). Two registers, sixteen
/// words of memory, forward jumps: it always ends. A load outside the packet and a division by zero answer 0, which is a refusal.
/// </summary>
internal static class BpfMachine
{
    /// <summary>Bytes of the packet to keep; 0 to refuse it.</summary>
    public static uint Run(ReadOnlySpan<BpfInstruction> program, in BpfPacket packet)
    {
        Span<uint> memory = stackalloc uint[MemoryWords];
        memory.Clear();
        uint a = 0, x = 0;
        for (var pc = 0; ; pc++)
        {
            var i = program[pc];
            switch (i.Code & 7)
            {
                case Ld:
                    if (!TryLoad(i, packet, memory, x, ref a)) return 0;
                    break;
                case Ldx:
                    if (!TryLoadX(i, packet, memory, ref x)) return 0;
                    break;
                case St:
                    memory[(int)i.K] = a;
                    break;
                case Stx:
                    memory[(int)i.K] = x;
                    break;
                case Alu:
                    if (!TryCompute(i, x, ref a)) return 0;
                    break;
                case Jmp:
                    pc += i.Code == (Jmp | Ja) ? (int)i.K : Holds(i, a, x) ? i.Jt : i.Jf;
                    break;
                case Ret:
                    return (i.Code & 0x18) == A ? a : i.K;
                default:
                    if (i.Code == (Misc | Tax)) x = a;
                    else a = x;
                    break;
            }
        }
    }

    private static bool TryLoad(in BpfInstruction i, in BpfPacket packet, ReadOnlySpan<uint> memory, uint x, ref uint a)
    {
        var size = (i.Code & 0x18) switch { H => 2, B => 1, _ => 4 };
        switch (i.Code & 0xE0)
        {
            case Imm: a = i.K; return true;
            case Mem: a = memory[(int)i.K]; return true;
            case Len: a = packet.Length; return true;
            case Ind: return packet.TryLoad((int)(x + i.K), size, out a);
            case var _ when i.K >= AncillaryOffset: a = packet.Ancillary((BpfAncillary)(int)(i.K - AncillaryOffset), a, x); return true;
            default: return packet.TryLoad((int)i.K, size, out a);
        }
    }

    private static bool TryLoadX(in BpfInstruction i, in BpfPacket packet, ReadOnlySpan<uint> memory, ref uint x)
    {
        switch (i.Code & 0xE0)
        {
            case Imm: x = i.K; return true;
            case Mem: x = memory[(int)i.K]; return true;
            case Len: x = packet.Length; return true;
            default: // the length of an IP header
                if (!packet.TryLoad((int)i.K, 1, out var octet)) return false;
                x = (octet & 0xF) << 2;
                return true;
        }
    }

    private static bool TryCompute(in BpfInstruction i, uint x, ref uint a)
    {
        var operand = (i.Code & X) != 0 ? x : i.K;
        switch (i.Code & 0xF0)
        {
            case Add: a += operand; break;
            case Sub: a -= operand; break;
            case Mul: a *= operand; break;
            case Div when operand == 0: return false;
            case Div: a /= operand; break;
            case Mod when operand == 0: return false;
            case Mod: a %= operand; break;
            case Or: a |= operand; break;
            case And: a &= operand; break;
            case Xor: a ^= operand; break;
            case Lsh: a <<= (int)(operand & 31); break;
            case Rsh: a >>= (int)(operand & 31); break;
            default: a = (uint)-(int)a; break; // BPF_NEG
        }

        return true;
    }

    private static bool Holds(in BpfInstruction i, uint a, uint x)
    {
        var operand = (i.Code & X) != 0 ? x : i.K;
        return (i.Code & 0xF0) switch
        {
            Jeq => a == operand,
            Jgt => a > operand,
            Jge => a >= operand,
            _ => (a & operand) != 0,
        };
    }
}
