using System.Text;
using NetActors.Buffers;
using NetActors.Time;

namespace NetActors.Qdisc;

/// <summary>No queue: packets go to the device at once (kernel: <c>noqueue_qdisc_ops</c>). What is given to it nonetheless is dropped.</summary>
public sealed class NoQueue : QdiscBase
{
    /// <summary>At a device.</summary>
    public NoQueue(QdiscContext context)
        : base(context) => Flags = QdiscFlags.Builtin;

    /// <inheritdoc />
    public override string Kind => "noqueue";

    /// <inheritdoc />
    public override bool IsNoQueue => true;

    /// <inheritdoc />
    public override NetXmit Enqueue(SkBuff skb, KernelTime now) => Drop(skb);

    /// <inheritdoc />
    protected override SkBuff? Take(KernelTime now) => null;

    /// <inheritdoc />
    protected override void Clear(SkbDropReason reason)
    {
    }

    /// <inheritdoc />
    internal override void Configure(TcWords words, KernelTime now)
    {
        if (words.HasNext) words.Unknown(words.Next());
    }

    /// <inheritdoc />
    internal override void DumpOptions(StringBuilder text)
    {
    }
}
