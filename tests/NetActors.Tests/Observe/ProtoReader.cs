using System.Buffers.Binary;
using System.Text;

namespace NetActors.Tests.Observe;

/// <summary>Reads protobuf without knowing the writer: a message as a list of (field number, value).</summary>
internal sealed class ProtoReader
{
    private readonly List<(int Field, ulong Number, byte[] Bytes)> _fields = [];

    public ProtoReader(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var tag = Varint(ref bytes);
            switch (tag & 7)
            {
                case 0: _fields.Add(((int)(tag >> 3), Varint(ref bytes), [])); break;
                case 1:
                    _fields.Add(((int)(tag >> 3), BinaryPrimitives.ReadUInt64LittleEndian(bytes), []));
                    bytes = bytes[8..];
                    break;
                case 2:
                    var length = (int)Varint(ref bytes);
                    _fields.Add(((int)(tag >> 3), 0, bytes[..length].ToArray()));
                    bytes = bytes[length..];
                    break;
                default: throw new InvalidDataException($"wire type {tag & 7}");
            }
        }
    }

    public bool Has(int field) => _fields.Exists(one => one.Field == field);

    public ulong Number(int field) => _fields.Find(one => one.Field == field).Number;

    public string Text(int field) => Encoding.UTF8.GetString(_fields.Find(one => one.Field == field).Bytes ?? []);

    public ProtoReader? Message(int field) => Messages(field).FirstOrDefault();

    public IEnumerable<ProtoReader> Messages(int field) =>
        _fields.Where(one => one.Field == field).Select(one => new ProtoReader(one.Bytes));

    private static ulong Varint(ref ReadOnlySpan<byte> bytes)
    {
        ulong value = 0;
        for (var shift = 0; ; shift += 7)
        {
            var one = bytes[0];
            bytes = bytes[1..];
            value |= (ulong)(one & 0x7f) << shift;
            if (one < 0x80) return value;
        }
    }
}
