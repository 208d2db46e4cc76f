using System.Globalization;
using System.Text;
using NetActors.Buffers;

namespace NetActors.Observe;

/// <summary>Prints the arguments of a trace event in the manner of the kernel's trace points.</summary>
internal static class TraceEventText
{
    /// <summary>The text after the trace point's name and colon.</summary>
    public static string Arguments(in TraceEvent e, TraceNames names)
    {
        var format = TracePointFormats.Of(e.Point).AsSpan();
        var text = new StringBuilder();
        while (format.IndexOf('{') is var open and >= 0)
        {
            var close = format.IndexOf('}');
            text.Append(format[..open]).Append(Value(format[(open + 1)..close].ToString(), e, names));
            format = format[(close + 1)..];
        }
        text.Append(format);
        if (e.FlowHash != 0) text.Append(CultureInfo.InvariantCulture, $" hash=0x{e.FlowHash:x8}");
        return text.ToString();
    }

    private static string Value(string word, in TraceEvent e, TraceNames names)
    {
        if (word == "skb") return string.Create(CultureInfo.InvariantCulture, $"skbaddr={e.PacketId:x16}");
        var host = names.Host(e.Host);
        var number = word[^1] == '1' ? e.Arg1 : e.Arg2;
        return word[..^1] switch
        {
            "irq" => HostTraceNames.Of(host.Interrupts, number),
            "dev" => HostTraceNames.Of(host.Devices, number),
            "napi" => HostTraceNames.Of(host.Napis, number),
            "task" => number == 0 ? "swapper/" + Decimal(e.Cpu) : host.Task(number),
            "wire" => names.Wire(number),
            "vec" => SoftirqCounts.NameOf(number),
            "reason" => ((SkbDropReason)number).ToString(),
            "handled" => number != 0 ? "handled" : "unhandled",
            "ipi" => IpiName(number),
            "nud" => NudName(number),
            "ip" => $"{(byte)(number >> 24)}.{(byte)(number >> 16)}.{(byte)(number >> 8)}.{(byte)number}",
            "cpu" => number.ToString("D3", CultureInfo.InvariantCulture),
            "low" => Decimal((uint)number),
            "high" => Decimal(number >>> 32),
            "sport" => Decimal((number >> 16) & 0xFFFF),
            "dport" => Decimal(number & 0xFFFF),
            "sk" => Decimal(number >>> 16),
            "oldstate" => TcpStateNames.Of((number >> 8) & 0xFF),
            "newstate" => TcpStateNames.Of(number & 0xFF),
            "hex" => number.ToString("x", CultureInfo.InvariantCulture),
            _ => Decimal(number),
        };
    }

    /// <summary>What an interrupt between CPUs is for (kernel: <c>ipi_entry</c>'s reason).</summary>
    public static string IpiName(long kind) => kind == 0 ? "Function call interrupts" : "Rescheduling interrupts";

    // kernel: neigh_state_str, include/trace/events/neigh.h
    private static string NudName(long state) => state switch
    {
        0x00 => "none",
        0x01 => "incomplete",
        0x02 => "reachable",
        0x04 => "stale",
        0x08 => "delay",
        0x10 => "probe",
        0x20 => "failed",
        0x40 => "noarp",
        0x80 => "permanent",
        _ => Decimal(state),
    };

    private static string Decimal(long number) => number.ToString(CultureInfo.InvariantCulture);
}
