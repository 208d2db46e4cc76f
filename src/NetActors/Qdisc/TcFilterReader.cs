using System.Globalization;
using NetActors.Headers;

namespace NetActors.Qdisc;

/// <summary>Reads the words of <c>tc filter add</c> behind the device (iproute2: tc/tc_filter.c, f_u32.c, f_flower.c, m_*.c).</summary>
internal static class TcFilterReader
{
    /// <summary>EtherType of a filter for every packet (<c>ETH_P_ALL</c>).</summary>
    public const ushort AllProtocols = 3;

    private const uint FirstPreference = 49152; // what the kernel gives, one less for each further (tcf_auto_prio)

    /// <summary>Reads one filter. Null when something is wrong, which the words then say.</summary>
    /// <param name="words">Behind <c>parent</c> or the hook's name.</param>
    /// <param name="present">Those that are there, for the next preference.</param>
    public static TcFilter? Read(TcWords words, TcFilters present)
    {
        var (preference, protocol) = (0u, AllProtocols);
        while (words.HasNext)
        {
            var option = words.Next();
            switch (option)
            {
                case "prio" or "pref" or "preference" or "priority": preference = (uint)words.Whole(option, 1, 65535); break;
                case "protocol": protocol = ReadProtocol(words); break;
                case "handle" when words.Peek.Length > 0: return ReadKind(words, present, preference, protocol, (uint)words.Whole(option));
                case "u32" or "flower" or "matchall":
                    words.Back();
                    return ReadKind(words, present, preference, protocol, null);
                default: words.Unknown(option); break;
            }
        }

        words.Fail("a filter needs a kind: u32, flower, fw or matchall");
        return null;
    }

    private static TcFilter? ReadKind(TcWords words, TcFilters present, uint preference, ushort protocol, uint? handle)
    {
        var kind = words.Next();
        if (preference == 0) preference = present.All.Count == 0 ? FirstPreference : Math.Min(FirstPreference, present.All[0].Preference - 1);
        var filter = new TcFilter(preference, protocol, kind) { Words = words.Command };
        if (kind is not ("u32" or "flower" or "fw" or "matchall")) words.Unknown(kind);
        if (kind == "fw") filter.Mark = handle;
        else if (handle is not null) words.Fail($"\"handle\" is for fw, not for {kind}");
        while (words.HasNext)
        {
            var option = words.Next();
            switch (option)
            {
                case "flowid" or "classid": filter.ClassId = words.Handle(option); break;
                case "action": TcActionReader.Read(words, filter); break;
                case "match" when kind == "u32": ReadMatch(words, filter); break;
                default:
                    if (kind != "flower" || !ReadFlower(words, filter, option)) words.Unknown(option);
                    break;
            }
        }

        if (kind == "u32" && filter.Keys.Count == 0) words.Fail("u32 needs a match, such as \"match u32 0 0\"");
        return words.Fault is null ? filter : null;
    }

    private static ushort ReadProtocol(TcWords words)
    {
        switch (words.Peek)
        {
            case "all": words.Next(); return AllProtocols;
            case "ip": words.Next(); return EtherTypes.Ipv4;
            case "ipv6": words.Next(); return EtherTypes.Ipv6;
            case "arp": words.Next(); return EtherTypes.Arp;
            default: return (ushort)words.Whole("protocol", 0, 65535);
        }
    }

    /// <summary>A key of u32: a field of the IPv4 header by name, or a word at an offset.</summary>
    private static void ReadMatch(TcWords words, TcFilter filter)
    {
        var what = words.Next();
        if (what is "u32" or "u16" or "u8")
        {
            var width = what == "u32" ? 32 : what == "u16" ? 16 : 8;
            var most = (1L << width) - 1;
            var (value, mask) = ((uint)words.Whole(what, 0, most), (uint)words.Hex(what, most));
            if (!words.Skip("at")) words.Fail($"\"{what}\" needs \"at\" and an offset");
            var at = (int)words.Whole("at", 0, 65535);
            var shift = 32 - width - ((at & 3) * 8);
            if (shift < 0 || at % (width / 8) != 0) words.Fail($"\"{what}\" at {at} is not aligned");
            else filter.Keys.Add(new TcKey(false, at & ~3, value << shift, mask << shift));
            return;
        }

        if (what != "ip")
        {
            words.Unknown(what);
            return;
        }

        var field = words.Next();
        switch (field)
        {
            case "src": Address(words, filter, 12, field); break;
            case "dst": Address(words, filter, 16, field); break;
            case "sport": Field(words, filter, 20, 16, 0xFFFF, field); break;
            case "dport": Field(words, filter, 20, 0, 0xFFFF, field); break;
            case "protocol": Field(words, filter, 8, 16, 0xFF, field); break;
            case "tos" or "dsfield": Field(words, filter, 0, 16, 0xFF, field); break;
            case "icmp_type": Field(words, filter, 20, 24, 0xFF, field); break;
            default: words.Unknown(field); break;
        }
    }

    private static void Field(TcWords words, TcFilter filter, int offset, int shift, uint most, string field)
    {
        var value = (uint)words.Whole(field, 0, most);
        var mask = (uint)words.Hex(field, most);
        filter.Keys.Add(new TcKey(false, offset, value << shift, mask << shift));
    }

    private static void Address(TcWords words, TcFilter filter, int offset, string field)
    {
        var word = words.Next();
        var slash = word.IndexOf('/', StringComparison.Ordinal);
        var length = 32;
        if (!Ipv4Address.TryParse(slash < 0 ? word : word[..slash], out var address)
            || (slash >= 0 && (!int.TryParse(word.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out length) || length > 32)))
        {
            words.Fail($"Illegal \"{field}\": \"{word}\" is not an IPv4 prefix");
            return;
        }

        var mask = Ipv4Prefix.MaskOf(length);
        filter.Keys.Add(new TcKey(false, offset, address & mask, mask));
    }

    private static bool ReadFlower(TcWords words, TcFilter filter, string option)
    {
        switch (option)
        {
            case "ip_proto":
                var number = words.Peek switch { "tcp" => 6, "udp" => 17, "icmp" => 1, _ => -1 };
                if (number >= 0) words.Next();
                else number = (int)words.Whole(option, 0, 255);
                filter.Keys.Add(new TcKey(false, 8, (uint)number << 16, 0xFF0000));
                return true;
            case "src_ip": Address(words, filter, 12, option); return true;
            case "dst_ip": Address(words, filter, 16, option); return true;
            case "src_port": filter.Keys.Add(new TcKey(true, 0, (uint)words.Whole(option, 0, 65535) << 16, 0xFFFF0000)); return true;
            case "dst_port": filter.Keys.Add(new TcKey(true, 0, (uint)words.Whole(option, 0, 65535), 0xFFFF)); return true;
            case "ip_tos":
                var (tos, mask) = ((uint)words.Hex(option, 255), 255u);
                filter.Keys.Add(new TcKey(false, 0, tos << 16, mask << 16));
                return true;
            case "skip_hw" or "skip_sw": return option == "skip_hw";
            default: return false;
        }
    }
}
