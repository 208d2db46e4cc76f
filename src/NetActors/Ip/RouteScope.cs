namespace NetActors.Ip;

/// <summary>How far an address or route reaches (kernel: <c>RT_SCOPE_*</c>); larger is nearer.</summary>
public enum RouteScope : byte
{
    /// <summary>Everywhere.</summary>
    Universe = 0,

    /// <summary>On the directly attached link.</summary>
    Link = 253,

    /// <summary>On this host.</summary>
    Host = 254,

    /// <summary>Nowhere.</summary>
    Nowhere = 255,
}
