using NetActors.Buffers;
using NetActors.Execution;
using NetActors.Hosts;

namespace NetActors.Udp;

/// <summary>
/// What a socket's packets that have not left the host cost it, in truesize bytes (kernel: <c>sk_wmem_alloc</c>, <c>sk_sndbuf</c>,
/// <c>sock_alloc_send_pskb</c>, <c>sock_wfree</c>). In real time several CPUs free at once.
/// </summary>
/// <param name="socket">Whose it is.</param>
/// <param name="sndBuf">Limit in bytes (<c>net.core.wmem_default</c>).</param>
internal sealed class SendBuffer(DatagramSocket socket, int sndBuf) : IPacketCharge
{
    /// <summary>Least SO_SNDBUF in bytes (kernel: <c>SOCK_MIN_SNDBUF</c>).</summary>
    public const int MinSndBuf = 4608;

    private int _wmemAlloc;

    /// <summary>Limit in bytes: twice what SO_SNDBUF was given (kernel: <c>sk_sndbuf</c>).</summary>
    public int SndBuf { get; private set; } = sndBuf;

    /// <summary>SO_MAX_PACING_RATE, which <c>fq</c> holds its packets to: bytes a second.</summary>
    public long PacingRate { get; set; } = long.MaxValue;

    /// <summary>Bytes on their way (kernel: <c>sk_wmem_alloc</c>).</summary>
    public int WmemAlloc => Volatile.Read(ref _wmemAlloc);

    /// <summary>A packet may be made, of whatever size (kernel: <c>sock_alloc_send_pskb</c>).</summary>
    public bool HasRoom => WmemAlloc < SndBuf;

    /// <summary>Poll says writable (kernel: <c>sock_writeable</c>).</summary>
    public bool IsWritable => WmemAlloc < SndBuf >> 1;

    /// <summary>SO_SNDBUF: capped, doubled, not below the least.</summary>
    public void SetSndBuf(int bytes, int most) =>
        SndBuf = Math.Max(Math.Min((int)Math.Min((uint)bytes, (uint)most), int.MaxValue / 2) * 2, MinSndBuf);

    /// <inheritdoc />
    public void Charge(SkBuff skb)
    {
        Interlocked.Add(ref _wmemAlloc, skb.TrueSize);
        skb.SetOwner(this, skb.TrueSize);
    }

    /// <inheritdoc />
    public void OnPacedBelow()
    {
        // datagrams leave when the program sends them
    }

    /// <inheritdoc />
    public void OnFreed(int bytes)
    {
        var left = Interlocked.Add(ref _wmemAlloc, -bytes);
        if (left << 1 > SndBuf || EmulatedCpu.Current?.Hooks is not HostCpu cpu) return;
        if (socket.IsWatched || socket.Writers.Count > 0) socket.Writable(cpu);
    }
}
