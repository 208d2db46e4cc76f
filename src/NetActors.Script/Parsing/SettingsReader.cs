using System.Globalization;
using NetActors.Scenarios.Reading;
using NetActors.Time;

namespace NetActors.Script.Parsing;

/// <summary>Reads the options at the head of a script and those of the caller (packetdrill: config.c).</summary>
internal static class SettingsReader
{
    /// <summary>What packetdrill knows and this runner has no use for or no way to do.</summary>
    private static readonly string[] Unsupported =
    [
        "code_command", "code_format", "code_sockopt", "speed", "init_scripts", "wire_client", "wire_server", "wire_server_ip",
        "wire_server_at", "wire_server_port", "wire_client_dev", "wire_server_dev", "so_filename", "so_flags", "dry_run", "is_anyip",
        "fm_filename", "fm_flags", "fuzz",
    ];

    private static readonly string[] Supported =
    [
        "ip_version", "bind_port", "connect_port", "local_ip", "remote_ip", "gateway_ip", "netmask_ip", "mtu", "mss", "tolerance_usecs",
        "tolerance_percent", "tcp_ts_ecr_scaled", "tcp_ts_tick_usecs", "strict_segments", "non_fatal", "define", "verbose", "debug",
        "send_omit_free",
    ];

    /// <summary>Reads the options that <paramref name="tokens"/> begins with, then those of the caller.</summary>
    public static ScriptSettings Read(TokenReader tokens, ScriptParserOptions options, ScriptFaults faults)
    {
        var values = new Dictionary<string, (string Value, ScriptPosition Position)>(StringComparer.Ordinal);
        while (tokens.TryTake(TokenKind.Option, out var token)) Note(token.Text, token.Position, values, faults);
        foreach (var option in options.Options) Note(option, default, values, faults);
        return new SettingsBuilder(values, faults).Build();
    }

    private static void Note(
        string option, ScriptPosition position, Dictionary<string, (string, ScriptPosition)> values, ScriptFaults faults)
    {
        var equals = option.IndexOf('=', StringComparison.Ordinal);
        var name = equals < 0 ? option : option[..equals];
        var value = equals < 0 ? "" : option[(equals + 1)..].Trim('"');
        if (Array.IndexOf(Unsupported, name) >= 0) faults.Add(position, $"the option --{name} is not supported");
        else if (Array.IndexOf(Supported, name) < 0) faults.Add(position, $"unknown option --{name}", NearestName.Of(name, Supported));
        else if (equals < 0 != IsFlag(name)) faults.Add(position, IsFlag(name) ? $"--{name} takes no value" : $"--{name} needs a value");
        else if (name == "define" && value.IndexOf('=', StringComparison.Ordinal) <= 0) faults.Add(position,
            $"--define needs NAME=value, not '{value}'");
        else values[name] = (value, position);
    }

    private static bool IsFlag(string name) => name is "tcp_ts_ecr_scaled" or "strict_segments" or "verbose" or "debug" or "send_omit_free";

    /// <summary>Turns the values into settings, with a fault for each that is none.</summary>
    private sealed class SettingsBuilder(Dictionary<string, (string Value, ScriptPosition Position)> values, ScriptFaults faults)
    {
        public ScriptSettings Build()
        {
            var version = Version();
            var wide = version == ScriptIpVersion.Ipv6;
            return new ScriptSettings
            {
                IpVersion = version,
                BindPort = (ushort)Number("bind_port", 8080, 1, ushort.MaxValue),
                ConnectPort = (ushort)Number("connect_port", 8080, 1, ushort.MaxValue),
                LocalAddress = Address("local_ip", wide ? "fd3d:fa7b:d17d::2" : "192.168.0.2", wide),
                RemoteAddress = Address("remote_ip", wide ? "2001:db8::1" : "192.0.2.1", wide),
                GatewayAddress = Address("gateway_ip", wide ? "fd3d:fa7b:d17d:8888::" : "192.168.0.1", wide),
                PrefixLength = wide ? 48 : Netmask(),
                Mtu = (int)Number("mtu", 0, 0, 65_535),
                Mss = (int)Number("mss", 0, 1, 65_535),
                Tolerance = KernelTime.FromMicroseconds(Number("tolerance_usecs", 4000, 1, int.MaxValue)),
                TolerancePercent = Percent(),
                TimestampEchoScaled = values.ContainsKey("tcp_ts_ecr_scaled"),
                TimestampTickMicroseconds = (int)Number("tcp_ts_tick_usecs", 0, 0, 1_000_000),
                StrictSegments = values.ContainsKey("strict_segments"),
                NonFatalPackets = IsNonFatal("packet"),
                NonFatalSyscalls = IsNonFatal("syscall"),
            };
        }

        private ScriptIpVersion Version()
        {
            if (!values.TryGetValue("ip_version", out var given)) return ScriptIpVersion.Ipv4;
            switch (given.Value)
            {
                case "ipv4": return ScriptIpVersion.Ipv4;
                case "ipv4-mapped-ipv6": return ScriptIpVersion.Ipv4MappedIpv6;
                case "ipv6": return ScriptIpVersion.Ipv6;
                default:
                    Fault(given, "ip_version", "ipv4, ipv4-mapped-ipv6 or ipv6");
                    return ScriptIpVersion.Ipv4;
            }
        }

        private long Number(string name, long otherwise, long least, long most)
        {
            if (!values.TryGetValue(name, out var given)) return otherwise;
            if (long.TryParse(given.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value >= least
                && value <= most)
                return value;
            Fault(given, name, $"a number from {least} to {most}");
            return otherwise;
        }

        private double Percent()
        {
            const double Default = 12.5;
            if (!values.TryGetValue("tolerance_percent", out var given)) return Default;
            if (double.TryParse(given.Value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var percent)
                && percent <= 100)
                return percent;
            Fault(given, "tolerance_percent", "a number from 0 to 100");
            return Default;
        }

        /// <summary>A prefix length behind the address, as packetdrill's remote_ip has, does not matter to us.</summary>
        private ScriptAddress Address(string name, string otherwise, bool wide)
        {
            if (values.TryGetValue(name, out var given))
            {
                var slash = given.Value.IndexOf('/', StringComparison.Ordinal);
                if (ScriptAddress.TryParse(slash < 0 ? given.Value : given.Value[..slash], out var address)
                    && address.IsIpv6 == wide) return address;
                Fault(given, name, wide ? "an IPv6 address" : "an IPv4 address");
            }

            return ScriptAddress.Parse(otherwise);
        }

        private int Netmask()
        {
            if (!values.TryGetValue("netmask_ip", out var given)) return 16;
            if (ScriptAddress.TryParse(given.Value, out var mask) && !mask.IsIpv6)
            {
                var length = 32 - int.TrailingZeroCount((int)mask.Ipv4);
                if (mask.Ipv4 == (length == 0 ? 0 : uint.MaxValue << (32 - length))) return length;
            }

            Fault(given, "netmask_ip", "a netmask such as 255.255.0.0");
            return 16;
        }

        private bool IsNonFatal(string what)
        {
            if (!values.TryGetValue("non_fatal", out var given)) return false;
            var named = given.Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
            if (what == "packet" && !named.All(static name => name is "packet" or "syscall")) Fault(given, "non_fatal",
                "packet, syscall or both");
            return named.Contains(what);
        }

        private void Fault((string Value, ScriptPosition Position) given, string name, string allowed) =>
            faults.Add(given.Position, $"--{name} must be {allowed}, not '{given.Value}'");
    }
}
