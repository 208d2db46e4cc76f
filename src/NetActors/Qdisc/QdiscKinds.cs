namespace NetActors.Qdisc;

/// <summary>The disciplines by name (kernel: <c>qdisc_lookup_ops</c>).</summary>
public static class QdiscKinds
{
    /// <summary>The names of those that stand anywhere.</summary>
    public static IReadOnlyList<string> Names { get; } =
        ["noqueue", "pfifo", "bfifo", "pfifo_fast", "prio", "tbf", "fq", "codel", "fq_codel", "red", "htb", "netem", "mq", "mqprio"];

    /// <summary>The names that <c>net.core.default_qdisc</c> takes.</summary>
    public static IReadOnlyList<string> Defaults { get; } = ["pfifo_fast", "pfifo", "bfifo", "fq", "fq_codel", "codel", "noqueue"];

    /// <summary>A new discipline, not yet configured. Null for <c>mq</c> and <c>mqprio</c>, which are over a device's queues, and unknown names.</summary>
    public static QdiscBase? Create(string kind, QdiscContext context) => kind switch
    {
        "noqueue" => new NoQueue(context),
        "pfifo" => new Fifo(context, bytes: false),
        "bfifo" => new Fifo(context, bytes: true),
        "pfifo_fast" => new PfifoFast(context),
        "prio" => new Prio(context),
        "tbf" => new Tbf(context),
        "fq" => new Fq(context),
        "codel" => new Codel(context),
        "fq_codel" => new FqCodel(context),
        "red" => new Red(context),
        "htb" => new Htb(context),
        "netem" => new Netem(context),
        _ => null,
    };
}
