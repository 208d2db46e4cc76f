using NetActors.Cli.Reports;

namespace NetActors.Cli.Tests;

public sealed class ColumnTableTests
{
    [Fact]
    public void Numbers_stand_at_the_right_and_text_at_the_left()
    {
        var table = new ColumnTable("name", "count", "where").Text("name", "where");
        table.Add("a", "1", "x");
        table.Add("bcdef", "1000000", "yz");
        Assert.Equal(["name     count  where", "a            1  x", "bcdef  1000000  yz"], table.Lines(80).Select(line => line.Text));
    }

    [Fact]
    public void Where_columns_do_not_fit_each_block_begins_with_the_first_column()
    {
        var table = new ColumnTable("CPU", "first", "second", "third");
        table.Add("0", "1", "2", "3");
        Assert.Equal(
            ["CPU  first  second", "  0      1       2", "", "CPU  third", "  0      3"],
            table.Lines(18).Select(line => line.Text));
        Assert.Equal(8, table.Lines(5).Count()); // three blocks of two lines, two gaps: a column is never cut
    }
}
