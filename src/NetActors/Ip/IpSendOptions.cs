namespace NetActors.Ip;

/// <summary>What a sender wants in the header (kernel: <c>struct ipcm_cookie</c> and the socket's fields).</summary>
/// <param name="Protocol">Protocol above IP.</param>
/// <param name="Tos">Type of service octet.</param>
/// <param name="Ttl">Time to live; 0 for the default, 64, or 1 for groups.</param>
/// <param name="Discovery">Whether the packet may be cut.</param>
/// <param name="Ident">Counter of a connected socket; null without one.</param>
public readonly record struct IpSendOptions(
    byte Protocol, byte Tos = 0, byte Ttl = 0, PathMtuDiscovery Discovery = PathMtuDiscovery.Want, SocketIdent? Ident = null);
