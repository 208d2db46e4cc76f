namespace NetActors.Neighbours;

/// <summary>What an update knows of the neighbour's link address.</summary>
public enum LinkAddressNews : byte
{
    /// <summary>It carries none.</summary>
    Absent,

    /// <summary>It carries the one that is cached.</summary>
    Same,

    /// <summary>It carries another one.</summary>
    Different,
}
