using System.Globalization;
using System.Text.RegularExpressions;
using NetActors.Sockets;
using NetActors.Tcp;
using NetActors.Tests.Tcp.Sysctls;

namespace NetActors.Tests.Tcp;

/// <summary>
/// Every event of RFC 9293 section 3.10 in every state with a connection: what is answered, and where it leads. Where RFC 5961 or Linux
/// do otherwise than RFC 9293, they have it (<c>tcp_rcv_state_process</c>, <c>tcp_validate_incoming</c>).
/// </summary>
public partial class TcpStateEventTests
{
    /// <summary>
    /// In the segments <c>r</c> is RCV.NXT, <c>s</c> SND.NXT and <c>u</c> SND.UNA. Calls: their error, or <c>ok</c>, then what is sent.
    /// TIME-WAIT is an entry: the connection is closed.
    /// </summary>
    private const string Table = """
        SynSent     | R 0:0(0) win 0                     | -                    | SynSent
        SynSent     | R. 0:0(0) ack 1 win 0              | -                    | Close
        SynSent     | R. 0:0(0) ack 9 win 0              | -                    | SynSent
        SynSent     | S 0:0(0) win 1000                  | S. 0:0(0) ack 1      | SynRecv
        SynSent     | S. 0:0(0) ack 1 win 1000           | . 1:1(0) ack 1       | Established
        SynSent     | S. 0:0(0) ack 9 win 1000           | R 9:9(0)             | SynSent
        SynSent     | . 5:5(0) ack 9 win 1000            | R 9:9(0)             | SynSent
        SynSent     | . 5:5(0) ack 1 win 1000            | -                    | SynSent
        SynSent     | P. 5:15(10) ack 1 win 1000         | -                    | SynSent
        SynSent     | F 5:5(0) win 1000                  | -                    | SynSent
        SynSent     | P 5:15(10) win 1000                | -                    | SynSent
        SynRecv     | R r:r(0) win 0                     | -                    | Close
        SynRecv     | R r+5:r+5(0) win 0                 | . s:s(0) ack r       | SynRecv
        SynRecv     | R r+100000:r+100000(0) win 0       | -                    | SynRecv
        SynRecv     | S r:r(0) win 1000                  | . s:s(0) ack r       | SynRecv
        SynRecv     | S r+100000:r+100000(0) win 1000    | . s:s(0) ack r       | SynRecv
        SynRecv     | . r:r(0) ack s+10 win 1000         | R s+10:s+10(0)       | SynRecv
        SynRecv     | . r:r(0) ack u-1 win 1000          | R u-1:u-1(0)         | SynRecv
        SynRecv     | . r:r(0) ack s win 1000            | -                    | Established
        SynRecv     | P. r:r+100(100) ack s win 1000     | . s:s(0) ack r+100   | Established
        SynRecv     | F. r:r(0) ack s win 1000           | . s:s(0) ack r+1     | CloseWait
        SynRecv     | P r:r+100(100) win 1000            | -                    | SynRecv
        SynRecv     | P. r+100000:r+100100(100) ack s win 1000 | . s:s(0) ack r | SynRecv
        Established | R r:r(0) win 0                     | -                    | Close
        Established | R. r:r(0) ack s win 0              | -                    | Close
        Established | R r+5:r+5(0) win 0                 | . s:s(0) ack r       | Established
        Established | R r-1:r-1(0) win 0                 | -                    | Established
        Established | R r+100000:r+100000(0) win 0       | -                    | Established
        Established | S r:r(0) win 1000                  | . s:s(0) ack r       | Established
        Established | S. r:r(0) ack s win 1000           | . s:s(0) ack r       | Established
        Established | S r+100000:r+100000(0) win 1000    | . s:s(0) ack r       | Established
        Established | . r:r(0) ack s+10 win 1000         | . s:s(0) ack r       | Established
        Established | . r:r(0) ack s win 1000            | -                    | Established
        Established | P. r:r+100(100) ack s win 1000     | . s:s(0) ack r+100   | Established
        Established | P. r+50:r+100(50) ack s win 1000   | . s:s(0) ack r       | Established
        Established | P. r+100000:r+100100(100) ack s win 1000 | . s:s(0) ack r | Established
        Established | P r:r+100(100) win 1000            | -                    | Established
        Established | F. r:r(0) ack s win 1000           | . s:s(0) ack r+1     | CloseWait
        Established | FP. r:r+100(100) ack s win 1000    | . s:s(0) ack r+101   | CloseWait
        Established | F. r+50:r+50(0) ack s win 1000     | . s:s(0) ack r       | Established
        FinWait1    | R r:r(0) win 0                     | -                    | Close
        FinWait1    | R r+5:r+5(0) win 0                 | . s:s(0) ack r       | FinWait1
        FinWait1    | R r+100000:r+100000(0) win 0       | -                    | FinWait1
        FinWait1    | S r:r(0) win 1000                  | . s:s(0) ack r       | FinWait1
        FinWait1    | . r:r(0) ack s+10 win 1000         | . s:s(0) ack r       | FinWait1
        FinWait1    | . r:r(0) ack u win 1000            | -                    | FinWait1
        FinWait1    | . r:r(0) ack s win 1000            | -                    | FinWait2
        FinWait1    | P. r:r+100(100) ack u win 1000     | . s:s(0) ack r+100   | FinWait1
        FinWait1    | P. r:r+100(100) ack s win 1000     | . s:s(0) ack r+100   | FinWait2
        FinWait1    | P. r+100000:r+100100(100) ack u win 1000 | . s:s(0) ack r | FinWait1
        FinWait1    | F. r:r(0) ack u win 1000           | . s:s(0) ack r+1     | Closing
        FinWait1    | F. r:r(0) ack s win 1000           | . s:s(0) ack r+1     | TimeWait
        FinWait2    | R r:r(0) win 0                     | -                    | Close
        FinWait2    | R r+5:r+5(0) win 0                 | . s:s(0) ack r       | FinWait2
        FinWait2    | R r+100000:r+100000(0) win 0       | -                    | FinWait2
        FinWait2    | S r:r(0) win 1000                  | . s:s(0) ack r       | FinWait2
        FinWait2    | . r:r(0) ack s+10 win 1000         | . s:s(0) ack r       | FinWait2
        FinWait2    | . r:r(0) ack s win 1000            | -                    | FinWait2
        FinWait2    | P. r:r+100(100) ack s win 1000     | . s:s(0) ack r+100   | FinWait2
        FinWait2    | P. r+100000:r+100100(100) ack s win 1000 | . s:s(0) ack r | FinWait2
        FinWait2    | F. r:r(0) ack s win 1000           | . s:s(0) ack r+1     | TimeWait
        FinWait2    | FP. r:r+100(100) ack s win 1000    | . s:s(0) ack r+101   | TimeWait
        Closing     | R r:r(0) win 0                     | -                    | Close
        Closing     | R r-1:r-1(0) win 0                 | -                    | Close
        Closing     | R r+5:r+5(0) win 0                 | . s:s(0) ack r       | Closing
        Closing     | R r+100000:r+100000(0) win 0       | -                    | Closing
        Closing     | S r:r(0) win 1000                  | . s:s(0) ack r       | Closing
        Closing     | . r:r(0) ack s+10 win 1000         | . s:s(0) ack r       | Closing
        Closing     | . r:r(0) ack u win 1000            | -                    | Closing
        Closing     | . r:r(0) ack s win 1000            | -                    | TimeWait
        Closing     | P. r:r+100(100) ack u win 1000     | -                    | Closing
        Closing     | P. r+100000:r+100100(100) ack u win 1000 | . s:s(0) ack r | Closing
        Closing     | F. r-1:r-1(0) ack u win 1000       | . s:s(0) ack r       | Closing
        CloseWait   | R r:r(0) win 0                     | -                    | Close
        CloseWait   | R r-1:r-1(0) win 0                 | -                    | Close
        CloseWait   | R r+5:r+5(0) win 0                 | . s:s(0) ack r       | CloseWait
        CloseWait   | R r+100000:r+100000(0) win 0       | -                    | CloseWait
        CloseWait   | S r:r(0) win 1000                  | . s:s(0) ack r       | CloseWait
        CloseWait   | . r:r(0) ack s+10 win 1000         | . s:s(0) ack r       | CloseWait
        CloseWait   | . r:r(0) ack s win 1000            | -                    | CloseWait
        CloseWait   | P. r:r+100(100) ack s win 1000     | -                    | CloseWait
        CloseWait   | P. r+100000:r+100100(100) ack s win 1000 | . s:s(0) ack r | CloseWait
        CloseWait   | F. r-1:r-1(0) ack s win 1000       | . s:s(0) ack r       | CloseWait
        LastAck     | R r:r(0) win 0                     | -                    | Close
        LastAck     | R r-1:r-1(0) win 0                 | -                    | Close
        LastAck     | R r+5:r+5(0) win 0                 | . s:s(0) ack r       | LastAck
        LastAck     | R r+100000:r+100000(0) win 0       | -                    | LastAck
        LastAck     | S r:r(0) win 1000                  | . s:s(0) ack r       | LastAck
        LastAck     | . r:r(0) ack s+10 win 1000         | . s:s(0) ack r       | LastAck
        LastAck     | . r:r(0) ack u win 1000            | -                    | LastAck
        LastAck     | . r:r(0) ack s win 1000            | -                    | Close
        LastAck     | P. r:r+100(100) ack u win 1000     | -                    | LastAck
        LastAck     | F. r-1:r-1(0) ack u win 1000       | . s:s(0) ack r       | LastAck
        Close       | call send                          | EPIPE                | Close
        Close       | call receive                       | ENOTCONN             | Close
        Close       | call shutdown                      | ENOTCONN             | Close
        Close       | call close                         | ok                   | Close
        Close       | call abort                         | ok                   | Close
        SynSent     | call send                          | EAGAIN               | SynSent
        SynSent     | call receive                       | EAGAIN               | SynSent
        SynSent     | call shutdown                      | ok                   | Close
        SynSent     | call close                         | ok                   | Close
        SynSent     | call abort                         | ok                   | Close
        SynRecv     | call send                          | EAGAIN               | SynRecv
        SynRecv     | call receive                       | EAGAIN               | SynRecv
        SynRecv     | call shutdown                      | ok                   | SynRecv
        SynRecv     | call close                         | ok F. s:s(0) ack r   | FinWait1
        SynRecv     | call abort                         | ok R. s:s(0) ack r   | Close
        Established | call send                          | ok P. s:s+10(10) ack r | Established
        Established | call receive                       | EAGAIN               | Established
        Established | call shutdown                      | ok F. s:s(0) ack r   | FinWait1
        Established | call close                         | ok F. s:s(0) ack r   | FinWait1
        Established | call abort                         | ok R. s:s(0) ack r   | Close
        FinWait1    | call send                          | EPIPE                | FinWait1
        FinWait1    | call receive                       | EAGAIN               | FinWait1
        FinWait1    | call shutdown                      | ok                   | FinWait1
        FinWait1    | call close                         | ok                   | FinWait1
        FinWait1    | call abort                         | ok R. s:s(0) ack r   | Close
        FinWait2    | call send                          | EPIPE                | FinWait2
        FinWait2    | call receive                       | EAGAIN               | FinWait2
        FinWait2    | call shutdown                      | ok                   | FinWait2
        FinWait2    | call close                         | ok                   | TimeWait
        FinWait2    | call abort                         | ok R. s:s(0) ack r   | Close
        Closing     | call send                          | EPIPE                | Closing
        Closing     | call receive                       | ok                   | Closing
        Closing     | call shutdown                      | ok                   | Closing
        Closing     | call close                         | ok                   | Closing
        Closing     | call abort                         | ok                   | Close
        CloseWait   | call send                          | ok P. s:s+10(10) ack r | CloseWait
        CloseWait   | call receive                       | ok                   | CloseWait
        CloseWait   | call shutdown                      | ok F. s:s(0) ack r   | LastAck
        CloseWait   | call close                         | ok F. s:s(0) ack r   | LastAck
        CloseWait   | call abort                         | ok R. s:s(0) ack r   | Close
        LastAck     | call send                          | EPIPE                | LastAck
        LastAck     | call receive                       | ok                   | LastAck
        LastAck     | call shutdown                      | ok                   | LastAck
        LastAck     | call close                         | ok                   | LastAck
        LastAck     | call abort                         | ok                   | Close
        """;

    private static string[][] Rows => [.. Table.Split('\n').Select(row => row.Split('|', StringSplitOptions.TrimEntries))];

    public static TheoryData<string, string, string, string> Events
    {
        get
        {
            var data = new TheoryData<string, string, string, string>();
            foreach (var row in Rows) data.Add(row[0], row[1], row[2], row[3]);
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Events))]
    public void Event_in_a_state(string state, string what, string answer, string next)
    {
        var peer = Make(state).Wait(60).Past();
        var names = new Dictionary<char, uint>
        {
            ['r'] = peer.Sock.RcvNxt - TcpPeer.TheirIsn,
            ['s'] = peer.Sock.SndNxt - TcpPeer.OurIsn,
            ['u'] = peer.Sock.SndUna - TcpPeer.OurIsn,
        };
        if (what.StartsWith("call ", StringComparison.Ordinal))
        {
            var expected = answer.Split(' ', 2);
            Assert.Equal(expected[0] == "ok" ? Errno.None : Enum.Parse<Errno>(expected[0]), Call(peer, what[5..]));
            answer = expected.Length > 1 ? expected[1] : "-";
        }
        else
        {
            peer.Says(Fill(what, names));
        }

        if (answer == "-") peer.SeesNothing();
        else peer.SeesWithin(0, 50, Fill(answer, names)).SeesNothing();
        if (next != "TimeWait")
        {
            peer.IsIn(Enum.Parse<TcpState>(next));
            return;
        }

        peer.IsIn(TcpState.Close);
        Assert.NotNull(peer.Sock.TakeTimeWait());
    }

    /// <summary>A state that is reached by a row of another begins rows too, and every state meets RST, SYN, ACKs, data and all calls.</summary>
    [Fact]
    public void Every_state_meets_every_kind_of_event()
    {
        var calls = Rows.Where(row => row[1].StartsWith("call ", StringComparison.Ordinal)).GroupBy(row => row[0]).ToDictionary(g => g.Key, g => g.Count());
        Assert.Equal((9, true), (calls.Count, calls.Values.All(count => count == 5)));
        var segments = Rows.Where(row => !row[1].StartsWith("call ", StringComparison.Ordinal)).ToLookup(row => row[0], row => row[1]);
        Assert.Equal(8, segments.Count);
        foreach (var state in segments)
        {
            Assert.True(state.Count(s => s.StartsWith('R')) >= 3, state.Key);
            Assert.Contains(state, s => s.StartsWith('S'));
            Assert.Contains(state, s => s.StartsWith(". ", StringComparison.Ordinal));
            Assert.Contains(state, s => s.StartsWith('P'));
            Assert.Contains(state, s => s.StartsWith('F'));
        }

        var reached = Rows.Select(row => row[3]).Distinct().Except(["TimeWait", "Close"]);
        Assert.Empty(reached.Except(segments.Select(g => g.Key)));
    }

    private static Errno Call(TcpPeer peer, string name)
    {
        var (error, effects) = (Errno.None, TcpEffects.None);
        switch (name)
        {
            case "send": error = peer.Sock.Send(TcpPeer.Stream(1, 10), TcpSendFlags.None, peer.Now, out _, out effects); break;
            case "receive": error = peer.Sock.Receive(new byte[10], TcpReceiveFlags.None, peer.Now, out _, out effects); break;
            case "shutdown": error = peer.Sock.Shutdown(false, true, peer.Now, out effects); break;
            case "close": effects = peer.Sock.Close(peer.Now); break;
            case "abort": effects = peer.Sock.Abort(peer.Now); break;
        }

        peer.Does(_ => effects);
        return error;
    }

    private static TcpPeer Make(string state) => state switch
    {
        "Close" => TcpSocks.Closed(),
        "SynSent" => TcpSocks.SynSent(),
        "SynRecv" => TcpSocks.SynRecv(),
        "Established" => TcpSocks.Established(),
        "FinWait1" => TcpSocks.FinWait1(),
        "FinWait2" => TcpSocks.FinWait2(),
        "Closing" => TcpSocks.Closing(),
        "CloseWait" => TcpSocks.CloseWait(),
        _ => TcpSocks.LastAck(),
    };

    private static string Fill(string line, Dictionary<char, uint> names) => Number().Replace(
        line, m => (names[m.Value[0]] + (m.Length > 1 ? uint.Parse(m.Value[2..], CultureInfo.InvariantCulture) * (m.Value[1] == '-' ? -1 : 1) : 0))
            .ToString(CultureInfo.InvariantCulture));

    [GeneratedRegex(@"\b[rsu](?![a-z])(?:[+-]\d+)?")]
    private static partial Regex Number();
}
