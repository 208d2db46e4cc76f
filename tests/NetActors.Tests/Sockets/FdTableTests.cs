using NetActors.Epoll;
using NetActors.Sockets;

namespace NetActors.Tests.Sockets;

/// <summary>Descriptors, their limits and the sets of select() (kernel: fs/file.c, fs/select.c, fs/file_table.c).</summary>
public sealed class FdTableTests
{
    [Fact]
    public void New_descriptor_is_the_lowest_free_number()
    {
        var table = new FdTable();
        Assert.Equal([3, 4, 5], Enumerable.Range(0, 3).Select(_ => table.Install(new EpollFile())));
        table.Remove(4);
        Assert.Equal([4, 6], Enumerable.Range(0, 2).Select(_ => table.Install(new EpollFile())));
    }

    [Theory]
    [InlineData(3)]
    [InlineData(64)]
    [InlineData(65)]
    [InlineData(1000)]
    public void Table_takes_as_many_as_its_limit_and_no_more(int limit) // RLIMIT_NOFILE counts standard input, output and error
    {
        var table = new FdTable(limit);
        for (var fd = 3; fd < limit; fd++) Assert.Equal(fd, table.Install(new EpollFile()));
        Assert.False(table.HasRoom());
        Assert.Equal(-1, table.Install(new EpollFile()));
    }

    [Fact]
    public void Lowered_limit_closes_nothing_and_raised_one_lets_more_in()
    {
        var table = new FdTable(10);
        for (var fd = 3; fd < 10; fd++) table.Install(new EpollFile());
        Assert.Equal(Errno.None, table.SetLimit(5));
        Assert.NotNull(table[9]);
        table.Remove(8);
        Assert.False(table.HasRoom());
        Assert.Equal(Errno.None, table.SetLimit(200));
        Assert.Equal(8, table.Install(new EpollFile()));
        Assert.Equal(10, table.Install(new EpollFile()));
        Assert.Equal((Errno.EINVAL, Errno.EPERM), (table.SetLimit(-1), table.SetLimit((1 << 20) + 1)));
    }

    [Fact]
    public void Last_thread_that_leaves_closes_the_files()
    {
        var table = new FdTable();
        table.Join();
        table.Join();
        table.Install(new EpollFile());
        Assert.False(table.Leave());
        Assert.True(table.Leave());
        Assert.NotNull(table.RemoveAny());
        Assert.Null(table.RemoveAny());
    }

    [Fact]
    public void Host_has_a_limit_for_all_its_files() // fs.file-max: ENFILE
    {
        var files = new OpenFiles(2);
        EpollFile first = new(), second = new(), third = new();
        Assert.True(files.TryOpen(first) && files.TryOpen(second));
        Assert.False(files.TryOpen(third));
        files.Close(third); // was never open
        Assert.Equal(2, files.Count);
        files.Close(first);
        files.Close(first);
        Assert.True(files.TryOpen(third));
    }

    [Fact]
    public void Select_looks_at_no_descriptor_above_the_table() // fdt->max_fds: such bits are neither EBADF nor ready
    {
        var table = new FdTable();
        var fd = table.Install(new EpollFile());
        var sets = new FdSets { Readable = new byte[256] };
        sets.Readable[fd >> 3] = (byte)(1 << (fd & 7));
        sets.Readable[200] = 1;
        Assert.Equal(Errno.None, sets.Begin(2048, table, out var entries, out _));
        Assert.Equal(fd, (int)Assert.Single(entries, e => (int)e.Data >= 0).Data);
        sets.Readable[7] = 0x80;
        Assert.Equal(Errno.EBADF, sets.Begin(2048, table, out _, out _));
        Assert.Equal(Errno.None, sets.Begin(63, table, out _, out _));
        Assert.Equal(Errno.EINVAL, sets.Begin(-1, table, out _, out _));
    }
}
