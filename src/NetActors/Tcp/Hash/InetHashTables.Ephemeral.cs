using NetActors.Sockets;

namespace NetActors.Tcp;

/// <content>Choice of a local port for <c>bind</c> (kernel: <c>inet_csk_find_open_port</c>).</content>
public sealed partial class InetHashTables
{
    /// <summary>
    /// Binds to a free port: from a random place, first the ports whose parity is not that of the range's first, for <c>connect</c>
    /// prefers the others; with SO_REUSEADDR first the lower half of the range.
    /// </summary>
    /// <param name="sk">Not bound yet.</param>
    /// <param name="address">In host order; 0 for any.</param>
    /// <returns>None, EADDRINUSE when all ports are taken, EINVAL for a bound socket.</returns>
    public Errno BindEphemeral(TcpEndpoint sk, uint address)
    {
        if (sk.IsBound) return Errno.EINVAL;
        sk.LocalAddress = address;
        var port = FindOpenPort(sk, relax: false);
        if (port == 0 && Ports.AutobindReuse) port = FindOpenPort(sk, relax: true);
        if (port == 0)
        {
            sk.LocalAddress = 0;
            return Errno.EADDRINUSE;
        }

        Hold(sk, FindBucket(port) ?? CreateBucket(port));
        sk.IsAddressLocked = address != 0; // the port is not locked: SOCK_BINDPORT_LOCK is for ports given by number
        return Errno.None;
    }

    /// <summary>The range a socket's port is chosen from (kernel: <c>inet_sk_get_local_port_range</c>).</summary>
    private (int Low, int High) RangeOf(TcpEndpoint sk)
    {
        int low = Ports.Low, high = Ports.High;
        var (ownLow, ownHigh) = sk.PortRange;
        if ((ownLow, ownHigh) == default) return (low, high);
        return (ownLow >= low && ownLow <= high ? ownLow : low, ownHigh >= low && ownHigh <= high ? ownHigh : high);
    }

    /// <summary>A port without conflict; 0 when there is none.</summary>
    private ushort FindOpenPort(TcpEndpoint sk, bool relax)
    {
        var (low, high) = RangeOf(sk);
        high++; // behind the last
        if (!sk.ReuseAddress || high - low < 4) return ScanOpen(sk, low, high, relax);
        var half = low + ((high - low) >> 2 << 1);
        var port = ScanOpen(sk, low, half, relax);
        return port != 0 ? port : ScanOpen(sk, half, high, relax);
    }

    private ushort ScanOpen(TcpEndpoint sk, int low, int high, bool relax)
    {
        var remaining = high - low;
        if (remaining > 1) remaining &= ~1;
        var offset = (int)_random.NextBelow((uint)remaining) | 1;
        for (var parity = 0; parity < 2; parity++, offset--)
        {
            var port = low + offset;
            for (var i = 0; i < remaining; i += 2, port += 2)
            {
                if (port >= high) port -= remaining;
                if (IsOpen(sk, (ushort)port, relax)) return (ushort)port;
            }
        }

        return 0;
    }

    private bool IsOpen(TcpEndpoint sk, ushort port, bool relax) =>
        !Ports.Reserved.Contains(port) && port != 0
        && (FindBucket(port) is not { } bucket || !HasConflict(sk, bucket, relax, reusePortOk: false));
}
