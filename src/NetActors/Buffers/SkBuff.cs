using System.Numerics;
using NetActors.Time;

namespace NetActors.Buffers;

/// <summary>
/// A packet in the emulated host (kernel: <c>struct sk_buff</c>): a window over pooled bytes with what the layers know about them.
/// Rented from an <see cref="SkbPool"/>, counted, freed exactly once by each holder with a reason.
/// </summary>
public sealed class SkBuff
{
    /// <summary>Bytes that the kernel's <c>struct sk_buff</c> and <c>skb_shared_info</c> add to every packet's truesize (x86-64).</summary>
    public const int Overhead = StructBytes + SharedInfoBytes;

    /// <summary><c>sizeof(struct sk_buff)</c>, aligned: all that a driver's <c>build_skb</c> adds to its buffer.</summary>
    internal const int StructBytes = 256;

    internal const int SharedInfoBytes = 320; // sizeof(struct skb_shared_info), aligned
    private const int SmallHeadBytes = 256 + SharedInfoBytes; // SKB_SMALL_HEAD_CACHE_SIZE

    private readonly SkbPool _home;
    private int _users;
    private int _charged; // to the owner
    private bool _hasMemory; // of its pool's home
    private int _data;
    private int _tail;

    /// <summary>What a layer left for the next (kernel: <c>cb</c>).</summary>
    public SkbControlBlock Cb;

    /// <summary>Number on the host, plus one, of the CPU that worked on it last; 0 for none.</summary>
    internal short LastCpu;

    /// <summary>What receive offload noted on it.</summary>
    internal GroControlBlock Gro;

    internal SkBuff(SkbPool home, int capacityBytes)
    {
        _home = home;
        Own = new SkbSharedInfo(this, capacityBytes);
        Shared = Own;
    }

    /// <summary>Bytes, fragments and segmentation, shared with the clones (kernel: <c>skb_shinfo</c>).</summary>
    public SkbSharedInfo Shared { get; private set; }

    /// <summary>The next packet of a list that holds this one; null otherwise.</summary>
    internal SkBuff? Next { get; set; }

    /// <summary>The bytes that this packet brings along; a clone shows another's.</summary>
    internal SkbSharedInfo Own { get; }

    /// <summary>Bytes from <c>data</c> to <c>tail</c>: the linear part still to be handled.</summary>
    public Span<byte> Data => Shared.Head.AsSpan(_data, _tail - _data);

    /// <summary>Bytes of the linear part (kernel: <c>skb_headlen</c>).</summary>
    public int HeadLength => _tail - _data;

    /// <summary>All bytes, fragments included (kernel: <c>skb-&gt;len</c>).</summary>
    public int Length
    {
        get
        {
            var length = _tail - _data;
            if (Shared.NrFrags > 0)
            {
                foreach (ref readonly var frag in Shared.Frags) length += frag.Length;
            }

            return length + Shared.FragListLength;
        }
    }

    /// <summary>Free bytes in front (kernel: <c>skb_headroom</c>).</summary>
    public int Headroom => _data;

    /// <summary>Free bytes behind the linear part (kernel: <c>skb_tailroom</c>).</summary>
    public int Tailroom => Shared.Head.Length - _tail;

    /// <summary>Memory that the packet is charged for (kernel: <c>truesize</c>).</summary>
    public int TrueSize { get; set; }

    /// <summary>Flow hash; 0 when there is none (kernel: <c>hash</c>).</summary>
    public uint Hash { get; set; }

    /// <summary>The hash covers ports (kernel: <c>l4_hash</c>).</summary>
    public bool L4Hash { get; set; }

    /// <summary>The hash was computed in software (kernel: <c>sw_hash</c>).</summary>
    public bool SwHash { get; set; }

    /// <summary>Received: the queue plus one, 0 when not recorded. Sent: the queue (kernel: <c>queue_mapping</c>).</summary>
    public ushort QueueMapping { get; set; }

    /// <summary>Nothing of its flow is under way: it may take another transmit queue (kernel: <c>ooo_okay</c>).</summary>
    public bool OooOkay { get; set; }

    /// <summary>
    /// The socket that sends it; null for none (kernel: <c>sk</c>). Segments of one burst have it though only the last of them is charged to
    /// their <see cref="Owner"/>.
    /// </summary>
    internal ISkbOwner? Socket { get; set; }

    /// <summary>Who is told when it leaves; null for nobody.</summary>
    internal ISkbStamp? Stamp { get; set; }

    /// <summary>Free-form mark (kernel: <c>mark</c>, SO_MARK).</summary>
    public uint Mark { get; set; }

    /// <summary>Queueing priority (kernel: <c>priority</c>, SO_PRIORITY).</summary>
    public uint Priority { get; set; }

    /// <summary>EtherType in host order (kernel: <c>protocol</c>).</summary>
    public ushort Protocol { get; set; }

    /// <summary>VLAN tag control information taken off by the device; null when untagged (kernel: <c>vlan_tci</c>).</summary>
    public ushort? VlanTci { get; set; }

    /// <summary>Whom the frame was for.</summary>
    public PacketType PacketType { get; set; }

    /// <summary>What is known of the transport checksum.</summary>
    public ChecksumState IpSummed { get; set; }

    /// <summary>The sum for <see cref="ChecksumState.Complete"/>.</summary>
    public ushort Csum { get; set; }

    /// <summary>
    /// For <see cref="ChecksumState.Partial"/>: where summing starts, from <see cref="Data"/> as it was when set (<c>csum_start</c>).
    /// </summary>
    public ushort CsumStart { get; set; }

    /// <summary>For <see cref="ChecksumState.Partial"/>: where the sum goes, from <see cref="CsumStart"/> (<c>csum_offset</c>).</summary>
    public ushort CsumOffset { get; set; }

    /// <summary>Index of the device that received it or will send it (kernel: <c>dev-&gt;ifindex</c>).</summary>
    public int IfIndex { get; set; }

    /// <summary>Number of the namespace of its machine that has it (kernel: <c>dev_net(skb-&gt;dev)</c>); 0 for the machine's first.</summary>
    internal int Netns { get; set; }

    /// <summary>What XDP has done with it.</summary>
    internal XdpMark Xdp { get; set; }

    /// <summary>NAPI that delivered it (kernel: <c>napi_id</c>).</summary>
    public int NapiId { get; set; }

    /// <summary>Offset of the link header in the buffer (kernel: <c>mac_header</c>).</summary>
    public int MacHeader { get; set; }

    /// <summary>Offset of the network header in the buffer (kernel: <c>network_header</c>).</summary>
    public int NetworkHeader { get; set; }

    /// <summary>Offset of the transport header in the buffer (kernel: <c>transport_header</c>).</summary>
    public int TransportHeader { get; set; }

    /// <summary>When the last bit reached the device, or when the packet was sent.</summary>
    public KernelTime Arrival { get; set; }

    /// <summary>When the stack stamped it (kernel: <c>tstamp</c>); <see cref="KernelTime.Zero"/> when it did not.</summary>
    public KernelTime Tstamp { get; set; }

    /// <summary>From when on the queue that holds it shows it to readers (design section 2, "skew").</summary>
    public KernelTime VisibleFrom { get; set; }

    /// <summary>Who is charged for it; null for nobody.</summary>
    internal ISkbOwner? Owner { get; private set; }

    /// <summary>Number of the packet in its simulation: what trace and capture call it.</summary>
    public long Id { get; set; }

    /// <summary>Holders of the packet.</summary>
    public int Users => Volatile.Read(ref _users);

    /// <summary>True when clones share the bytes, so that they may not be written (kernel: <c>skb_cloned</c>).</summary>
    public bool IsCloned => Shared.DataRefs > 1;

    /// <summary>Moves data and tail of an empty packet up by <paramref name="bytes"/>: headroom (kernel: <c>skb_reserve</c>).</summary>
    public void Reserve(int bytes)
    {
        Check(bytes >= 0 && bytes <= Tailroom && _tail == _data);
        _data += bytes;
        _tail += bytes;
    }

    /// <summary>Appends <paramref name="bytes"/> at the tail and returns them for writing (kernel: <c>skb_put</c>).</summary>
    public Span<byte> Put(int bytes)
    {
        Check(bytes >= 0 && bytes <= Tailroom);
        var start = _tail;
        _tail += bytes;
        return Shared.Head.AsSpan(start, bytes);
    }

    /// <summary>Opens <paramref name="bytes"/> in front and returns them for writing (kernel: <c>skb_push</c>).</summary>
    public Span<byte> Push(int bytes)
    {
        Check(bytes >= 0 && bytes <= _data);
        _data -= bytes;
        return Shared.Head.AsSpan(_data, bytes);
    }

    /// <summary>Takes <paramref name="bytes"/> off the front. False when there are fewer (kernel: <c>skb_pull</c>).</summary>
    public bool Pull(int bytes)
    {
        if (bytes < 0 || bytes > HeadLength) return false;
        _data += bytes;
        return true;
    }

    /// <summary>Cuts the linear part to <paramref name="length"/> bytes; a longer one stays (kernel: <c>pskb_trim</c>).</summary>
    public void Trim(int length)
    {
        if (length >= 0 && length < HeadLength) _tail = _data + length;
    }

    /// <summary>Takes all bytes out, to be filled anew.</summary>
    internal void Clear() => _data = _tail = 0;

    /// <summary>Offset of <see cref="Data"/> in the buffer: what the header offsets are set to.</summary>
    public int DataOffset => _data;

    /// <summary>Bytes from a header offset to the tail.</summary>
    public Span<byte> From(int offset) => Shared.Head.AsSpan(offset, _tail - offset);

    /// <summary>Bytes from a header offset to the tail, for one that may lie behind it.</summary>
    internal ReadOnlySpan<byte> HeadFrom(int offset) => Shared.Head.AsSpan(Math.Clamp(offset, 0, _tail), _tail - Math.Clamp(offset, 0, _tail));

    /// <summary>One more holder (kernel: <c>skb_get</c>).</summary>
    public SkBuff Hold()
    {
        if (Interlocked.Increment(ref _users) <= 1) throw new InvalidOperationException($"skb {Id} held after it was freed");
        return this;
    }

    /// <summary>
    /// A second packet over the same bytes with marks of its own, from this packet's own pool: for the CPU that rented it
    /// (kernel: <c>skb_clone</c>). Null when the pool is spent.
    /// </summary>
    public SkBuff? Clone() => Clone(_home);

    /// <summary>
    /// A second packet over the same bytes with marks of its own, from <paramref name="pool"/>, which is the current CPU's. Null when
    /// it is spent. The bytes go home when the last of the original and its clones is freed, in whatever order (kernel: <c>skb_clone</c>).
    /// </summary>
    public SkBuff? Clone(SkbPool pool)
    {
        ArgumentNullException.ThrowIfNull(pool);
        var clone = pool.Take();
        if (clone is null) return null;
        clone._users = 1;
        clone.CopyFrom(this);
        clone.Shared = Shared;
        Shared.Take();
        return clone;
    }

    /// <summary>Charges <paramref name="owner"/> with <paramref name="bytes"/> of truesize until the packet is freed (kernel: <c>skb_set_owner_w</c>).</summary>
    internal void SetOwner(ISkbOwner owner, int bytes) => (Owner, _charged) = (owner, bytes);

    /// <summary>Takes over what is known of a packet that this one is cut from, but not its bytes.</summary>
    internal void MarkAs(SkBuff large, bool isFirst)
    {
        (Hash, L4Hash, SwHash, QueueMapping) = (large.Hash, large.L4Hash, large.SwHash, large.QueueMapping);
        (Mark, Priority, Socket, OooOkay) = (large.Mark, large.Priority, large.Socket, large.OooOkay && isFirst);
        (Protocol, IfIndex, Arrival, Tstamp, Id, Cb) = (large.Protocol, large.IfIndex, large.Arrival, large.Tstamp, large.Id, large.Cb);
    }

    /// <summary>Another packet, which leaves the host last, speaks for this one's bytes too.</summary>
    internal void GiveOwner(SkBuff to) => (to.Owner, to._charged, to.Stamp, Owner, Stamp) = (Owner, _charged, Stamp, null, null);

    /// <summary>The driver hands it to the device (kernel: <c>skb_tx_timestamp</c>).</summary>
    internal void OnTransmitted(KernelTime now)
    {
        if (Stamp is not { } stamp) return;
        Stamp = null;
        stamp.OnTransmitted(this, now);
    }

    /// <summary>Its memory is free on this CPU, though a wire may show its bytes still (kernel: <c>skb_pp_recycle</c>).</summary>
    internal void GiveMemoryBack()
    {
        if (!_hasMemory) return;
        _hasMemory = false;
        _home.Buffers?.OnReturned();
    }

    /// <summary>It has left the host, whoever else holds it: its owner is charged no longer (kernel: <c>skb_orphan</c>).</summary>
    internal void Orphan()
    {
        if (Owner is not { } owner) return;
        Owner = null;
        owner.OnFreed(_charged);
    }

    /// <summary>
    /// Gives the packet up. The last holder sends it home; <paramref name="reason"/> says whether it was used or dropped.
    /// </summary>
    /// <returns>True for the last holder.</returns>
    public bool Free(SkbDropReason reason)
    {
        Check(reason != SkbDropReason.NOT_DROPPED_YET);
        var left = Volatile.Read(ref _users) == 1 ? _users = 0 : Interlocked.Decrement(ref _users);
        if (left > 0) return false;
        if (left < 0) throw new InvalidOperationException($"skb {Id} freed twice ({reason})");
        Orphan();
        if (reason != SkbDropReason.CONSUMED) _home.Observer?.OnFree(this, reason);
        var shared = Shared;
        if (shared != Own)
        {
            Shared = Own;
            _home.Return(this);
        }

        if (shared.Release()) shared.Owner._home.Return(shared.Owner); // an original waits for its clones: they show its bytes
        return true;
    }

    internal void Reset(int trueSize)
    {
        _users = 1;
        _data = _tail = 0;
        Own.Begin();
        _hasMemory = _home.Buffers is not null;
        (Hash, L4Hash, SwHash, QueueMapping, Mark, Priority) = (0, false, false, 0, 0, 0);
        (Protocol, VlanTci, PacketType, IpSummed) = (0, null, PacketType.Host, ChecksumState.None);
        (Csum, CsumStart, CsumOffset, IfIndex, NapiId) = (0, 0, 0, 0, 0);
        (MacHeader, NetworkHeader, TransportHeader) = (0, 0, 0);
        (Arrival, Tstamp, VisibleFrom) = (KernelTime.Zero, KernelTime.Zero, KernelTime.Zero);
        (Id, Netns) = (0, 0);
        (OooOkay, Socket, Stamp, LastCpu, Xdp) = (false, null, null, 0, XdpMark.None);
        Cb = default;
        TrueSize = trueSize;
    }

    /// <summary>
    /// Truesize of a packet allocated with <paramref name="bytes"/> of data room (kernel: <c>__alloc_skb</c>, <c>kmalloc_reserve</c>,
    /// x86-64): the allocator gives the room and the shared info a power of two, but small heads of 6.x have a cache of their own.
    /// A 20-byte datagram costs 832 (3.10: 768), one that fills an Ethernet frame 2304.
    /// </summary>
    public static int TrueSizeOf(int bytes, KernelVersion kernel = KernelVersion.V6)
    {
        var head = ((bytes + 63) & ~63) + SharedInfoBytes;
        if (kernel != KernelVersion.V310 && head <= SmallHeadBytes) head = SmallHeadBytes;
        else head = (int)BitOperations.RoundUpToPowerOf2((uint)head);
        return head + StructBytes;
    }

    /// <summary>Becomes a copy of <paramref name="other"/>'s linear part and marks, with bytes of its own (kernel: <c>skb_copy</c>).</summary>
    internal void CopyBytesOf(SkBuff other)
    {
        Reserve(other._data);
        other.Data.CopyTo(Put(other.HeadLength));
        var trueSize = TrueSize;
        CopyFrom(other);
        TrueSize = trueSize;
        (Shared.GsoSize, Shared.GsoSegs) = (other.Shared.GsoSize, other.Shared.GsoSegs);
        (Shared.GsoFixedId, Shared.GsoAccurateEcn) = (other.Shared.GsoFixedId, other.Shared.GsoAccurateEcn);
    }

    /// <summary>Takes over what is known of a packet of which this one is a copy in one piece, filled already.</summary>
    internal void CopyMarksOf(SkBuff other)
    {
        var (data, tail, trueSize) = (_data, _tail, TrueSize);
        CopyFrom(other);
        (_data, _tail, TrueSize) = (data, tail, trueSize);
        (Shared.GsoSize, Shared.GsoSegs) = (other.Shared.GsoSize, other.Shared.GsoSegs);
        (Shared.GsoFixedId, Shared.GsoAccurateEcn) = (other.Shared.GsoFixedId, other.Shared.GsoAccurateEcn);
    }

    private void CopyFrom(SkBuff other)
    {
        (_data, _tail) = (other._data, other._tail);
        (Hash, L4Hash, SwHash, QueueMapping) = (other.Hash, other.L4Hash, other.SwHash, other.QueueMapping);
        (Mark, Priority, Socket) = (other.Mark, other.Priority, other.Socket);
        (Protocol, VlanTci, PacketType, IpSummed) = (other.Protocol, other.VlanTci, other.PacketType, other.IpSummed);
        (Csum, CsumStart, CsumOffset, IfIndex, NapiId) = (other.Csum, other.CsumStart, other.CsumOffset, other.IfIndex, other.NapiId);
        (MacHeader, NetworkHeader, TransportHeader) = (other.MacHeader, other.NetworkHeader, other.TransportHeader);
        (Arrival, Tstamp, VisibleFrom, Id, TrueSize) = (other.Arrival, other.Tstamp, other.VisibleFrom, other.Id, other.TrueSize);
        (Cb, Netns) = (other.Cb, other.Netns);
    }

    private static void Check(bool holds)
    {
        if (!holds) throw new InvalidOperationException("skb_over_panic: the packet's bounds were left");
    }
}
