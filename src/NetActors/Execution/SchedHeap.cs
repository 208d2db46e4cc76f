namespace NetActors.Execution;

/// <summary>
/// The waiting entities of a run queue by (virtual time, sequence): a binary heap that remembers places (kernel: <c>tasks_timeline</c>).
/// </summary>
internal sealed class SchedHeap
{
    private SchedEntity[] _entities = new SchedEntity[16];

    internal int Count { get; private set; }

    internal SchedEntity this[int index] => _entities[index];

    internal SchedEntity? Leftmost => Count == 0 ? null : _entities[0];

    internal void Add(SchedEntity entity)
    {
        if (Count == _entities.Length) Array.Resize(ref _entities, Count * 2);
        Up(Count++, entity);
    }

    internal void Remove(SchedEntity entity)
    {
        var hole = entity.Slot;
        entity.Slot = SchedEntity.NotQueued;
        var last = _entities[--Count];
        _entities[Count] = null!;
        if (hole < Count) Place(hole, last);
    }

    /// <summary>Puts an entity right whose virtual time changed.</summary>
    internal void Moved(SchedEntity entity) => Place(entity.Slot, entity);

    private void Place(int slot, SchedEntity entity)
    {
        if (slot > 0 && entity.RunsBefore(_entities[(slot - 1) / 2])) Up(slot, entity);
        else Down(slot, entity);
    }

    private void Up(int slot, SchedEntity entity)
    {
        for (int parent; slot > 0 && entity.RunsBefore(_entities[parent = (slot - 1) / 2]); slot = parent)
        {
            Put(slot, _entities[parent]);
        }

        Put(slot, entity);
    }

    private void Down(int slot, SchedEntity entity)
    {
        for (int child; (child = (slot * 2) + 1) < Count; slot = child)
        {
            if (child + 1 < Count && _entities[child + 1].RunsBefore(_entities[child])) child++;
            if (!_entities[child].RunsBefore(entity)) break;
            Put(slot, _entities[child]);
        }

        Put(slot, entity);
    }

    private void Put(int slot, SchedEntity entity)
    {
        _entities[slot] = entity;
        entity.Slot = slot;
    }
}
