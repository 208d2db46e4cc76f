using NetActors.Headers;

namespace NetActors.Ip;

/// <summary>Which protocols above IP this host speaks (kernel: <c>inet_protos</c>).</summary>
public sealed class IpProtocolTable
{
    private readonly bool[] _handlers = new bool[256];

    /// <summary>ICMP, TCP and UDP.</summary>
    public IpProtocolTable()
    {
        Register(IpProtocols.Icmp);
        Register(IpProtocols.Tcp);
        Register(IpProtocols.Udp);
    }

    /// <summary>Adds a protocol (kernel: <c>inet_add_protocol</c>).</summary>
    public void Register(byte protocol) => _handlers[protocol] = true;

    /// <summary>Whether somebody handles the protocol.</summary>
    public bool Contains(byte protocol) => _handlers[protocol];
}
