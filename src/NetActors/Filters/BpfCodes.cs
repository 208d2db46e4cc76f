namespace NetActors.Filters;

/// <summary>Numbers of classic filters (include/uapi/linux/bpf_common.h, include/uapi/linux/filter.h).</summary>
internal static class BpfCodes
{
#pragma warning disable CS1591 // the kernel's names
    public const int Ld = 0x00;
    public const int Ldx = 0x01;
    public const int St = 0x02;
    public const int Stx = 0x03;
    public const int Alu = 0x04;
    public const int Jmp = 0x05;
    public const int Ret = 0x06;
    public const int Misc = 0x07;
    public const int W = 0x00;
    public const int H = 0x08;
    public const int B = 0x10;
    public const int Imm = 0x00;
    public const int Abs = 0x20;
    public const int Ind = 0x40;
    public const int Mem = 0x60;
    public const int Len = 0x80;
    public const int Msh = 0xA0;
    public const int Add = 0x00;
    public const int Sub = 0x10;
    public const int Mul = 0x20;
    public const int Div = 0x30;
    public const int Or = 0x40;
    public const int And = 0x50;
    public const int Lsh = 0x60;
    public const int Rsh = 0x70;
    public const int Neg = 0x80;
    public const int Mod = 0x90;
    public const int Xor = 0xA0;
    public const int Ja = 0x00;
    public const int Jeq = 0x10;
    public const int Jgt = 0x20;
    public const int Jge = 0x30;
    public const int Jset = 0x40;
    public const int X = 0x08;
    public const int A = 0x10;
    public const int Tax = 0x00;
    public const int Txa = 0x80;
#pragma warning restore CS1591

    /// <summary>Words of scratch memory (<c>BPF_MEMWORDS</c>).</summary>
    public const int MemoryWords = 16;

    /// <summary>Most instructions (<c>BPF_MAXINSNS</c>).</summary>
    public const int MaxInstructions = 4096;

    /// <summary>Offsets from here on ask for what is known of the packet (<c>SKF_AD_OFF</c>).</summary>
    public const uint AncillaryOffset = unchecked((uint)-0x1000);

    /// <summary>Offsets from here on count from the network header (<c>SKF_NET_OFF</c>).</summary>
    public const int NetworkOffset = -0x100000;

    /// <summary>Offsets from here on count from the link header (<c>SKF_LL_OFF</c>).</summary>
    public const int LinkOffset = -0x200000;
}

/// <summary>What a filter may ask for by an offset of <see cref="BpfCodes.AncillaryOffset"/> and more (<c>SKF_AD_*</c>).</summary>
internal enum BpfAncillary
{
#pragma warning disable CS1591 // the kernel's names
    Protocol = 0,
    PacketType = 4,
    IfIndex = 8,
    Netlink = 12,
    NetlinkNested = 16,
    Mark = 20,
    Queue = 24,
    HardwareType = 28,
    RxHash = 32,
    Cpu = 36,
    AluXorX = 40,
    VlanTag = 44,
    VlanTagPresent = 48,
    PayloadOffset = 52,
    Random = 56,
    VlanTpid = 60,
#pragma warning restore CS1591
}
