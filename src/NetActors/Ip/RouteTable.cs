namespace NetActors.Ip;

/// <summary>Which table a route stands in (kernel: <c>RT_TABLE_*</c>).</summary>
public enum RouteTable : byte
{
    /// <summary>Routes by configuration.</summary>
    Main = 254,

    /// <summary>Our own addresses and broadcasts, kept by the kernel.</summary>
    Local = 255,
}
