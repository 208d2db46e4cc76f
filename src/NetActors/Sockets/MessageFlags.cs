namespace NetActors.Sockets;

/// <summary>Flags of <c>send</c> and <c>recv</c> (include/linux/socket.h).</summary>
internal static class MessageFlags
{
#pragma warning disable CS1591 // the kernel's names
    public const int Oob = 0x1;
    public const int Peek = 0x2;
    public const int DontRoute = 0x4;
    public const int CTrunc = 0x8;
    public const int Trunc = 0x20;
    public const int DontWait = 0x40;
    public const int Eor = 0x80;
    public const int WaitAll = 0x100;
    public const int Confirm = 0x800;
    public const int ErrQueue = 0x2000;
    public const int More = 0x8000;
    public const int ZeroCopy = 0x400_0000;
    public const int FastOpen = 0x2000_0000;
#pragma warning restore CS1591
}
