using NetActors.Headers;

namespace NetActors.Tests.Gro;

/// <summary>Random trains of segments and datagrams, some of which cannot follow what came before.</summary>
internal static class GroTrains
{
    /// <summary>The next train: forty frames of up to eleven flows.</summary>
    public static List<GroFrame> Next(Random random)
    {
        var flows = Enumerable.Range(0, random.Next(1, 12)).Select(i => new GroFrame
        {
            SourcePort = (ushort)(1000 + i),
            Payload = random.Next(1, 1400),
            Timestamp = random.Next(2) == 0 ? null : 9,
            Protocol = (byte)(random.Next(4) == 0 ? 17 : 6),
            Id = (ushort)random.Next(65536),
            Flags = random.Next(4) == 0 ? TcpFlags.Ack | TcpFlags.Cwr : TcpFlags.Ack,
        }).ToArray();
        var frames = new List<GroFrame>();
        for (var i = 0; i < 40; i++)
        {
            ref var flow = ref flows[random.Next(flows.Length)];
            var sent = random.Next(3) == 0 ? Mutate(flow, random) : flow;
            frames.Add(sent);
            flow = flow.Next();
        }

        return frames;
    }

    private static GroFrame Mutate(GroFrame f, Random random) => random.Next(18) switch
    {
        0 => f with { Acknowledgment = f.Acknowledgment + 1 },
        1 => f with { Window = (ushort)(f.Window + 1) },
        2 => f with { Timestamp = 10 },
        3 => f with { Flags = f.Flags | TcpFlags.Psh },
        4 => f with { Flags = f.Flags | TcpFlags.Fin },
        5 => f with { Flags = f.Flags | TcpFlags.Urg },
        6 => f with { Flags = f.Flags ^ TcpFlags.Cwr },
        7 => f with { Flags = TcpFlags.Syn },
        8 => f with { Payload = Math.Max(1, f.Payload - 7) },
        9 => f with { Payload = f.Payload + 3 },
        10 => f with { Payload = 0 },
        11 => f with { Ttl = 3 },
        12 => f with { Tos = 3 },
        13 => f with { DontFragment = false },
        14 => f with { Id = (ushort)(f.Id - 1) },
        15 => f with { IpOptions = 4 },
        16 => f with { BadChecksum = true },
        _ => f with { Padding = 5 },
    };
}
