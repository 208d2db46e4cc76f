using NetActors.Sockets;
using static NetActors.Filters.BpfCodes;

namespace NetActors.Filters;

/// <summary>
/// Whether a classic filter may run (kernel: <c>bpf_check_classic</c>, <c>check_load_and_stores</c>): every instruction is known, jumps go
/// forward and stay inside, memory is written before it is read, the last instruction returns.
/// </summary>
internal static class BpfChecker
{
    private static readonly bool[] Allowed = AllowedCodes();

    /// <summary>None, or EINVAL.</summary>
    public static Errno Check(ReadOnlySpan<BpfInstruction> program)
    {
        if (program.Length is 0 or > MaxInstructions) return Errno.EINVAL;
        for (var pc = 0; pc < program.Length; pc++)
        {
            if (!IsGood(program[pc], pc, program.Length)) return Errno.EINVAL;
        }

        return program[^1].Code is Ret or (Ret | A) && MemoryIsWritten(program) ? Errno.None : Errno.EINVAL;
    }

    private static bool IsGood(in BpfInstruction i, int pc, int length)
    {
        if (i.Code >= Allowed.Length || !Allowed[i.Code]) return false;
        switch (i.Code)
        {
            case Alu | Div or Alu | Mod:
                return i.K != 0;
            case Alu | Lsh or Alu | Rsh:
                return i.K < 32;
            case Ld | Mem or Ldx | Mem or St or Stx:
                return i.K < MemoryWords;
            case Jmp | Ja:
                return i.K < (uint)(length - pc - 1);
            case Ld | W | Abs or Ld | H | Abs or Ld | B | Abs:
                return i.K < AncillaryOffset || Enum.IsDefined((BpfAncillary)(int)(i.K - AncillaryOffset));
            default:
                return (i.Code & 7) != Jmp || (pc + i.Jt + 1 < length && pc + i.Jf + 1 < length);
        }
    }

    /// <summary>No path loads a word of memory that it has not stored.</summary>
    private static bool MemoryIsWritten(ReadOnlySpan<BpfInstruction> program)
    {
        var masks = new ushort[program.Length]; // what each instruction finds written, on whichever path
        Array.Fill(masks, ushort.MaxValue);
        ushort written = 0;
        for (var pc = 0; pc < program.Length; pc++)
        {
            var i = program[pc];
            written &= masks[pc];
            switch (i.Code)
            {
                case St or Stx:
                    written |= (ushort)(1 << (int)i.K);
                    break;
                case Ld | Mem or Ldx | Mem:
                    if ((written & (1 << (int)i.K)) == 0) return false;
                    break;
                case Jmp | Ja:
                    masks[pc + 1 + (int)i.K] &= written;
                    written = ushort.MaxValue;
                    break;
                case var code when (code & 7) == Jmp:
                    masks[pc + 1 + i.Jt] &= written;
                    masks[pc + 1 + i.Jf] &= written;
                    written = ushort.MaxValue;
                    break;
            }
        }

        return true;
    }

    private static bool[] AllowedCodes()
    {
        var allowed = new bool[256];
        foreach (var operation in (int[])[Add, Sub, Mul, Div, Or, And, Lsh, Rsh, Mod, Xor])
            allowed[Alu | operation] = allowed[Alu | operation | X] = true;
        foreach (var size in (int[])[W, H, B]) allowed[Ld | size | Abs] = allowed[Ld | size | Ind] = true;
        foreach (var condition in (int[])[Jeq, Jgt, Jge, Jset]) allowed[Jmp | condition] = allowed[Jmp | condition | X] = true;
        foreach (var code in (int[])[Alu | Neg, Ld | Len, Ld | Imm, Ld | Mem, Ldx | Len, Ldx | Imm, Ldx | Mem, Ldx | B | Msh, St, Stx,
                     Misc | Tax, Misc | Txa, Ret, Ret | A, Jmp | Ja]) allowed[code] = true;
        return allowed;
    }
}
