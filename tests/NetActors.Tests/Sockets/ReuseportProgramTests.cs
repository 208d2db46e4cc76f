using NetActors.Buffers;
using NetActors.Filters;
using NetActors.Sockets;
using NetActors.Udp;

namespace NetActors.Tests.Sockets;

/// <summary>Programs of reuseport groups (specification section 11.1; net/core/sock_reuseport.c).</summary>
public sealed class ReuseportProgramTests : IDisposable
{
    private readonly SkbPool _pool = new(256, 1);
    private readonly SkBuff _skb;
    private readonly UdpEndpoint[] _members = [new(1), new(2), new(3)];
    private readonly ReuseportGroup _group = new();

    public ReuseportProgramTests()
    {
        _skb = _pool.Rent()!;
        new byte[] { 0, 1, 0, 2, 0, 12, 0, 0, 0, 0, 0, 2 }.CopyTo(_skb.Put(12)); // a datagram of four bytes, the last 2
        foreach (var member in _members) _group.Add(member);
    }

    public void Dispose() => _skb.Free(SkbDropReason.CONSUMED);

    [Fact]
    public void Program_answers_the_members_number_in_the_order_of_joining()
    {
        _group.Program = Program(SocketFilter.CpuModulo(3));
        Assert.Equal([0, 1, 2, 0, 1], Enumerable.Range(0, 5).Select(cpu => Array.IndexOf(_members, _group.Select(0xFFFF_FFFF, cpu, _skb, 8))));
    }

    [Fact]
    public void Program_counts_from_behind_the_transport_header_and_leaves_the_packet_as_it_was()
    {
        _group.Program = Program([0x30, 0, 0, 0, 3, 0, 0, 0, 0x16, 0, 0, 0, 0, 0, 0, 0]); // ldb [3]; ret a
        Assert.Same(_members[2], _group.Select(0, 0, _skb, 8));
        Assert.Equal(12, _skb.Length);
    }

    [Fact]
    public void Answer_beyond_the_group_leaves_the_choice_to_the_hash()
    {
        _group.Program = Program([0x06, 0, 0, 0, 3, 0, 0, 0]); // ret #3
        Assert.Same(_members[0], _group.Select(0, 0, _skb, 8));
        Assert.Same(_members[2], _group.Select(0xFFFF_FFFF, 0, _skb, 8));
        Assert.Same(_members[2], _group.Select(0xFFFF_FFFF, 0)); // no packet to look at
    }

    [Fact]
    public void Program_attached_before_binding_comes_with_the_first_member_only()
    {
        var (first, second) = (new UdpEndpoint(1) { Program = Program([0x06, 0, 0, 0, 0, 0, 0, 0]) }, new UdpEndpoint(2) { Program = Program(SocketFilter.CpuModulo(2)) });
        var group = new ReuseportGroup();
        group.Add(first);
        group.Add(second);
        Assert.Same(first.Program, group.Program);
    }

    [Fact]
    public void Attach_needs_the_option_before_bind_and_detach_a_program()
    {
        var (program, alone) = (Program(SocketFilter.CpuModulo(2)), new UdpEndpoint(1));
        Assert.Equal(Errno.EINVAL, ReuseportGroup.Attach(alone, isReusePort: false, isBound: false, program, _ => { }));
        Assert.Equal(Errno.EINVAL, ReuseportGroup.Attach(alone, isReusePort: true, isBound: true, program, _ => { }));
        Assert.Equal(Errno.None, ReuseportGroup.Attach(alone, isReusePort: true, isBound: false, program, kept => alone.Program = kept));
        Assert.Same(program, alone.Program);
        Assert.Equal(Errno.EINVAL, ReuseportGroup.Detach(alone));
        Assert.Equal(Errno.ENOENT, ReuseportGroup.Detach(_members[0]));
        Assert.Equal(Errno.None, ReuseportGroup.Attach(_members[0], isReusePort: true, isBound: true, program, _ => { }));
        Assert.Equal(Errno.None, ReuseportGroup.Detach(_members[1]));
        Assert.Null(_group.Program);
    }

    private static SocketFilter Program(byte[] bytes)
    {
        Assert.Equal(Errno.None, SocketFilter.TryCreate(bytes, out var filter));
        return filter!;
    }
}
