using System.Globalization;

namespace NetActors.Script.Shell;

/// <summary><c>ip route add|append|change|replace|del|flush PREFIX [via A] [dev D] [METRIC [lock] N] ...</c>.</summary>
internal static class IpRouteCommand
{
    /// <summary>Reads the words and has the host change the route.</summary>
    public static ShellResult Run(IScriptHostCommands host, bool isIpv6, string verb, ReadOnlySpan<string> rest)
    {
        if (verb is not ("add" or "append" or "change" or "replace" or "del" or "delete" or "flush"))
            return ShellResult.Fail($"ip: 'route {verb}' is not supported");
        var type = !rest.IsEmpty && rest[0] is "unicast" or "local" or "broadcast" or "multicast" or "blackhole" or "unreachable" or "prohibit" ? rest[0] : null;
        if (type is not null) rest = rest[1..];
        if (rest.IsEmpty) return ShellResult.Fail($"ip: route {verb} needs a destination");
        var reader = new Reader { Destination = rest[0] };
        if (type is not null) reader.Attributes["type"] = type;
        rest = rest[1..];
        while (!rest.IsEmpty)
        {
            if (reader.Take(ref rest) is { } wrong) return ShellResult.Fail($"ip: route does not support '{wrong}'");
        }

        var wide = isIpv6 || reader.Destination.Contains(':', StringComparison.Ordinal)
            || reader.Via?.Contains(':', StringComparison.Ordinal) == true;
        var command = new RouteCommand(
            verb == "delete" ? "del" : verb, wide, reader.Destination, reader.Via, reader.Device, reader.Source, reader.Attributes,
            reader.Metrics, reader.CongestionControl);
        return IpCommand.Answer(host.ChangeRoute(command), $"route {verb} {reader.Destination}");
    }

    /// <summary>Reads a decimal number that may have a unit of milliseconds or seconds behind it.</summary>
    public static bool TryNumber(string text, out long value)
    {
        var factor = 1;
        if (text.EndsWith("ms", StringComparison.Ordinal)) text = text[..^2];
        else if (text.EndsWith('s')) (factor, text) = (1000, text[..^1]);
        if (!long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value)) return false;
        value *= factor;
        return true;
    }

    private static RouteMetric? Metric(string name) => name switch
    {
        "mtu" => RouteMetric.Mtu,
        "advmss" => RouteMetric.AdvMss,
        "window" => RouteMetric.Window,
        "rtt" => RouteMetric.Rtt,
        "rttvar" => RouteMetric.RttVar,
        "rto_min" => RouteMetric.RtoMin,
        "ssthresh" => RouteMetric.Ssthresh,
        "cwnd" => RouteMetric.Cwnd,
        "initcwnd" => RouteMetric.InitCwnd,
        "initrwnd" => RouteMetric.InitRwnd,
        "reordering" => RouteMetric.Reordering,
        "hoplimit" => RouteMetric.HopLimit,
        "quickack" => RouteMetric.QuickAck,
        "fastopen_no_cookie" => RouteMetric.FastOpenNoCookie,
        _ => null,
    };

    /// <summary>What the words have said so far.</summary>
    private sealed class Reader
    {
        public required string Destination { get; init; }

        public string? Via { get; private set; }

        public string? Device { get; private set; }

        public string? Source { get; private set; }

        public string? CongestionControl { get; private set; }

        public Dictionary<string, string> Attributes { get; } = new(StringComparer.Ordinal);

        public Dictionary<RouteMetric, RouteMetricValue> Metrics { get; } = [];

        /// <summary>Takes a word with what belongs to it; answers the word when nothing knows it.</summary>
        public string? Take(ref ReadOnlySpan<string> rest)
        {
            var name = rest[0];
            if (name == "onlink") Attributes[name] = "";
            else if (rest.Length < 2) return name;
            else if (Metric(name) is { } metric) return TakeMetric(metric, ref rest);
            else if (!TryTakeAddress(name, ref rest)) return name;
            rest = rest[(name == "onlink" ? 1 : 2)..];
            return null;
        }

        private bool TryTakeAddress(string name, ref ReadOnlySpan<string> rest)
        {
            switch (name)
            {
                case "via" when rest[1] is "inet" or "inet6" && rest.Length > 2:
                    rest = rest[1..];
                    Via = rest[1];
                    break;
                case "via": Via = rest[1]; break;
                case "dev": Device = rest[1]; break;
                case "src": Source = rest[1]; break;
                case "congctl" when rest[1] == "lock" && rest.Length > 2:
                    rest = rest[1..];
                    CongestionControl = rest[1];
                    break;
                case "congctl": CongestionControl = rest[1]; break;
                case "features" when rest[1] == "ecn": Metrics[RouteMetric.Features] = new RouteMetricValue(1, false); break;
                case "table" or "metric" or "scope" or "proto" or "protocol" or "pref": Attributes[name] = rest[1]; break;
                default: return false;
            }

            return true;
        }

        private string? TakeMetric(RouteMetric metric, ref ReadOnlySpan<string> rest)
        {
            var isLocked = rest[1] == "lock" && rest.Length > 2;
            var number = rest[isLocked ? 2 : 1];
            if (!TryNumber(number, out var value)) return $"{rest[0]} {number}";
            Metrics[metric] = new RouteMetricValue(value, isLocked);
            rest = rest[(isLocked ? 3 : 2)..];
            return null;
        }
    }
}
