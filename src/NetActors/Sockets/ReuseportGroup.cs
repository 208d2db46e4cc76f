using NetActors.Buffers;
using NetActors.Time;

namespace NetActors.Sockets;

/// <summary>
/// Sockets that share an address and port by SO_REUSEPORT, in the order of binding (UDP) or listening (TCP) (kernel:
/// <c>struct sock_reuseport</c>, net/core/sock_reuseport.c; not in 3.10).
/// </summary>
public sealed class ReuseportGroup
{
    private IReuseportMember[] _members = new IReuseportMember[4];

    /// <summary>Members.</summary>
    public int Count { get; private set; }

    /// <summary>A member was connected once: lookups score all sockets again (kernel: <c>has_conns</c>).</summary>
    public bool HasConnections { get; internal set; }

    /// <summary>Members that set SO_INCOMING_CPU.</summary>
    public int IncomingCpuMembers { get; internal set; }

    /// <summary>
    /// When the SYN queue of a member last overflowed, for a cookie's ACK may reach another member; <see cref="KernelTime.Never"/> when
    /// none did (kernel: <c>synq_overflow_ts</c>).
    /// </summary>
    public KernelTime LastSynQueueOverflow { get; internal set; } = KernelTime.Never;

    /// <summary>Chooses members; null for the hash (kernel: <c>prog</c>).</summary>
    public IReuseportProgram? Program { get; set; }

    /// <summary>The members in order.</summary>
    public ReadOnlySpan<IReuseportMember> Members => _members.AsSpan(0, Count);

    /// <summary>
    /// The member for a flow; null when all are connected (kernel: <c>reuseport_select_sock_by_hash</c>).
    /// </summary>
    /// <param name="hash">Keyed hash of the flow: not the packet's hash, so it says nothing of queue and CPU.</param>
    /// <param name="cpu">CPU that handles the packet.</param>
    /// <param name="skb">The packet, for the program; its data begins at its transport header. Null where there is none.</param>
    /// <param name="headerBytes">Length of that header.</param>
    public IReuseportMember? Select(uint hash, int cpu, SkBuff? skb = null, int headerBytes = 0)
    {
        if (Program is { } program && skb is not null && program.Choose(skb, headerBytes, cpu) is var chosen && chosen < (uint)Count) return _members[chosen];
        var start = (int)((ulong)hash * (uint)Count >> 32); // reciprocal_scale
        IReuseportMember? first = null;
        for (var n = 0; n < Count; n++)
        {
            var i = start + n;
            var member = _members[i < Count ? i : i - Count];
            if (member.IsConnected) continue;
            if (IncomingCpuMembers == 0 || member.IncomingCpu == cpu) return member;
            first ??= member;
        }

        return first;
    }

    /// <summary>
    /// Attaches a program to a socket's group, or to the socket until it has one (kernel: <c>reuseport_attach_prog</c>). EINVAL for a socket
    /// that is bound without SO_REUSEPORT.
    /// </summary>
    internal static Errno Attach(IReuseportMember member, bool isReusePort, bool isBound, IReuseportProgram program, Action<IReuseportProgram> keep)
    {
        if (member.Group is { } group) group.Program = program;
        else if (!isReusePort || isBound) return Errno.EINVAL;
        else keep(program);
        return Errno.None;
    }

    /// <summary>Takes the program off (SO_DETACH_REUSEPORT_BPF; kernel: <c>reuseport_detach_prog</c>): EINVAL without a group, ENOENT without a program.</summary>
    internal static Errno Detach(IReuseportMember member)
    {
        if (member.Group is not { } group) return Errno.EINVAL;
        if (group.Program is null) return Errno.ENOENT;
        group.Program = null;
        return Errno.None;
    }

    internal void Add(IReuseportMember member)
    {
        if (Count == _members.Length) Array.Resize(ref _members, Count * 2);
        if (Count == 0) Program = member.Program;
        _members[Count++] = member;
        member.Group = this;
        if (member.IncomingCpu >= 0) IncomingCpuMembers++;
    }

    /// <summary>The last member moves into the gap, so flows move too (kernel: <c>__reuseport_detach_sock</c>).</summary>
    internal void Remove(IReuseportMember member)
    {
        var i = Array.IndexOf(_members, member, 0, Count);
        if (i < 0) return;
        _members[i] = _members[--Count];
        _members[Count] = null!;
        member.Group = null;
        if (member.IncomingCpu >= 0) IncomingCpuMembers--;
    }
}
