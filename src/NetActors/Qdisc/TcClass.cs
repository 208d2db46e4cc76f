using System.Text;

namespace NetActors.Qdisc;

/// <summary>A class of a qdisc as <c>tc class show</c> prints it.</summary>
/// <param name="Id">Its handle.</param>
/// <param name="ParentId">The class above; <see cref="TcHandle.Root"/> for none.</param>
/// <param name="Leaf">The qdisc below it; null for an inner class.</param>
/// <param name="Stats">Its figures; null where those of the leaf are shown.</param>
internal sealed record TcClass(uint Id, uint ParentId, QdiscBase? Leaf, QdiscStats? Stats)
{
    /// <summary>Writes its options.</summary>
    public Action<StringBuilder>? Options { get; init; }

    /// <summary>Writes its own statistics.</summary>
    public Action<StringBuilder>? Xstats { get; init; }
}
