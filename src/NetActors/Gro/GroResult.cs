namespace NetActors.Gro;

/// <summary>What became of a packet (kernel: <c>gro_result_t</c>).</summary>
internal enum GroResult : byte
{
    /// <summary>It is part of another packet now.</summary>
    Merged,

    /// <summary>Held, so that others can be merged with it.</summary>
    Held,

    /// <summary>It goes up as it is.</summary>
    Normal,
}
