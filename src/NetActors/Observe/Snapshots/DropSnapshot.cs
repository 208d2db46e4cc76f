using NetActors.Buffers;

namespace NetActors.Observe;

/// <summary>Packets that ended at one station for one reason.</summary>
/// <param name="Station">Where, such as <c>nic</c>, <c>backlog</c>, <c>ip</c>, <c>udp</c>, <c>wire</c>.</param>
/// <param name="Reason">Why.</param>
/// <param name="Count">How many.</param>
public sealed record DropSnapshot(string Station, SkbDropReason Reason, long Count);
