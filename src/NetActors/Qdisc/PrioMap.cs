namespace NetActors.Qdisc;

/// <summary>Which band a packet's priority goes to, unless a command says otherwise (kernel: <c>sch_default_prio2band</c>).</summary>
public static class PrioMap
{
    /// <summary>Highest priority that is told apart (<c>TC_PRIO_MAX</c>).</summary>
    public const int Max = 15;

    /// <summary>Band of each priority.</summary>
    public static ReadOnlySpan<byte> Default => [1, 2, 2, 2, 1, 2, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1];

    /// <summary>Reads the bands of the sixteen priorities.</summary>
    internal static byte[] Read(TcWords words, int bands, byte[] old)
    {
        var map = old.ToArray();
        for (var i = 0; i <= Max && words.NextIsNumber; i++) map[i] = (byte)words.Whole("priomap", 0, bands - 1);
        return map;
    }
}
