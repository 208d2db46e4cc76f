using System.Collections.Concurrent;
using System.Diagnostics.Tracing;

namespace NetActors.Benchmarks;

/// <summary>Says what the runtime allocates, from its sample of one object in each hundred kilobytes (event GCAllocationTick).</summary>
internal sealed class AllocationWatch : EventListener
{
    private const EventKeywords Gc = (EventKeywords)1;
    private readonly ConcurrentDictionary<string, int> _samples = new();

    /// <summary>The types that were met most often, with their share.</summary>
    public IEnumerable<string> Top(int count)
    {
        var all = Math.Max(1, _samples.Values.Sum());
        return _samples.OrderByDescending(s => s.Value).Take(count).Select(s => $"{100 * s.Value / all,3}% {s.Key}");
    }

    /// <inheritdoc />
    protected override void OnEventSourceCreated(EventSource eventSource)
    {
        if (eventSource.Name == "Microsoft-Windows-DotNETRuntime") EnableEvents(eventSource, EventLevel.Verbose, Gc);
    }

    /// <inheritdoc />
    protected override void OnEventWritten(EventWrittenEventArgs eventData)
    {
        if (eventData.EventName?.StartsWith("GCAllocationTick", StringComparison.Ordinal) != true) return;
        var type = eventData.Payload?[eventData.PayloadNames!.IndexOf("TypeName")] as string ?? "?";
        _samples.AddOrUpdate(type, 1, (_, n) => n + 1);
    }
}
