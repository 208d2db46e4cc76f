using NetActors.Buffers;
using NetActors.Headers;
using NetActors.Observe;

namespace NetActors.Ip;

/// <summary>Options of a received header (kernel: <c>ip_rcv_options</c>, net/ipv4/ip_options.c).</summary>
internal static class IpOptions
{
    /// <summary>
    /// NOT_DROPPED_YET for options that may stay; IP_INHDR and a parameter problem for broken ones; NOT_SPECIFIED for a source route
    /// that the device does not take, or that does not end here, since nothing here forwards by source route.
    /// </summary>
    public static SkbDropReason Receive(SkBuff skb, InetDevice device, MibSet mib, out IcmpError error)
    {
        error = IcmpError.None;
        var bytes = skb.From(skb.NetworkHeader)[Ipv4Header.Size..(skb.TransportHeader - skb.NetworkHeader)];
        var options = new Ipv4Options(bytes);
        if (!options.TryValidate(out var pointer))
        {
            mib.Add(IpMib.InHdrErrors);
            error = IcmpError.ParameterProblem(pointer);
            return SkbDropReason.IP_INHDR;
        }

        foreach (var option in options)
        {
            if (option.Type is not (Ipv4Option.LooseSourceRoute or Ipv4Option.StrictSourceRoute)) continue;
            var endsHere = option.Data[0] > option.Length; // the pointer is past the last address
            if (!device.AcceptSourceRoute || skb.PacketType != PacketType.Host || !endsHere) return SkbDropReason.NOT_SPECIFIED;
        }

        return SkbDropReason.NOT_DROPPED_YET;
    }
}
