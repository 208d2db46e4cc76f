using System.Buffers.Binary;
using NetActors.Headers;
using NetActors.Script.Running;

namespace NetActors.Script.Tests.Doubles;

/// <summary>
/// A passive connection over a <see cref="ScriptedHost"/>: answers socket calls, and SYNs with SYN-ACKs of its own numbers.
/// </summary>
internal sealed class Connection
{
    /// <summary>So near the end of 32 bits that numbers wrap.</summary>
    public const uint Isn = 0xFFFF_FFF0;

    public const string Head = """
        0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3
        +0 bind(3, ..., ...) = 0
        +0 listen(3, 5) = 0
        +0 < S 0:0(0) win 20000 <mss 1000>
        +0 > S. 0:0(0) ack 1 <mss 1460>
        +.1 < . 1:1(0) ack 1 win 20000
        +0 accept(3, ..., ...) = 4

        """;

    private const string Mss1460 = "020405b4";

    public Connection()
    {
        Host.Answer = call => AnswerMore(call) ?? Answer(call);
        Host.OnInject = packet =>
        {
            if (!IsTcp(packet)) return; // a spoilt script's: this host speaks TCP only
            var tcp = Parse(packet);
            if ((tcp.Flags & TcpFlags.Syn) != 0)
            {
                Peer = tcp.SourcePort;
                Host.Send(StackPackets.Tcp(8080, Peer, TcpFlags.Syn | TcpFlags.Ack, Isn, tcp.Sequence + 1, options: SynAckOptions));
            }
            else OnSegment(packet);
        };
    }

    public ScriptedHost Host { get; } = new();

    public FakeCommands Commands { get; } = new();

    public ushort Peer { get; private set; }

    public string SynAckOptions { get; set; } = Mss1460;

    /// <summary>Answers a call before the connection's own answer; null for that.</summary>
    public Func<ScriptSyscall, ScriptAnswer?> AnswerMore { get; set; } = static _ => null;

    /// <summary>What happens when a segment without SYN arrives.</summary>
    public Action<byte[]> OnSegment { get; set; } = static _ => { };

    public ScriptResult Run(string tail, params string[] options) => RunAll(Head + tail, options);

    public ScriptResult RunAll(string text, params string[] options) =>
        ScriptRunner.Run(Scripts.Read(text, Scripts.With(options)), Host, Commands, new FakeFiles());

    /// <summary>Sends a segment; numbers count from the initial ones.</summary>
    public void Send(TcpFlags flags, uint sequence, uint acknowledgment, int payload = 0, double ms = 0, ushort window = 65535,
        string options = "", byte tos = 0, byte fill = 0) =>
        Host.Send(StackPackets.Tcp(8080, Peer, flags, unchecked(Isn + sequence), acknowledgment, payload, window, options, tos, fill), ms);

    public static TcpHeader Parse(byte[] packet)
    {
        _ = Ipv4Header.TryParse(packet, out var ip);
        Assert.True(TcpHeader.TryParse(ip.Payload, out var tcp));
        return tcp;
    }

    private static bool IsTcp(byte[] packet) =>
        Ipv4Header.TryParse(packet, out var ip) && ip.Protocol == IpProtocols.Tcp && TcpHeader.TryParse(ip.Payload, out _);

    private ScriptAnswer Answer(ScriptSyscall call) => call switch
    {
        SocketCall => ScriptAnswer.Return(77),
        AcceptCall => new ScriptAnswer { Result = 78, Address = PeerAddress(), AddressLength = 16 },
        SendCall send => ScriptAnswer.Return(send.Buffers.Sum(buffer => buffer.Length)),
        _ => ScriptAnswer.Return(0),
    };

    private byte[] PeerAddress()
    {
        var bytes = new byte[16];
        bytes[0] = 2;
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(2), Peer);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(4), StackPackets.Remote);
        return bytes;
    }
}
