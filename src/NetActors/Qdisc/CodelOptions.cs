namespace NetActors.Qdisc;

/// <summary>The options that <c>codel</c> and <c>fq_codel</c> share.</summary>
internal static class CodelOptions
{
    /// <summary>Reads an option's value. False when it is not one of these.</summary>
    public static bool Read(CodelCore codel, string option, TcWords words)
    {
        switch (option)
        {
            case "target": codel.Target = CodelVars.TimeOf(words.Nanoseconds(option)); return true;
            case "interval": codel.Interval = CodelVars.TimeOf(words.Nanoseconds(option)); return true;
            case "ce_threshold": codel.CeThreshold = CodelVars.TimeOf(words.Nanoseconds(option)); return true;
            case "ecn": codel.Ecn = true; return true;
            case "noecn": codel.Ecn = false; return true;
            default: return false;
        }
    }

    /// <summary>A time as tc prints it.</summary>
    public static string Time(uint time) => TcText.Time(CodelVars.Microseconds(time));
}
