namespace NetActors.Tcp;

/// <summary>What is allowed of Fast Open (kernel: the bits of net.ipv4.tcp_fastopen, include/net/tcp.h).</summary>
[Flags]
public enum FastOpenModes
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Clients may send data in a SYN (<c>TFO_CLIENT_ENABLE</c>).</summary>
    ClientEnable = 0x001,

    /// <summary>Listeners may take it (<c>TFO_SERVER_ENABLE</c>).</summary>
    ServerEnable = 0x002,

    /// <summary>Clients need no cookie (<c>TFO_CLIENT_NO_COOKIE</c>).</summary>
    ClientNoCookie = 0x004,

    /// <summary>Listeners ask for no cookie (<c>TFO_SERVER_COOKIE_NOT_REQD</c>).</summary>
    ServerCookieNotRequired = 0x200,

    /// <summary>Every listener takes it without the socket option, up to its backlog (<c>TFO_SERVER_WO_SOCKOPT1</c>).</summary>
    ServerWithoutSocketOption = 0x400,
}
