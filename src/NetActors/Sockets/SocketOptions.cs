using System.Buffers.Binary;

namespace NetActors.Sockets;

/// <summary>Numbers of options and levels as on Linux x86-64 (include/uapi/asm-generic/socket.h, linux/tcp.h, linux/in.h).</summary>
internal static class SocketOptions
{
#pragma warning disable CS1591 // the kernel's names
    public const int SolSocket = 1;
    public const int SolIp = 0;
    public const int SolTcp = 6;
    public const int SolUdp = 17;
    public const int SolRaw = 255;
    public const int SolPacket = 263;
    public const int DontRoute = 5;
    public const int NoCheck = 11;
    public const int BindToDevice = 25;
    public const int AttachFilter = 26;
    public const int DetachFilter = 27;
    public const int SndBufForce = 32;
    public const int RcvBufForce = 33;
    public const int RxqOvfl = 40;
    public const int LockFilter = 44;
    public const int SelectErrQueue = 45;
    public const int BusyPoll = 46;
    public const int AttachReuseportCbpf = 51;
    public const int IncomingNapiId = 56;
    public const int ZeroCopy = 60;
    public const int DetachReuseportBpf = 68;
    public const int PacketAddMembership = 1;
    public const int PacketDropMembership = 2;
    public const int PacketStatistics = 6;
    public const int PacketAuxData = 8;
    public const int PacketOrigDev = 9;
    public const int PacketVersion = 10;
    public const int PacketIgnoreOutgoing = 23;
    public const int Timestamp = 29;
    public const int TimestampNs = 35;
    public const int Timestamping = 37;
    public const int TimestampNew = 63;
    public const int TimestampNsNew = 64;
    public const int TimestampingNew = 65;
    public const int BindToIfIndex = 62;
    public const int PreferBusyPoll = 69;
    public const int BusyPollBudget = 70;
    public const int ReuseAddr = 2;
    public const int Type = 3;
    public const int ErrorOption = 4;
    public const int BroadcastOption = 6;
    public const int SndBuf = 7;
    public const int RcvBuf = 8;
    public const int KeepAlive = 9;
    public const int OobInline = 10;
    public const int Priority = 12;
    public const int Linger = 13;
    public const int ReusePort = 15;
    public const int RcvLowat = 18;
    public const int RcvTimeo = 20;
    public const int SndTimeo = 21;
    public const int AcceptConn = 30;
    public const int Mark = 36;
    public const int Protocol = 38;
    public const int Domain = 39;
    public const int MaxPacingRate = 47;
    public const int IncomingCpu = 49;
    public const int MemInfo = 55;
    public const int IpTos = 1;
    public const int IpTtl = 2;
    public const int IpHdrIncl = 3;
    public const int IpPktInfo = 8;
    public const int IpRecvTtl = 12;
    public const int IpRecvTos = 13;
    public const int IpMtu = 14;
    public const int IpFreebind = 15;
    public const int IpRecvOrigDstAddr = 20;
    public const int IpMinTtl = 21;
    public const int IpNodefrag = 22;
    public const int IpBindAddressNoPort = 24;
    public const int IpMulticastIf = 32;
    public const int IpMulticastTtl = 33;
    public const int IpMulticastLoop = 34;
    public const int UdpCork = 1;
    public const int UdpSegment = 103;
    public const int UdpGro = 104;
    public const int IcmpFilter = 1;
    public const int IpMtuDiscover = 10;
    public const int IpRecvErr = 11;
    public const int TcpNoDelay = 1;
    public const int TcpMaxSeg = 2;
    public const int TcpCork = 3;
    public const int TcpKeepIdle = 4;
    public const int TcpKeepIntvl = 5;
    public const int TcpKeepCnt = 6;
    public const int TcpSynCnt = 7;
    public const int TcpLinger2 = 8;
    public const int TcpDeferAccept = 9;
    public const int TcpWindowClamp = 10;
    public const int TcpInfo = 11;
    public const int TcpQuickAck = 12;
    public const int TcpCongestion = 13;
    public const int TcpUserTimeout = 18;
    public const int TcpFastOpen = 23;
    public const int TcpNotsentLowat = 25;
    public const int TcpCcInfo = 26;
    public const int TcpFastOpenConnect = 30;
    public const int TcpFastOpenKey = 33;

    /// <summary>TCP_INQ, and TCP_CM_INQ of its control message.</summary>
    public const int TcpInq = 36;
    public const int TcpFastOpenNoCookie = 34;
#pragma warning restore CS1591

    /// <summary>Reads an int. False when the value is shorter (EINVAL).</summary>
    public static bool TryReadInt(ReadOnlySpan<byte> value, out int number)
    {
        number = 0;
        return value.Length >= 4 && BinaryPrimitives.TryReadInt32LittleEndian(value, out number);
    }

    /// <summary>Reads a rate in bytes a second (SO_MAX_PACING_RATE): of 64 bits, or of 32; all ones stand for none, which <see cref="long.MaxValue"/> is.</summary>
    public static bool TryReadRate(ReadOnlySpan<byte> value, out long rate)
    {
        rate = long.MaxValue;
        if (!TryReadInt(value, out var number)) return false;
        var wide = value.Length >= 8 ? BinaryPrimitives.ReadUInt64LittleEndian(value) : number == -1 ? ulong.MaxValue : (uint)number;
        rate = (long)Math.Min(wide, long.MaxValue);
        return true;
    }

    /// <summary>A rate as an option's value, in 64 bits if there is room.</summary>
    public static byte[] Rate(long rate, int room) => room >= 8
        ? BitConverter.GetBytes(rate == long.MaxValue ? ulong.MaxValue : (ulong)rate)
        : Int((int)(uint)Math.Min(rate, uint.MaxValue));

    /// <summary>An int as an option's value.</summary>
    public static byte[] Int(int number)
    {
        var value = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(value, number);
        return value;
    }
}
