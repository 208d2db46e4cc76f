namespace NetActors.Attach;

/// <summary>What the captured bytes begin with: the numbers of draft-ietf-opsawg-pcaplinktype that can be replayed.</summary>
public enum CaptureLinkType
{
    /// <summary>BSD loopback: a protocol family in the capturing machine's byte order, then IP (LINKTYPE_NULL).</summary>
    Null = 0,

    /// <summary>Ethernet without preamble (LINKTYPE_ETHERNET).</summary>
    Ethernet = 1,

    /// <summary>IPv4 or IPv6 without anything before it (LINKTYPE_RAW).</summary>
    RawIp = 101,

    /// <summary>OpenBSD loopback: a protocol family in network byte order, then IP (LINKTYPE_LOOP).</summary>
    Loop = 108,

    /// <summary>Linux cooked capture: what <c>tcpdump -i any</c> wrote (LINKTYPE_LINUX_SLL).</summary>
    LinuxSll = 113,

    /// <summary>Linux cooked capture, version 2: what <c>tcpdump -i any</c> writes now (LINKTYPE_LINUX_SLL2).</summary>
    LinuxSll2 = 276,
}
