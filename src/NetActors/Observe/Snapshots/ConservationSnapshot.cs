namespace NetActors.Observe;

/// <summary>The balance of a run: every packet sent was delivered, dropped for a counted reason, or is still inside.</summary>
/// <param name="Sent">Packets sent by the sources.</param>
/// <param name="Duplicated">Copies made by wires.</param>
/// <param name="Delivered">Packets that reached what they were for: an application, or a protocol that consumed them.</param>
/// <param name="Drops">Packets dropped, by station and reason.</param>
/// <param name="InFlight">Packets still on a wire, in a ring or in a queue.</param>
public sealed record ConservationSnapshot(long Sent, long Duplicated, long Delivered, IReadOnlyList<DropSnapshot> Drops, long InFlight)
{
    /// <summary>Nothing was sent.</summary>
    public static readonly ConservationSnapshot Nothing = new(0, 0, 0, [], 0);

    /// <summary>All drops.</summary>
    public long Dropped => Drops.Sum(drop => drop.Count);

    /// <summary>Packets unaccounted for: positive when lost without a counter, negative when counted twice.</summary>
    public long Missing => Sent + Duplicated - Delivered - Dropped - InFlight;

    /// <summary>Whether the balance holds.</summary>
    public bool Holds => Missing == 0;
}
