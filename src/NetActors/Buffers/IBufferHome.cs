namespace NetActors.Buffers;

/// <summary>Where the memory of a pool's packets comes from, told when one is free again; on any CPU.</summary>
internal interface IBufferHome
{
    /// <summary>A packet's memory is free.</summary>
    void OnReturned();
}
