using NetActors.Observe;

namespace NetActors.Tests.Observe;

public class ProcNetSnmpTests
{
    [Fact]
    public void V6_prints_all_groups_with_the_constants_of_tcp() => Assert.Equal(
        """
        Ip: Forwarding DefaultTTL InReceives InHdrErrors InAddrErrors ForwDatagrams InUnknownProtos InDiscards InDelivers OutRequests OutDiscards OutNoRoutes ReasmTimeout ReasmReqds ReasmOKs ReasmFails FragOKs FragFails FragCreates OutTransmits
        Ip: 2 64 5817 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 4763
        Icmp: InMsgs InErrors InCsumErrors InDestUnreachs InTimeExcds InParmProbs InSrcQuenchs InRedirects InEchos InEchoReps InTimestamps InTimestampReps InAddrMasks InAddrMaskReps OutMsgs OutErrors OutRateLimitGlobal OutRateLimitHost OutDestUnreachs OutTimeExcds OutParmProbs OutSrcQuenchs OutRedirects OutEchos OutEchoReps OutTimestamps OutTimestampReps OutAddrMasks OutAddrMaskReps
        Icmp: 2 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 8 0 0 0 0 0 0 0 0 0 0 0
        IcmpMsg: InType3 InType8 OutType0
        IcmpMsg: 1 1 1
        Tcp: RtoAlgorithm RtoMin RtoMax MaxConn ActiveOpens PassiveOpens AttemptFails EstabResets CurrEstab InSegs OutSegs RetransSegs InErrs OutRsts InCsumErrors
        Tcp: 1 200 120000 -1 41 0 0 0 0 0 0 0 0 0 0
        Udp: InDatagrams NoPorts InErrors OutDatagrams RcvbufErrors SndbufErrors InCsumErrors IgnoredMulti MemErrors
        Udp: 81 0 0 0 0 0 0 0 9
        UdpLite: InDatagrams NoPorts InErrors OutDatagrams RcvbufErrors SndbufErrors InCsumErrors IgnoredMulti MemErrors
        UdpLite: 0 0 0 0 0 0 0 0 0

        """,
        Snapshots.Text(writer => ProcNetSnmp.Write(writer, Snapshots.Host())));

    [Fact]
    public void V310_lacks_the_columns_that_came_later()
    {
        var lines = Snapshots.Text(writer => ProcNetSnmp.Write(writer, Snapshots.Host(), KernelVersion.V310)).Split('\n');
        Assert.EndsWith(" FragFails FragCreates", lines[0], StringComparison.Ordinal);
        Assert.Contains(" OutMsgs OutErrors OutDestUnreachs ", lines[2], StringComparison.Ordinal);
        Assert.Equal("Udp: InDatagrams NoPorts InErrors OutDatagrams RcvbufErrors SndbufErrors InCsumErrors", lines[8]);
    }

    [Fact]
    public void A_router_prints_forwarding_1()
    {
        var host = Snapshots.Host() with { IpForward = true, IpDefaultTtl = 255 };
        Assert.Contains("\nIp: 1 255 5817 ", Snapshots.Text(writer => ProcNetSnmp.Write(writer, host)), StringComparison.Ordinal);
    }

    [Fact]
    public void More_than_sixteen_icmp_types_break_the_line_and_none_leave_it_out()
    {
        var mib = new MibSet();
        Assert.DoesNotContain("IcmpMsg", Text(mib), StringComparison.Ordinal);
        for (byte type = 0; type < 17; type++) mib.IcmpIn(type);
        var broken = " InType15\nIcmpMsg: 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1\nIcmpMsg: InType16\nIcmpMsg: 1\n";
        Assert.Contains(broken, Text(mib), StringComparison.Ordinal);
    }

    private static string Text(MibSet mib) =>
        Snapshots.Text(writer => ProcNetSnmp.Write(writer, new HostSnapshot { Name = "h", Mib = mib }));
}
