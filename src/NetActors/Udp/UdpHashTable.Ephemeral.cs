using NetActors.Sockets;

namespace NetActors.Udp;

/// <content>Choice of a local port (kernel: <c>udp_lib_get_port</c> with port 0).</content>
public sealed partial class UdpHashTable
{
    /// <summary>
    /// Binds to a free port of the range, begun at random and walked in odd multiples of the table's size.
    /// </summary>
    /// <param name="endpoint">Not bound yet.</param>
    /// <param name="address">Local address in host order; 0 for any.</param>
    /// <param name="low">First port (<c>ip_local_port_range</c>: 32768).</param>
    /// <param name="high">Last port (60999).</param>
    /// <param name="random">32 random bits.</param>
    /// <param name="autobind">The socket sends or connects without a bind: exhaustion is EAGAIN instead of EADDRINUSE.</param>
    /// <returns>None, EADDRINUSE or EAGAIN when all ports are taken, EINVAL for a bound endpoint.</returns>
    public Errno BindEphemeral(UdpEndpoint endpoint, uint address, ushort low, ushort high, uint random, bool autobind = false)
    {
        if (endpoint.IsBound) return Errno.EINVAL;
        var remaining = (uint)Math.Max(high - low + 1, 1);
        var first = (ushort)(((ulong)random * remaining >> 32) + low);
        var step = (ushort)((random | 1) * (uint)_byPort.Length); // odd multiple: visits every port of the slot
        for (var slots = 0; slots < _byPort.Length; slots++, first++)
        {
            var port = first;
            do
            {
                if (port >= low && port <= high && port != 0 && !InUse(endpoint, address, port, byNumber: false))
                {
                    Insert(endpoint, address, port);
                    return Errno.None;
                }

                port += step;
            }
            while (port != first);
        }

        return autobind ? Errno.EAGAIN : Errno.EADDRINUSE;
    }
}
