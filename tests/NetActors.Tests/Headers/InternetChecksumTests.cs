using CsCheck;
using NetActors.Headers;

namespace NetActors.Tests.Headers;

public class InternetChecksumTests
{
    [Theory]
    [InlineData("0001f203f4f5f6f7", 0x220D)] // RFC 1071 section 3
    [InlineData("450000730000400040110000c0a80001c0a800c7", 0xB861)] // a widely printed header
    [InlineData("", 0xFFFF)]
    [InlineData("ff", 0x00FF)]
    [InlineData("ffff", 0x0000)]
    [InlineData("0000ffffffff", 0x0000)]
    [InlineData("80008000", 0xFFFE)]
    public void Published_sums_come_out(string data, int checksum) =>
        Assert.Equal(checksum, InternetChecksum.Compute(Convert.FromHexString(data)));

    [Fact]
    public void A_changed_word_follows_equation_3_not_equation_4() => // RFC 1624 section 4
        Assert.Equal(0x0000, InternetChecksum.Replace(0xDD2F, (ushort)0x5555, (ushort)0x3285));

    [Fact]
    public void Any_bytes_sum_up_as_in_the_plain_loop() =>
        Gen.Byte.Array[0, 300].Sample(data => InternetChecksum.Compute(data) == Reference(data));

    [Fact]
    public void Every_length_from_every_start_sums_up_as_in_the_plain_loop()
    {
        var data = new byte[2000];
        for (var i = 0; i < data.Length; i++) data[i] = (byte)(255 - i % 7 * (i % 3));
        for (var length = 0; length < 200; length++)
        {
            for (var start = 0; start < 40; start++)
            {
                Assert.Equal(Reference(data.AsSpan(start, length)), InternetChecksum.Compute(data.AsSpan(start, length)));
            }
        }

        Assert.Equal(Reference(data), InternetChecksum.Compute(data));
    }

    [Fact]
    public void A_megabyte_of_ones_does_not_overflow()
    {
        var data = new byte[1 << 20];
        data.AsSpan().Fill(0xFF);
        Assert.Equal(0, InternetChecksum.Compute(data));
        data[77] = 0xFE;
        Assert.Equal(Reference(data), InternetChecksum.Compute(data));
    }

    [Fact]
    public void Sums_of_two_blocks_join_at_any_offset() =>
        Gen.Select(Gen.Byte.Array[0, 100], Gen.Byte.Array[0, 100]).Sample((first, second) =>
        {
            var sum = InternetChecksum.AddBlock(InternetChecksum.Partial(first), InternetChecksum.Partial(second), first.Length);
            return InternetChecksum.Fold(sum) == Reference([.. first, .. second]);
        });

    [Fact]
    public void A_part_taken_out_leaves_the_rest() =>
        Gen.Select(Gen.Byte.Array[2, 64], Gen.Byte.Array[1, 64]).Sample((first, second) =>
        {
            if ((first.Length & 1) != 0) first = first[1..];
            var rest = InternetChecksum.Subtract(InternetChecksum.Partial([.. first, .. second]), InternetChecksum.Partial(first));
            return SameSum(InternetChecksum.Fold(rest), Reference(second));
        });

    [Fact]
    public void Replacing_a_word_is_summing_again() =>
        Gen.Select(Gen.Byte.Array[4, 64], Gen.UShort, Gen.Int[0, 30]).Sample((data, word, at) =>
        {
            at = at * 2 % (data.Length - 1) & ~1;
            var old = (ushort)(data[at] << 8 | data[at + 1]);
            var before = Reference(data);
            (data[at], data[at + 1]) = ((byte)(word >> 8), (byte)word);
            return SameSum(InternetChecksum.Replace(before, old, word), Reference(data));
        });

    [Fact]
    public void Replacing_an_address_is_summing_again() =>
        Gen.Select(Gen.Byte.Array[20], Gen.UInt).Sample((data, address) =>
        {
            var old = System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(data.AsSpan(12));
            var before = Reference(data);
            System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(data.AsSpan(12), address);
            return SameSum(InternetChecksum.Replace(before, old, address), Reference(data));
        });

    [Fact]
    public void A_pseudo_header_sums_up_as_its_bytes() =>
        Gen.Select(Gen.UInt, Gen.UInt, Gen.Byte, Gen.UShort).Sample((source, destination, protocol, length) =>
        {
            var bytes = new byte[12];
            System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(bytes, source);
            System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(4), destination);
            bytes[9] = protocol;
            System.Buffers.Binary.BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(10), length);
            return InternetChecksum.Fold(InternetChecksum.PseudoHeader(source, destination, protocol, length)) == Reference(bytes);
        });

    [Fact]
    public void Data_with_its_checksum_is_valid_and_with_one_bit_changed_is_not() =>
        Gen.Select(Gen.Byte.Array[4, 100], Gen.Int[0, 799]).Sample((data, bit) =>
        {
            (data[0], data[1]) = (0, 0);
            var checksum = InternetChecksum.Compute(data);
            (data[0], data[1]) = ((byte)(checksum >> 8), (byte)checksum);
            if (!InternetChecksum.IsValid(data)) return false;
            data[bit / 8 % data.Length] ^= (byte)(1 << bit % 8);
            return !InternetChecksum.IsValid(data);
        });

    private static bool SameSum(ushort left, ushort right) => left == right || (left ^ right) == 0xFFFF && left is 0 or 0xFFFF;

    private static ushort Reference(ReadOnlySpan<byte> data)
    {
        var sum = 0U;
        for (var i = 0; i < data.Length; i++)
        {
            sum += (uint)((i & 1) == 0 ? data[i] << 8 : data[i]);
            sum = (sum & 0xFFFF) + (sum >> 16);
        }

        return (ushort)~sum;
    }
}
