using NetActors.Nic;

namespace NetActors.Tests.Nic;

public sealed class RssHasherTests
{
    private readonly RssHasher _hasher = new(Toeplitz.CanonicalKey);

    [Fact]
    public void Udp_begins_with_the_2_tuple_and_tcp_with_the_4_tuple()
    {
        Assert.Equal(RssHashType.L3, _hasher.Hash(Frames.Udp("10.0.0.1", 1, "10.0.0.2", 2)).Type);
        Assert.Equal(RssHashType.L4, _hasher.Hash(Frames.Tcp("10.0.0.1", 1, "10.0.0.2", 2)).Type);
        Assert.Equal(RssHashType.L3, _hasher.Hash(Frames.Udp("fd00::1", 1, "fd00::2", 2)).Type);
        Assert.Equal(RssHashType.L4, _hasher.Hash(Frames.Tcp("fd00::1", 1, "fd00::2", 2)).Type);
    }

    [Fact]
    public void Tcp_and_udp_of_one_4_tuple_collide()
    {
        _hasher.SetFields(FlowType.Udp4, FlowHashFields.FourTuple);
        Assert.Equal(_hasher.Hash(Frames.Tcp("10.0.0.1", 1, "10.0.0.2", 2)), _hasher.Hash(Frames.Udp("10.0.0.1", 1, "10.0.0.2", 2)));
    }

    [Fact]
    public void Vlan_tag_and_padding_do_not_change_the_hash()
    {
        var plain = Frames.Tcp("10.0.0.1", 1, "10.0.0.2", 2);
        Assert.Equal(_hasher.Hash(plain), _hasher.Hash(Frames.Tcp("10.0.0.1", 1, "10.0.0.2", 2, vlan: 7)));
        Assert.Equal(_hasher.Hash(plain), _hasher.Hash([.. plain, 0, 0, 0, 0]));
    }

    [Theory]
    [InlineData(0x2000)] // the first fragment, whose ports are visible
    [InlineData(0x00B9)]
    public void Fragments_use_the_2_tuple(int flags)
    {
        var frame = Frames.Tcp("10.0.0.1", 1, "10.0.0.2", 2);
        (frame[20], frame[21]) = ((byte)(flags >> 8), (byte)flags);
        _hasher.SetFields(FlowType.Tcp4, FlowHashFields.Addresses);
        var twoTuple = _hasher.Hash(Frames.Tcp("10.0.0.1", 1, "10.0.0.2", 2));
        _hasher.SetFields(FlowType.Tcp4, FlowHashFields.FourTuple);
        Assert.Equal(twoTuple, _hasher.Hash(frame));
    }

    [Fact]
    public void Ip_options_move_the_ports()
    {
        var frame = Frames.Tcp("10.0.0.1", 1, "10.0.0.2", 2);
        byte[] withOptions = [.. frame[..34], 1, 1, 1, 0, .. frame[34..]];
        withOptions[14] = 0x46;
        withOptions[17] += 4;
        Assert.Equal(_hasher.Hash(frame), _hasher.Hash(withOptions));
    }

    [Fact]
    public void Ipv6_extension_headers_are_skipped_and_a_fragment_header_hides_the_ports()
    {
        var frame = Frames.Tcp("fd00::1", 1, "fd00::2", 2);
        byte[] WithExtension(byte type)
        {
            byte[] longer = [.. frame[..54], 6, 0, 0, 0, 0, 0, 0, 0, .. frame[54..]];
            longer[19] += 8;
            longer[20] = type;
            return longer;
        }

        Assert.Equal(_hasher.Hash(frame), _hasher.Hash(WithExtension(60)));
        Assert.Equal(RssHashType.L3, _hasher.Hash(WithExtension(44)).Type);
    }

    [Fact]
    public void Frames_that_are_not_ip_or_truncated_have_no_hash_and_never_throw()
    {
        Assert.Equal(default, _hasher.Hash(Frames.Arp()));
        foreach (var frame in new[] { Frames.Tcp("10.0.0.1", 1, "10.0.0.2", 2, vlan: 3), Frames.Udp("fd00::1", 1, "fd00::2", 2) })
        {
            for (var length = 0; length < frame.Length; length++) Assert.Equal(default, _hasher.Hash(frame.AsSpan(0, length)));
        }
    }

    [Fact]
    public void A_field_that_is_not_chosen_does_not_matter()
    {
        _hasher.SetFields(FlowType.Tcp4, FlowHashFields.SourceAddress | FlowHashFields.DestinationPort);
        var hash = _hasher.Hash(Frames.Tcp("10.0.0.1", 1, "10.0.0.2", 2));
        Assert.Equal(hash, _hasher.Hash(Frames.Tcp("10.0.0.1", 7, "10.9.9.9", 2)));
        Assert.NotEqual(hash, _hasher.Hash(Frames.Tcp("10.0.0.1", 1, "10.0.0.2", 3)));
    }

    [Theory]
    [InlineData(RssHashFunction.Xor, 0x0A000001u ^ 0x0A000002u ^ 0x00010002u)]
    [InlineData(RssHashFunction.Toeplitz, null)]
    [InlineData(RssHashFunction.Crc32, null)]
    public void Hash_functions_differ(RssHashFunction function, uint? expected)
    {
        _hasher.Function = function;
        var hash = _hasher.Hash(Frames.Tcp("10.0.0.1", 1, "10.0.0.2", 2)).Value;
        if (expected is not null) Assert.Equal(expected.Value, hash);
        Assert.NotEqual(0u, hash);
    }

    [Theory]
    [InlineData("sdfn", FlowHashFields.FourTuple, null)]
    [InlineData("sd", FlowHashFields.Addresses, null)]
    [InlineData("x", FlowHashFields.None, "EINVAL")]
    [InlineData("sv", FlowHashFields.SourceAddress, "EINVAL")]
    [InlineData("", FlowHashFields.None, "EINVAL")]
    public void Letters_are_read_or_refused(string letters, FlowHashFields fields, string? error)
    {
        var answer = FlowHashLetters.TryParse(letters, out var read);
        Assert.Equal(fields, read);
        Assert.Equal(error, answer.Error?.Split(':')[0]);
        if (answer.Ok) Assert.Equal(letters, read.Letters());
    }
}
