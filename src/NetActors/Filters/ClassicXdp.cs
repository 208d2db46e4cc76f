using System.Globalization;
using NetActors.Sockets;
using NetActors.Xdp;

namespace NetActors.Filters;

/// <summary>An XDP program in classic BPF, whose return value is the action's number: 0 aborted, 1 drop, 2 pass, 3 tx.</summary>
public static class ClassicXdp
{
    /// <summary>
    /// Reads instructions as <c>tcpdump -ddd</c> and <c>bpf_asm</c> print them: "code jt jf k" each, parted by commas, the number of them in
    /// front or not.
    /// </summary>
    /// <param name="text">Such as <c>6 0 0 1</c>.</param>
    /// <param name="program">The program.</param>
    /// <returns>Null, or what is wrong.</returns>
    public static string? TryParse(string text, out XdpProgram? program)
    {
        ArgumentNullException.ThrowIfNull(text);
        program = null;
        var parts = text.Split([',', '\n'], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).ToList();
        if (parts.Count > 1 && !parts[0].Contains(' ', StringComparison.Ordinal)) parts.RemoveAt(0); // their number
        var instructions = new BpfInstruction[parts.Count];
        for (var i = 0; i < parts.Count; i++)
        {
            if (!TryRead(parts[i], out instructions[i])) return $"`{parts[i]}` is no instruction: code jt jf k, four numbers";
        }

        var error = BpfChecker.Check(instructions);
        if (error != Errno.None) return "the program may not run: an unknown instruction, a jump out of it, or no return at its end";
        program = (ref XdpBuff packet) => (XdpAction)(int)BpfMachine.Run(instructions, new BpfPacket(packet.Skb, 0));
        return null;
    }

    private static bool TryRead(string text, out BpfInstruction instruction)
    {
        instruction = default;
        var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words.Length != 4 || !ushort.TryParse(words[0], NumberStyles.None, CultureInfo.InvariantCulture, out var code)) return false;
        if (!byte.TryParse(words[1], NumberStyles.None, CultureInfo.InvariantCulture, out var jt)) return false;
        if (!byte.TryParse(words[2], NumberStyles.None, CultureInfo.InvariantCulture, out var jf)) return false;
        if (!uint.TryParse(words[3], NumberStyles.None, CultureInfo.InvariantCulture, out var k)) return false;
        instruction = new BpfInstruction(code, jt, jf, k);
        return true;
    }
}
