using NetActors.Softirq;

namespace NetActors.Tests.Softirq;

public sealed class NapiListTests
{
    [Fact]
    public void List_gives_back_in_order()
    {
        var list = ListOf("a", "b", "c");
        Assert.Equal(["a", "b", "c"], Drain(ref list));
        Assert.True(list.IsEmpty);
    }

    [Fact]
    public void List_goes_on_after_it_was_empty()
    {
        var list = ListOf("a");
        Drain(ref list);
        list.Append(new NapiInstance(1, "b"));
        Assert.Equal("b", list.First!.Name);
        Assert.Equal(["b"], Drain(ref list));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0, 2)]
    [InlineData(2, 0)]
    [InlineData(2, 3)]
    public void Splice_appends_all_and_empties_the_other(int ours, int theirs)
    {
        string[] first = [.. Enumerable.Range(0, ours).Select(i => $"a{i}")], second = [.. Enumerable.Range(0, theirs).Select(i => $"b{i}")];
        var (list, other) = (ListOf(first), ListOf(second));
        list.Splice(ref other);

        Assert.True(other.IsEmpty);
        list.Append(new NapiInstance(1, "last"));
        Assert.Equal([.. first, .. second, "last"], Drain(ref list));
    }

    private static NapiList ListOf(params string[] names)
    {
        var list = default(NapiList);
        foreach (var name in names) list.Append(new NapiInstance(1, name));
        return list;
    }

    private static List<string> Drain(ref NapiList list)
    {
        var names = new List<string>();
        while (!list.IsEmpty) names.Add(list.TakeFirst().Name);
        return names;
    }
}
