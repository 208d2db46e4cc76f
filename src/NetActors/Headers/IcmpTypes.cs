namespace NetActors.Headers;

/// <summary>ICMP message types (RFC 792; kernel: include/uapi/linux/icmp.h).</summary>
public static class IcmpTypes
{
    /// <summary>Answer to an echo (<c>ICMP_ECHOREPLY</c>).</summary>
    public const byte EchoReply = 0;

    /// <summary>Destination unreachable (<c>ICMP_DEST_UNREACH</c>).</summary>
    public const byte DestinationUnreachable = 3;

    /// <summary>Source quench, obsolete (<c>ICMP_SOURCE_QUENCH</c>).</summary>
    public const byte SourceQuench = 4;

    /// <summary>Redirect (<c>ICMP_REDIRECT</c>).</summary>
    public const byte Redirect = 5;

    /// <summary>Echo request (<c>ICMP_ECHO</c>).</summary>
    public const byte Echo = 8;

    /// <summary>Time exceeded (<c>ICMP_TIME_EXCEEDED</c>).</summary>
    public const byte TimeExceeded = 11;

    /// <summary>Parameter problem (<c>ICMP_PARAMETERPROB</c>).</summary>
    public const byte ParameterProblem = 12;

    /// <summary>Time stamp request (<c>ICMP_TIMESTAMP</c>).</summary>
    public const byte Timestamp = 13;

    /// <summary>Answer to a time stamp request (<c>ICMP_TIMESTAMPREPLY</c>).</summary>
    public const byte TimestampReply = 14;

    /// <summary>True for the types that report an error and carry the packet at fault.</summary>
    public static bool IsError(byte type) =>
        type is DestinationUnreachable or SourceQuench or Redirect or TimeExceeded or ParameterProblem;
}
