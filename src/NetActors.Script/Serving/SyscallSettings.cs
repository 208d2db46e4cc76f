using System.Globalization;

namespace NetActors.Script.Serving;

/// <summary>The settings of a greeting: <c>local=A/P,gateway=A,remote=A,mtu=N,mss=N</c>.</summary>
internal static class SyscallSettings
{
    /// <summary>Reads them; what is not said is as packetdrill has it, unknown keys are ignored.</summary>
    /// <exception cref="FormatException">A value is no address or number.</exception>
    public static ScriptSettings Parse(string text)
    {
        var settings = new ScriptSettings
        {
            IpVersion = ScriptIpVersion.Ipv4,
            LocalAddress = ScriptAddress.Parse("192.168.0.1"),
            GatewayAddress = ScriptAddress.Parse("192.168.0.2"),
            RemoteAddress = ScriptAddress.Parse("192.0.2.1"),
            PrefixLength = 16,
        };
        foreach (var pair in text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var at = pair.IndexOf('=', StringComparison.Ordinal);
            if (at > 0) settings = With(settings, pair[..at], pair[(at + 1)..]);
        }

        return settings.LocalAddress.IsIpv6 ? settings with { IpVersion = ScriptIpVersion.Ipv6 } : settings;
    }

    private static ScriptSettings With(ScriptSettings settings, string key, string value)
    {
        switch (key)
        {
            case "local":
                var slash = value.IndexOf('/', StringComparison.Ordinal);
                settings = settings with { LocalAddress = ScriptAddress.Parse(slash < 0 ? value : value[..slash]) };
                return slash < 0 ? settings : settings with { PrefixLength = int.Parse(value[(slash + 1)..], CultureInfo.InvariantCulture) };
            case "gateway":
                return settings with { GatewayAddress = ScriptAddress.Parse(value) };
            case "remote":
                return settings with { RemoteAddress = ScriptAddress.Parse(value) };
            case "mtu":
                return settings with { Mtu = int.Parse(value, CultureInfo.InvariantCulture) };
            case "mss":
                return settings with { Mss = int.Parse(value, CultureInfo.InvariantCulture) };
            default:
                return settings;
        }
    }
}
