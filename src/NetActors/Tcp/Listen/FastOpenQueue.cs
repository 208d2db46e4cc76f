using NetActors.Observe;
using NetActors.Time;

namespace NetActors.Tcp;

/// <summary>
/// How many Fast Open children of a listener may be without a handshake (kernel: <c>struct fastopen_queue</c>). One that a RST ended
/// counts on for a minute, so that forged SYNs switch Fast Open off and not the server (RFC 7413 section 5.1).
/// </summary>
public sealed class FastOpenQueue
{
    private static readonly KernelTime Penance = KernelTime.FromSeconds(60);

    private readonly Queue<KernelTime> _reset = new(); // when those that a RST ended stop to count (kernel: rskq_rst_head)

    /// <summary>Most children; 0 switches Fast Open off (TCP_FASTOPEN; kernel: <c>max_qlen</c>).</summary>
    public int MaxLength { get; set; }

    /// <summary>Children that count (kernel: <c>qlen</c>).</summary>
    public int Length { get; private set; }

    /// <summary>True when another child may come (kernel: <c>tcp_fastopen_queue_check</c>).</summary>
    internal bool HasRoom(MibSet mib, KernelTime now)
    {
        if (MaxLength == 0) return false;
        if (Length < MaxLength) return true;
        if (!_reset.TryPeek(out var until) || until > now)
        {
            mib.Add(LinuxMib.TCPFastOpenListenOverflow);
            return false;
        }

        _reset.Dequeue();
        Length--;
        return true;
    }

    internal void Add() => Length++;

    /// <summary>
    /// The handshake of a child is over (kernel: <c>reqsk_fastopen_remove</c>).
    /// </summary>
    /// <param name="penance">A RST ended a child that the program had already.</param>
    /// <param name="now">The time.</param>
    internal void Remove(bool penance, KernelTime now)
    {
        if (penance) _reset.Enqueue(now + Penance);
        else Length--;
    }
}
