using NetActors.Hosts;

namespace NetActors.Irq;

/// <summary>Packets that were purged in the device's context and wait for a CPU to free them, since freeing may wake their senders.</summary>
internal interface IPurged
{
    /// <summary>Frees them on a CPU, in its interrupt context.</summary>
    void Free(HostCpu cpu);
}
