using System.Globalization;

namespace NetActors.Observe;

/// <summary>
/// Writes what connections are like over time as CSV, a row for each segment that came: to be plotted. Rows of one CPU stand in the order
/// of time; CPUs may be ahead of each other. Equal runs in virtual time give equal bytes.
/// </summary>
public sealed class TcpProbeCsv : ITcpProbeSink
{
    private readonly TextWriter _writer;
    private readonly IReadOnlyList<string> _hosts;

    /// <summary>Writes the heading.</summary>
    /// <param name="writer">Where to; stays open.</param>
    /// <param name="hosts">The hosts' names by index.</param>
    public TcpProbeCsv(TextWriter writer, IReadOnlyList<string> hosts)
    {
        (_writer, _hosts) = (writer, hosts);
        Write("time,host,local,peer,state,snd_nxt,snd_una,cwnd,ssthresh,snd_wnd,srtt_us,rcv_wnd,rto_us,in_flight\n");
    }

    /// <summary>Rows written.</summary>
    public long Rows { get; private set; }

    /// <summary>Why writing ended early; null when it did not.</summary>
    public string? Fault { get; private set; }

    /// <inheritdoc />
    public void Take(in TcpProbeEvent e)
    {
        var seconds = Math.DivRem(e.Time.Nanoseconds, 1_000_000_000, out var rest);
        Write(string.Create(
            CultureInfo.InvariantCulture,
            $"{seconds}.{rest:000000000},{_hosts[e.Host]},{End(e.LocalAddress, e.LocalPort)},{End(e.RemoteAddress, e.RemotePort)},{TcpStateNames.Of(e.State)},"
            + $"{e.SndNxt},{e.SndUna},{e.Cwnd},{e.Ssthresh},{e.SndWnd},{e.SrttUs},{e.RcvWnd},{e.RtoUs},{e.InFlight}\n"));
        Rows++;
    }

    /// <summary>Everything is written: brings it to the file.</summary>
    public void Complete()
    {
        try
        {
            if (Fault is null) _writer.Flush();
        }
        catch (IOException e)
        {
            Fault = e.Message;
        }
    }

    private void Write(string row)
    {
        if (Fault is not null) return;
        try
        {
            _writer.Write(row);
        }
        catch (IOException e)
        {
            Fault = e.Message; // the run goes on and says so at its end
        }
    }

    private static string End(uint address, ushort port) => string.Create(
        CultureInfo.InvariantCulture, $"{(byte)(address >> 24)}.{(byte)(address >> 16)}.{(byte)(address >> 8)}.{(byte)address}:{port}");
}
