using NetActors.Sockets;
using NetActors.Time;

namespace NetActors.Tcp;

/// <summary>The algorithms by their names (kernel: <c>tcp_ca_find</c>, <c>net.ipv4.tcp_available_congestion_control</c>).</summary>
public static class CongestionControls
{
    /// <summary>Longest name, its end included (kernel: <c>TCP_CA_NAME_MAX</c>).</summary>
    public const int NameMax = 16;

    /// <summary>The default (kernel: <c>CONFIG_DEFAULT_TCP_CONG</c>).</summary>
    public const string Default = "cubic";

    /// <summary>All names, as <c>tcp_available_congestion_control</c> lists them.</summary>
    public static IReadOnlyList<string> Available { get; } = ["reno", "cubic", "dctcp", "bbr", "tahoe"];

    /// <summary>Makes the algorithm called <paramref name="name"/> for one connection. ENOENT when there is none.</summary>
    /// <param name="name">The name as given to <c>TCP_CONGESTION</c>; case counts.</param>
    /// <param name="random">Where BBR draws the begin of its gain cycle from.</param>
    /// <param name="control">The algorithm; null on failure.</param>
    public static Errno TryCreate(ReadOnlySpan<char> name, KernelRandom random, out ICongestionControl? control)
    {
        control = name switch
        {
            "reno" => new Reno(),
            "cubic" => new Cubic(),
            "dctcp" => new Dctcp(),
            "bbr" => new Bbr(random),
            "tahoe" => new Tahoe(),
            _ => null,
        };
        return control is null ? Errno.ENOENT : Errno.None;
    }
}
