namespace NetActors.Qdisc;

/// <summary>A qdisc over one other, which is a bfifo until another is grafted in its place.</summary>
public abstract class QdiscOverFifo : QdiscBase
{
    /// <summary>Over a bfifo without room.</summary>
    protected QdiscOverFifo(QdiscContext context)
        : base(context) => Child = Adopt(new Fifo(context, bytes: true, 0), 1);

    /// <summary>What holds the packets.</summary>
    protected QdiscBase Child { get; private set; }

    /// <inheritdoc />
    internal override IEnumerable<TcClass> Classes => [new TcClass(Handle | 1, Handle, Child, null)];

    /// <inheritdoc />
    internal override QdiscBase? Graft(uint classId, QdiscBase child)
    {
        if (TcHandle.Minor(classId) != 1) return null;
        var old = Child;
        Replace(old);
        Child = Adopt(child, Handle | 1);
        return old;
    }

    /// <inheritdoc />
    protected internal override void OnHandle() => Adopt(Child, Handle | 1);
}
