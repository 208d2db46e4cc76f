using System.Buffers.Binary;
using System.Globalization;
using CsCheck;
using NetActors.Nic;

namespace NetActors.Tests.Nic;

public sealed class ToeplitzTests
{
    private static readonly byte[] SymmetricKey = [.. Enumerable.Repeat(new byte[] { 0x6d, 0x5a }, 20).SelectMany(pair => pair)];

    // source:port, destination:port, 2-tuple, 4-tuple, symmetric key, symmetric-xor, symmetric-or-xor (specification 1.2 and 1.3)
    public static readonly TheoryData<string, ushort, string, ushort, string> Vectors = new()
    {
        { "66.9.149.187", 2794, "161.142.100.80", 1766, "323e8fc2 51ccc178 9fcc9fcc ac2b58ca a65524fa" },
        { "199.92.111.2", 14230, "65.69.140.83", 4739, "d718262a c626b0ea 60d760d7 231ac402 69d9c235" },
        { "24.19.198.95", 12898, "12.22.207.184", 38024, "d2d0a5de 5c2b394a 3a3e3a3e f4298103 886967e2" },
        { "38.27.205.30", 48228, "209.142.163.6", 2217, "82989176 afc7327f d26ed26e 4e18ff80 021058ed" },
        { "153.39.163.191", 44251, "202.188.127.2", 1303, "5d1809c5 10e828a2 f23ef23e 053876b1 d9fe70e3" },
        { "3ffe:2501:200:1fff::7", 2794, "3ffe:2501:200:3::1", 1766, "2cc18cd5 40207d3d 13eb13eb 5ae081f3 aea5d07d" },
        { "3ffe:501:8::260:97ff:fe40:efab", 14230, "ff02::1", 4739, "0f0c461c dde51bbf 36913691 3d12f676 b7ea4926" },
        { "3ffe:1900:4545:3:200:f8ff:fe21:67cf", 44251, "fe80::200:f8ff:fe21:67cf", 38024, "4b61e985 02d1feef 08090809 d36f3942 79207404" },
    };

    [Theory]
    [MemberData(nameof(Vectors))]
    public void Published_vectors_hash_as_published(string source, ushort sourcePort, string destination, ushort destinationPort, string hashes)
    {
        var expected = hashes.Split(' ').Select(hash => uint.Parse(hash, NumberStyles.HexNumber, CultureInfo.InvariantCulture)).ToArray();
        var frame = Frames.Tcp(source, sourcePort, destination, destinationPort);
        var type = FrameLayout.Parse(frame).FlowType;
        var hasher = new RssHasher(Toeplitz.CanonicalKey);
        hasher.SetFields(type, FlowHashFields.Addresses);
        Assert.Equal(new RssHash(expected[0], RssHashType.L3), hasher.Hash(frame));
        hasher.SetFields(type, FlowHashFields.FourTuple);
        Assert.Equal(new RssHash(expected[1], RssHashType.L4), hasher.Hash(frame));
        Assert.Equal(expected[2], new RssHasher(SymmetricKey).Hash(frame).Value);
        hasher.Transform = RssTransform.SymmetricXor;
        Assert.Equal(expected[3], hasher.Hash(frame).Value);
        hasher.Transform = RssTransform.SymmetricOrXor;
        Assert.Equal(expected[4], hasher.Hash(frame).Value);
    }

    [Theory]
    [MemberData(nameof(Vectors))]
    public void Symmetric_key_and_transforms_hash_both_directions_alike(string source, ushort sourcePort, string destination, ushort destinationPort, string hashes)
    {
        Assert.NotEmpty(hashes);
        var (there, back) = (Frames.Tcp(source, sourcePort, destination, destinationPort), Frames.Tcp(destination, destinationPort, source, sourcePort));
        Assert.Equal(new RssHasher(SymmetricKey).Hash(there), new RssHasher(SymmetricKey).Hash(back));
        foreach (var transform in new[] { RssTransform.SymmetricXor, RssTransform.SymmetricOrXor })
        {
            var hasher = new RssHasher(Toeplitz.CanonicalKey) { Transform = transform };
            Assert.Equal(hasher.Hash(there), hasher.Hash(back));
        }
    }

    [Fact]
    public void Tables_agree_with_the_definition_bit_by_bit()
    {
        Gen.Select(Gen.OneOf(Gen.Byte.Array[40], Gen.Byte.Array[52]), Gen.Byte.Array[0, 36]).Sample((key, input) =>
            new Toeplitz(key).Hash(input) == Reference(key, input));
    }

    [Fact]
    public void Hash_is_linear_over_xor()
    {
        var toeplitz = new Toeplitz(Toeplitz.CanonicalKey);
        Gen.Select(Gen.Byte.Array[36], Gen.Byte.Array[36]).Sample((a, b) =>
        {
            var both = a.Zip(b, (x, y) => (byte)(x ^ y)).ToArray();
            return toeplitz.Hash(both) == (toeplitz.Hash(a) ^ toeplitz.Hash(b));
        });
        Assert.Equal(0u, toeplitz.Hash(new byte[36]));
    }

    [Fact]
    public void Hash_allocates_nothing()
    {
        var frame = Frames.Tcp("10.0.0.1", 1, "10.0.0.2", 2);
        var hasher = new RssHasher(Toeplitz.CanonicalKey);
        hasher.Hash(frame);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++) hasher.Hash(frame);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Theory]
    [InlineData("6d:5a", true, 2)]
    [InlineData("6d:zz", false, 2)]
    [InlineData("6d5a", false, 1)]
    public void Keys_are_read_as_ethtool_writes_them(string text, bool read, int bytes)
    {
        Assert.Equal(read, Toeplitz.TryParseKey(text, out var key));
        Assert.Equal(bytes, key.Length);
    }

    private static uint Reference(byte[] key, byte[] input)
    {
        var hash = 0u;
        for (var bit = 0; bit < input.Length * 8; bit++)
        {
            if ((input[bit / 8] & (0x80 >> (bit % 8))) == 0) continue;
            var window = (ulong)BinaryPrimitives.ReadUInt32BigEndian(key.AsSpan(bit / 8)) << 8;
            if ((bit / 8) + 4 < key.Length) window |= key[(bit / 8) + 4];
            hash ^= (uint)(window >> (8 - (bit % 8)));
        }

        return hash;
    }
}
