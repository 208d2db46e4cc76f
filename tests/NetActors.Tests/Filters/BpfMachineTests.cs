using CsCheck;
using NetActors.Buffers;
using NetActors.Filters;
using NetActors.Sockets;

namespace NetActors.Tests.Filters;

/// <summary>Classic filters: whatever the checker lets through ends and stays inside the packet.</summary>
public sealed class BpfMachineTests
{
    private static readonly ushort[] Codes =
    [
        0x00, 0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x0C, 0x14, 0x15, 0x16, 0x1C, 0x1D, 0x20, 0x24, 0x25, 0x28, 0x2C, 0x2D, 0x30, 0x34, 0x35, 0x3C, 0x3D, 0x40, 0x44, 0x45, 0x48,
        0x4C, 0x4D, 0x50, 0x54, 0x5C, 0x60, 0x61, 0x64, 0x6C, 0x74, 0x7C, 0x80, 0x81, 0x84, 0x87, 0x94, 0x9C, 0xA4, 0xAC, 0xB1,
    ];

    private static readonly Gen<BpfInstruction> Instruction =
        from code in Gen.Int[0, Codes.Length - 1].Select(i => Codes[i])
        from jt in Gen.Byte[0, 6]
        from jf in Gen.Byte[0, 6]
        from k in Gen.OneOf(Gen.UInt[0, 40], Gen.UInt, Gen.UInt[0xFFFF_F000, 0xFFFF_F040], Gen.UInt[0xFFF0_0000, 0xFFF0_0040])
        select new BpfInstruction(code, jt, jf, k);

    [Fact]
    public void Random_programs_are_refused_or_end_without_harm()
    {
        var ran = 0;
        Instruction.Array[1, 12].Sample(body =>
        {
            byte[] program = [.. body.Append(new BpfInstruction(0x16, 0, 0, 0)).SelectMany(Bytes)];
            if (SocketFilter.TryCreate(program, out var filter) != Errno.None) return;
            Interlocked.Increment(ref ran);
            for (var length = 0; length < 40; length += 13) Run(filter!, length);
        }, iter: 40_000);
        Assert.True(ran > 1000, $"{ran} ran");
    }

    [Fact]
    public void A_run_allocates_nothing()
    {
        BpfInstruction[] ipOnly = [new(0x28, 0, 0, 12), new(0x15, 0, 1, 0x800), new(0x06, 0, 0, 96), new(0x06, 0, 0, 0)];
        byte[] program = [.. ipOnly.SelectMany(Bytes)];
        Assert.Equal(Errno.None, SocketFilter.TryCreate(program, out var filter));
        var skb = Packet(60);
        filter!.Run(skb);
        Assert.Equal(0, Allocation.Of(() => filter.Run(skb)));
        skb.Free(SkbDropReason.CONSUMED);
    }

    private static void Run(SocketFilter filter, int length)
    {
        var skb = Packet(length);
        filter.Run(skb, cpu: 3, random: 7);
        skb.Free(SkbDropReason.CONSUMED);
    }

    private static SkBuff Packet(int length)
    {
        var skb = new SkbPool(Math.Max(length, 64), 1).Rent(length)!;
        skb.Put(length).Fill(0x45);
        return skb;
    }

    private static byte[] Bytes(BpfInstruction i) => [.. BitConverter.GetBytes(i.Code), i.Jt, i.Jf, .. BitConverter.GetBytes(i.K)];
}
