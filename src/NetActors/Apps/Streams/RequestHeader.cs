using System.Buffers.Binary;

namespace NetActors.Apps.Streams;

/// <summary>The first bytes of a request: how long it is and how long an answer it asks for.</summary>
/// <param name="Request">Bytes of the request, this header among them.</param>
/// <param name="Response">Bytes of the answer.</param>
internal readonly record struct RequestHeader(int Request, int Response)
{
    /// <summary>Bytes of the header: the shortest request.</summary>
    public const int Size = 8;

    /// <summary>Reads a header; false when a length makes no sense.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out RequestHeader header)
    {
        header = new RequestHeader(BinaryPrimitives.ReadInt32BigEndian(bytes), BinaryPrimitives.ReadInt32BigEndian(bytes[4..]));
        return header is { Request: >= Size, Response: > 0 };
    }

    /// <summary>Writes it.</summary>
    public void Write(Span<byte> bytes)
    {
        BinaryPrimitives.WriteInt32BigEndian(bytes, Request);
        BinaryPrimitives.WriteInt32BigEndian(bytes[4..], Response);
    }
}
