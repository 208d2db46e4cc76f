namespace NetActors.Script.Wire;

/// <summary>An address with a port.</summary>
internal readonly record struct WireEndpoint(ScriptAddress Address, ushort Port)
{
    /// <summary>As tcpdump prints it.</summary>
    public override string ToString() => $"{Address}.{Port}";
}
