using NetActors.Nic;

namespace NetActors.Tests.Nic;

public sealed class RssIndirectionTests
{
    private readonly RssIndirection _table = new(128, 8);

    [Fact]
    public void Default_entry_is_its_number_modulo_the_queues_and_low_bits_select_it()
    {
        for (var i = 0u; i < 256; i++) Assert.Equal((int)(i % 128 % 8), _table.QueueOf(i));
        Assert.False(_table.UserConfigured);
    }

    [Fact]
    public void Equal_goes_round_from_its_start()
    {
        Assert.True(_table.SetEqual(3, 2, 8).Ok);
        Assert.Equal([2, 3, 4, 2, 3], _table.Entries[..5].ToArray().Select(queue => (int)queue));
        Assert.True(_table.UserConfigured);
    }

    [Fact]
    public void Weights_6_and_2_fill_96_and_32_entries()
    {
        Assert.True(_table.SetWeight([6, 2], 0, 8).Ok);
        Assert.Equal([96, 32], Counts(2));
        Assert.Equal(0, _table.Entries[95]);
        Assert.Equal(1, _table.Entries[96]);
    }

    [Fact]
    public void Weights_1_1_1_fill_42_43_43_entries()
    {
        Assert.True(_table.SetWeight([1, 1, 1], 0, 8).Ok);
        Assert.Equal([42, 43, 43], Counts(3));
    }

    [Fact]
    public void Weight_0_gets_nothing()
    {
        Assert.True(_table.SetWeight([0, 1, 0, 1], 1, 8).Ok);
        Assert.Equal([0, 0, 64, 0, 64], Counts(5));
    }

    [Theory]
    [InlineData(new[] { 0, 0 })]
    [InlineData(new[] { 100, 29 })]
    [InlineData(new[] { 1, -1, 1 })]
    [InlineData(new[] { 1, 1, 1, 1, 1, 1, 1, 1, 1 })]
    public void Weights_that_do_not_fit_are_refused_and_change_nothing(int[] weights)
    {
        var answer = _table.SetWeight(weights, 0, 8);
        Assert.StartsWith("EINVAL", answer.Error, StringComparison.Ordinal);
        Assert.False(_table.UserConfigured);
        Assert.Equal(7, _table.Entries[127]);
    }

    [Fact]
    public void Entry_beyond_the_queues_is_refused() => Assert.Contains("queue 8 does not exist", _table.SetEqual(2, 7, 8).Error, StringComparison.Ordinal);

    [Fact]
    public void Shorter_table_is_repeated_if_it_divides_the_size()
    {
        Assert.True(_table.Set([5, 6], 8).Ok);
        Assert.Equal((5, 6), (_table.QueueOf(126), _table.QueueOf(127)));
        Assert.False(_table.Set([1, 2, 3], 8).Ok);
    }

    [Fact]
    public void Channels_below_a_queue_that_somebody_chose_are_refused()
    {
        _table.SetEqual(4, 0, 8);
        Assert.False(_table.CheckChannels(3).Ok);
        Assert.True(_table.CheckChannels(4).Ok);
        _table.OnChannels(16);
        Assert.Equal(3, _table.HighestQueue);
    }

    [Fact]
    public void Default_table_follows_the_channels_and_an_empty_one_restores_it()
    {
        _table.SetEqual(4, 0, 8);
        Assert.True(_table.Set([], 8).Ok);
        Assert.True(_table.CheckChannels(3).Ok);
        _table.OnChannels(3);
        Assert.Equal(2, _table.HighestQueue);
        Assert.Equal(127 % 3, _table.QueueOf(127));
    }

    private int[] Counts(int queues)
    {
        var counts = new int[queues];
        foreach (var queue in _table.Entries) counts[queue]++;
        return counts;
    }
}
