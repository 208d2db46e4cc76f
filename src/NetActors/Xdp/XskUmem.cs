using NetActors.Time;

namespace NetActors.Xdp;

/// <summary>
/// The memory of an AF_XDP socket with its fill and completion rings, and what the kernel has of it (kernel: <c>struct xsk_buff_pool</c>).
/// </summary>
public sealed class XskUmem
{
    /// <summary>Bytes in front of a received frame (<c>XDP_PACKET_HEADROOM</c>).</summary>
    public const int Headroom = 256;

    private readonly short[] _lastCpus;
    private readonly int[] _free; // given back by the kernel itself: goes before the fill ring
    private readonly int[] _posted; // a ring: what the device may fill, in order
    private int _freeCount;
    private int _taken; // from the fill ring and not given to the program (kernel: heads)
    private uint _postedHead;
    private uint _postedTail;

    internal XskUmem(XskSettings settings)
    {
        (FrameBytes, Frames) = (settings.FrameBytes, settings.Frames);
        Memory = new byte[settings.Frames * settings.FrameBytes];
        (Fill, Completion) = (new XskRing(settings.FillRing), new XskRing(settings.CompletionRing));
        (_free, _lastCpus) = (new int[settings.Frames], new short[settings.Frames]);
        _posted = new int[(int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)settings.Frames)];
    }

    /// <summary>Bytes of a frame.</summary>
    public int FrameBytes { get; }

    /// <summary>Frames that it has.</summary>
    public int Frames { get; }

    /// <summary>All of it.</summary>
    public byte[] Memory { get; }

    /// <summary>Frames that the program gives the kernel to receive into.</summary>
    public XskRing Fill { get; }

    /// <summary>Frames that were sent.</summary>
    public XskRing Completion { get; }

    /// <summary>Longest frame that it takes (kernel: <c>xsk_pool_get_rx_frame_size</c>).</summary>
    public int LargestFrame => FrameBytes - Headroom;

    /// <summary>Entries of the fill ring that name no frame (<c>rx_invalid_descs</c>).</summary>
    public long InvalidFill { get; private set; }

    /// <summary>Frames that wait at the device to be filled.</summary>
    public int Posted => (int)(_postedTail - _postedHead);

    /// <summary>The bytes that a descriptor names.</summary>
    public Span<byte> Bytes(in XdpDescriptor descriptor) => Memory.AsSpan(descriptor.Address, descriptor.Length);

    /// <summary>Number on the host, plus one, of the CPU that worked last on the frame at an address; 0 for none.</summary>
    internal ref short LastCpu(int address) => ref _lastCpus[address / FrameBytes];

    /// <summary>A descriptor names bytes of one frame (kernel: <c>xp_aligned_validate_desc</c>).</summary>
    internal bool IsValid(in XdpDescriptor descriptor) =>
        descriptor is { Address: >= 0, Length: > 0 } && descriptor.Address < Memory.Length && (descriptor.Address % FrameBytes) + descriptor.Length <= FrameBytes;

    /// <summary>A frame to receive into; -1 when the program has given none (kernel: <c>xp_alloc</c>).</summary>
    internal int Alloc(KernelTime now)
    {
        if (_freeCount > 0) return _free[--_freeCount];
        if (_taken == Frames) return -1; // the program has given frames twice
        while (Fill.TryConsume(now, out var given))
        {
            if ((uint)given.Address < (uint)Memory.Length)
            {
                _taken++;
                return given.Address - (given.Address % FrameBytes);
            }

            InvalidFill++;
        }

        Fill.EmptyDescriptors++;
        return -1;
    }

    /// <summary>A frame that came to nothing (kernel: <c>xp_free</c>).</summary>
    internal void Release(int address) => _free[_freeCount++] = address;

    /// <summary>The program has the frame (kernel: <c>xp_release</c>).</summary>
    internal void GiveUp() => _taken--;

    /// <summary>The device takes up to <paramref name="wanted"/> frames to fill. Answers how many it got.</summary>
    internal int Post(int wanted, KernelTime now)
    {
        var posted = 0;
        for (; posted < wanted; posted++)
        {
            var address = Alloc(now);
            if (address < 0) break;
            _posted[_postedTail++ & (uint)(_posted.Length - 1)] = address;
        }

        return posted;
    }

    /// <summary>The frame that the device filled next.</summary>
    internal int TakeFilled() => _posted[_postedHead++ & (uint)(_posted.Length - 1)];
}
