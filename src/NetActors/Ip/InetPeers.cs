using NetActors.Time;

namespace NetActors.Ip;

/// <summary>
/// What is remembered of other hosts: the bucket of the messages they got (kernel: <c>struct inet_peer</c>, net/ipv4/inetpeer.c).
/// Bounded: past the threshold the one known longest is forgotten, which only refills its bucket.
/// </summary>
public sealed class InetPeers(int threshold)
{
    private readonly Dictionary<uint, int> _places = [];
    private uint[] _addresses = new uint[16];
    private TokenBucket[] _buckets = new TokenBucket[16];
    private int _oldest;

    /// <summary>Hosts remembered.</summary>
    public int Count { get; private set; }

    /// <summary>Whether the host may get one more message (kernel: <c>inet_peer_xrlim_allow</c>).</summary>
    public bool XrlimAllow(uint address, KernelTime timeout, KernelTime now) => Bucket(address, now).TryTake(timeout, now);

    /// <summary>
    /// Whether the host may hear that there is no way for its packets: five times, then once a second, out of the same bucket (kernel:
    /// <c>ip_error</c>, <c>ip_rt_error_burst</c>, <c>ip_rt_error_cost</c>).
    /// </summary>
    public bool RouteErrorAllow(uint address, KernelTime now) => Bucket(address, now).TryTake(KernelTime.FromSeconds(1), burst: 5, now);

    private ref TokenBucket Bucket(uint address, KernelTime now)
    {
        if (!_places.TryGetValue(address, out var place))
        {
            place = NewPlace();
            _places.Add(address, place);
            _addresses[place] = address;
            _buckets[place] = new TokenBucket(now);
        }

        return ref _buckets[place];
    }

    private int NewPlace()
    {
        if (Count < threshold)
        {
            if (Count == _addresses.Length)
            {
                Array.Resize(ref _addresses, Count * 2);
                Array.Resize(ref _buckets, Count * 2);
            }

            return Count++;
        }

        var place = _oldest;
        _oldest = (_oldest + 1) % threshold;
        _places.Remove(_addresses[place]);
        return place;
    }
}
