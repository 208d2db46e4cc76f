using NetActors.Nic;
using NetActors.Scenarios;
using NetActors.Time;

namespace NetActors.Hosts;

/// <content>What belongs to a card's queues: byte limits, threads that poll, the transmit rings (kernel: net/core/net-sysfs.c).</content>
internal sealed partial class HostKnobs
{
    /// <summary>Kernel: <c>bql_set_limit</c>, <c>bql_set_hold_time</c> (specification section 7.6): held from the next completion on.</summary>
    private static EthtoolResult SetByteLimits(NicDevice card, in KnobKey key, string value)
    {
        if (key.Number >= card.QueuesInUse) return EthtoolResult.NotFound($"{card.Name} has {card.QueuesInUse} transmit queues");
        if (card.TxQueues[key.Number].Limits is not { } limits) return EthtoolResult.NotFound($"{card.Name} has no byte limits");
        var number = ByteQueueLimits.Most;
        var isMax = value == "max" && key.Kind != KnobKind.BqlHoldTime;
        if (!isMax && !TryNumber(value, ByteQueueLimits.Most, out number)) return EthtoolResult.Invalid($"{value} is no number up to {ByteQueueLimits.Most}");
        switch (key.Kind)
        {
            case KnobKind.BqlLimit: limits.Limit = (uint)number; break;
            case KnobKind.BqlLimitMin: limits.MinLimit = (uint)number; break;
            case KnobKind.BqlLimitMax: limits.MaxLimit = (uint)number; break;
            default: limits.HoldTime = KernelTime.FromMilliseconds(number); break;
        }

        return EthtoolResult.Success;
    }

    /// <summary>Kernel: <c>netif_set_threaded</c> (specification section 3.6): a NAPI that is being polled ends that where it is.</summary>
    private EthtoolResult SetThreaded(NicDevice card, string value)
    {
        if (value is not ("0" or "1")) return EthtoolResult.Invalid($"{value} is neither 0 nor 1");
        if (host.Settings.Kernel == KernelVersion.V310) return EthtoolResult.NotFound("3.10 has no threaded NAPIs");
        if (card.Irqs.Any(irq => irq.Handler is not null)) return EthtoolResult.NotSupported($"{card.Name} has no NAPI");
        if (!layer.IsVirtual) return EthtoolResult.NotSupported("NAPIs get and lose their threads in virtual time only");
        for (var i = 0; i < card.Napis.Length; i++)
        {
            var napi = card.Napis[i];
            if (value == "1" && napi.Thread is null)
            {
                napi.Thread = new Softirq.NapiThread(napi, card.Irqs[i].Effective, card.Name);
                host.StartThread(napi.Thread);
            }

            napi.IsThreaded = value == "1";
        }

        return EthtoolResult.Success;
    }

    private EthtoolResult SetChannels(NicDevice card, Dictionary<string, string> pairs, KernelTime now)
    {
        if (!layer.IsVirtual) return EthtoolResult.NotSupported("channels come and go in virtual time only");
        if (pairs.Count != 1 || !pairs.TryGetValue("combined", out var text) || !TryNumber(text, int.MaxValue, out var combined))
            return EthtoolResult.Invalid("channels are pairs of a receive and a transmit queue: combined N");
        return card.SetChannels(combined, host.Cpus, now);
    }

    private EthtoolResult SetRing(NicDevice card, Dictionary<string, string> pairs, KernelTime now)
    {
        if (!layer.IsVirtual) return EthtoolResult.NotSupported("rings are made anew in virtual time only");
        int? rx = null, tx = null;
        foreach (var (name, value) in pairs)
        {
            if (!TryNumber(value, int.MaxValue, out var size) || name is not ("rx" or "tx")) return EthtoolResult.Invalid($"{name} {value}: rx and tx have a number of descriptors");
            if (name == "rx") rx = size;
            else tx = size;
        }

        return card.SetRing(rx, tx, now);
    }
}
