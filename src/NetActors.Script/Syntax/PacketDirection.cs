namespace NetActors.Script.Syntax;

/// <summary>Which way a packet goes, seen from the stack under test.</summary>
public enum PacketDirection
{
    /// <summary>The script sends it to the stack: <c>&lt;</c>.</summary>
    Inbound,

    /// <summary>The stack is expected to send it: <c>&gt;</c>.</summary>
    Outbound,
}
