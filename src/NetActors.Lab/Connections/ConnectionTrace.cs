using NetActors.Observe;

namespace NetActors.Lab.Connections;

/// <summary>One connection over time, at one of its ends. When it has been looked at often, every second look is forgotten.</summary>
/// <param name="name">Its host and both ends.</param>
internal sealed class ConnectionTrace(string name)
{
    /// <summary>Most looks that are kept.</summary>
    public const int MostSamples = 4096;

    private readonly List<ConnectionSample> _samples = [];
    private ConnectionSample _last;
    private uint _sndUna;
    private int _stride = 1;
    private int _skipped;

    /// <summary>Its host and both ends: <c>client 10.0.0.2:32768 > 10.0.0.1:80</c>.</summary>
    public string Name => name;

    /// <summary>Bytes that its peer acknowledged.</summary>
    public long Acknowledged { get; private set; }

    /// <summary>How often it was looked at.</summary>
    public long Looks { get; private set; }

    /// <summary>What is kept, in the order of time; the last look always.</summary>
    public IEnumerable<ConnectionSample> Samples => _skipped == 0 ? _samples : _samples.Append(_last);

    /// <summary>A segment came for it.</summary>
    public void Add(in TcpProbeEvent e)
    {
        if (Looks > 0 && e.SndUna - _sndUna < int.MaxValue) Acknowledged += e.SndUna - _sndUna;
        (_sndUna, Looks) = (e.SndUna, Looks + 1);
        _last = new ConnectionSample(e.Time, e.Cwnd, e.Ssthresh, e.InFlight, e.SrttUs);
        if (++_skipped < _stride) return;
        _skipped = 0;
        _samples.Add(_last);
        if (_samples.Count == MostSamples) Thin();
    }

    private void Thin()
    {
        for (var i = 0; i < MostSamples / 2; i++) _samples[i] = _samples[2 * i];
        _samples.RemoveRange(MostSamples / 2, MostSamples / 2);
        _stride *= 2;
    }
}
