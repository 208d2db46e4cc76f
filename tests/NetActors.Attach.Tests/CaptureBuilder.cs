using System.Buffers.Binary;

namespace NetActors.Attach.Tests;

/// <summary>Puts capture files together byte by byte, in either byte order, right or wrong as a test wants them.</summary>
internal sealed class CaptureBuilder(bool bigEndian)
{
    private readonly List<byte> _bytes = [];

    public byte[] Bytes => [.. _bytes];

    public CaptureBuilder U16(int value) => Raw(bigEndian ? [(byte)(value >> 8), (byte)value] : [(byte)value, (byte)(value >> 8)]);

    public CaptureBuilder U32(uint value)
    {
        var bytes = new byte[4];
        if (bigEndian) BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        else BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        return Raw(bytes);
    }

    public CaptureBuilder U64(ulong value) =>
        bigEndian ? U32((uint)(value >> 32)).U32((uint)value) : U32((uint)value).U32((uint)(value >> 32));

    public CaptureBuilder Raw(params ReadOnlySpan<byte> bytes)
    {
        _bytes.AddRange(bytes);
        return this;
    }

    public CaptureBuilder PcapHeader(uint magic, uint network, uint snapLength = 65535) =>
        U32(magic).U16(2).U16(4).U32(0).U32(0).U32(snapLength).U32(network);

    public CaptureBuilder PcapRecord(uint seconds, uint fraction, byte[] data, uint? original = null) =>
        U32(seconds).U32(fraction).U32((uint)data.Length).U32(original ?? (uint)data.Length).Raw(data);

    public CaptureBuilder Block(uint type, Action<CaptureBuilder> content)
    {
        var inner = new CaptureBuilder(bigEndian);
        content(inner);
        while (inner._bytes.Count % 4 != 0) inner._bytes.Add(0);
        var total = (uint)(inner._bytes.Count + 12);
        return U32(type).U32(total).Raw(inner.Bytes).U32(total);
    }

    public CaptureBuilder Option(ushort code, params byte[] value) =>
        U16(code).U16(value.Length).Raw(value).Raw(new byte[-value.Length & 3]);

    public CaptureBuilder Section() => Block(0x0A0D0D0A, b => b.U32(0x1A2B3C4D).U16(1).U16(0).U64(ulong.MaxValue));

    public CaptureBuilder Interface(int linkType, uint snapLength = 0, Action<CaptureBuilder>? options = null) =>
        Block(1, b =>
        {
            b.U16(linkType).U16(0).U32(snapLength);
            options?.Invoke(b);
        });

    public CaptureBuilder Packet(uint number, ulong ticks, byte[] data, uint? original = null, Action<CaptureBuilder>? options = null) =>
        Block(6, b =>
        {
            b.U32(number).U32((uint)(ticks >> 32)).U32((uint)ticks).U32((uint)data.Length).U32(original ?? (uint)data.Length);
            b.Raw(data).Raw(new byte[-data.Length & 3]);
            options?.Invoke(b);
        });
}
