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

    /// <summary>The members in order.</summary>
    public ReadOnlySpan<IReuseportMember> Members => _members.AsSpan(0, Count);

    /// <summary>
    /// The member for a flow; null when all are connected (kernel: <c>reuseport_select_sock_by_hash</c>).
    /// </summary>
    /// <param name="hash">Keyed hash of the flow: not the packet's hash, so it says nothing of queue and CPU.</param>
    /// <param name="cpu">CPU that handles the packet.</param>
    public IReuseportMember? Select(uint hash, int cpu)
    {
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

    internal void Add(IReuseportMember member)
    {
        if (Count == _members.Length) Array.Resize(ref _members, Count * 2);
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
