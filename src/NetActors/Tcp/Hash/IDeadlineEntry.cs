namespace NetActors.Tcp;

/// <summary>May wait in a <see cref="DeadlineHeap{T}"/>.</summary>
internal interface IDeadlineEntry
{
    /// <summary>Place in the heap; -1 outside. Written by the heap.</summary>
    int HeapSlot { get; set; }
}
