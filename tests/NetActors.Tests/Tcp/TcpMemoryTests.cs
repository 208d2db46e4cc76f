using NetActors.Buffers;
using NetActors.Observe;
using NetActors.Tcp;
using NetActors.Tests.Hosts;
using NetActors.Time;

namespace NetActors.Tests.Tcp;

/// <summary>tcp_mem: memory of all connections and its pressure (kernel: __sk_mem_raise_allocated, tcp_enter_memory_pressure).</summary>
public sealed class TcpMemoryTests
{
    private const int Page = 4096;

    private static TcpContext Context(int low, int pressure, int high) => new(
        new TcpSysctls { TcpMem = new TcpMemoryTriple(low, pressure, high) }, new MibSet(), new TcpChunkPool(), new KernelRandom(1));

    [Fact]
    public void Connection_takes_whole_pages_and_gives_back_those_it_does_not_need()
    {
        var context = Context(100, 200, 300);
        var account = new TcpMemoryAccount(context);
        Assert.True(account.TryReceive(100, 0));
        Assert.Equal((1, Page), (context.Memory.AllocatedPages, account.Forward));
        account.Change(100);
        Assert.True(account.TrySend(Page, 0));
        account.Change(Page);
        Assert.Equal((2, Page - 100), (context.Memory.AllocatedPages, account.Forward));
        account.Change(-Page);
        Assert.Equal((1, Page - 100), (context.Memory.AllocatedPages, account.Forward));
        account.Change(-100);
        account.Close();
        Assert.Equal((0, 0), (context.Memory.AllocatedPages, account.Forward));
    }

    [Fact]
    public void Pressure_begins_above_the_second_limit_and_ends_below_the_first()
    {
        var context = Context(4, 8, 12);
        context.Memory.AddSockets(1);
        context.Memory.Now = KernelTime.FromMilliseconds(100);
        var account = new TcpMemoryAccount(context);
        Assert.True(Take(account, 8));
        Assert.False(context.UnderMemoryPressure);
        Assert.True(Take(account, 1));
        Assert.True(context.UnderMemoryPressure);
        account.Change(-4 * Page);
        Assert.True(context.UnderMemoryPressure); // 5 pages: between the limits nothing changes
        context.Memory.Now = KernelTime.FromMilliseconds(350);
        account.Change(-2 * Page);
        Assert.False(context.UnderMemoryPressure);
        Assert.Equal((1L, 250L), (context.Mib[LinuxMib.TCPMemoryPressures], context.Mib[LinuxMib.TCPMemoryPressuresChrono]));
    }

    [Fact]
    public void Nothing_goes_above_the_third_limit()
    {
        var context = Context(4, 8, 12);
        context.Memory.AddSockets(1);
        var account = new TcpMemoryAccount(context);
        Assert.True(Take(account, 11));
        Assert.False(account.TryReceive(2 * Page, 11 * Page));
        Assert.False(account.TryReceive(2 * Page, 0));
        Assert.Equal(11, context.Memory.AllocatedPages);
        account.Force(2 * Page); // but what is forced
        Assert.Equal(13, context.Memory.AllocatedPages);
    }

    [Fact]
    public void Under_pressure_a_socket_gets_its_least_and_its_share()
    {
        var context = Context(4, 8, 12);
        context.Memory.AddSockets(6); // a share of two pages
        TcpMemoryAccount greedy = new(context), modest = new(context);
        Assert.True(Take(greedy, 9));
        Assert.True(context.UnderMemoryPressure);
        Assert.False(greedy.TryReceive(Page, 9 * Page));
        Assert.True(modest.TryReceive(Page, 4095)); // holds less than tcp_rmem[0]
        modest.Change(Page);
        Assert.True(modest.TryReceive(Page, 4096)); // 12 > 6 * 1
        modest.Change(Page);
        Assert.False(modest.TryReceive(Page, 8192));
    }

    [Fact]
    public void Segment_without_memory_is_dropped_and_the_window_closed()
    {
        var peer = TcpSocks.Established(TcpSocks.Sysctls with { TcpMem = new TcpMemoryTriple(0, 0, 1) });
        peer.Says("P. 1:1001(1000) ack 1 win 20000", trueSize: 2304);
        Assert.Equal(0, (int)(peer.Effects & TcpEffects.NoMemory));
        peer.Sees(". 1:1(0) ack 1001 win 63240");
        peer.Says("P. 1001:2001(1000) ack 1 win 20000", trueSize: 2304);
        Assert.NotEqual(0, (int)(peer.Effects & TcpEffects.NoMemory));
        Assert.Equal(1000, peer.Sock.Readable);
        peer.Counts(LinuxMib.TCPRcvQDrop, 1).Counts(LinuxMib.PruneCalled, 1).Sees(". 1:1(0) ack 1001 win 0");
    }

    [Fact]
    public void First_segment_is_taken_without_memory() // sk_forced_mem_schedule: the program reads it and frees some
    {
        var peer = TcpSocks.Established(TcpSocks.Sysctls with { TcpMem = new TcpMemoryTriple(0, 0, 0) });
        peer.Says("P. 1:1001(1000) ack 1 win 20000", trueSize: 2304);
        Assert.Equal(1000, peer.Sock.Readable);
        peer.Sees(". 1:1(0) ack 1001 win 0");
    }

    [Fact]
    public void Writer_without_memory_gets_on_and_its_buffer_shrinks()
    {
        var peer = TcpSocks.Established(TcpSocks.Sysctls with { TcpMem = new TcpMemoryTriple(0, 0, 0) });
        peer.Does(sock =>
        {
            Assert.Equal(NetActors.Sockets.Errno.None, sock.Send(new byte[100_000], TcpSendFlags.None, peer.Now, out var written, out var effects));
            Assert.InRange(written, 1, 8192); // tcp_wmem[0] and what is left of a page
            return effects;
        });
        Assert.Equal(TcpConstants.MinSndBuf, peer.Sock.SndBuf);
    }

    [Fact]
    public void Host_short_of_memory_goes_on_and_gives_all_back()
    {
        using var run = new Running(Yaml.Pair(
            """{ name: stream, program: tcp-stream, io: blocking, connect: "10.0.0.1:5001", send: 64KiB, threads: 4, stop: 300ms }""",
            """{ name: slow, program: tcp-server, io: epoll, does: discard, bind: "0.0.0.0:5001", read: 64KiB, pause: 1ms }""",
            "rate: 1Gbit, delay: 100us").Replace("server:\n    cpus: 1", "server:\n    cpus: 1\n    sysctl: { net.ipv4.tcp_mem: \"8 16 32\" }", StringComparison.Ordinal));
        run.Until(10_000_000);
        var server = run.Plan.Hosts[1];
        var mib = run.Snapshot.Hosts[1].Mib;
        Assert.Equal(32, server.Stack.Tcp.Sysctls.TcpMem.Max);
        Assert.True(mib[LinuxMib.TCPMemoryPressures] > 0);
        Assert.True(mib[LinuxMib.TCPRcvQDrop] + mib[LinuxMib.TCPOFODrop] > 0);
        Assert.True(run.Dropped(SkbDropReason.PROTO_MEM) > 0);
        Assert.All(run.Plan.Hosts, host => Assert.Equal(0, host.Stack.Tcp.Context.Memory.AllocatedPages));
        Assert.False(server.Stack.Tcp.Context.UnderMemoryPressure);
    }

    private static bool Take(TcpMemoryAccount account, int pages)
    {
        if (!account.TryReceive(pages * Page, 0)) return false;
        account.Change(pages * Page);
        return true;
    }
}
