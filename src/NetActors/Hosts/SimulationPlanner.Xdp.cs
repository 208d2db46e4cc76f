using NetActors.Nic;
using NetActors.Scenarios;
using NetActors.Xdp;

namespace NetActors.Hosts;

/// <content>XDP programs with their maps.</content>
internal sealed partial class SimulationPlanner
{
    private int _maps;

    /// <summary>Attaches a card's program.</summary>
    private void SetXdp(Host host, NicDevice card, XdpSettings settings)
    {
        var program = settings.Program.Word switch
        {
            XdpWord.Echo => XdpPrograms.Echo(settings.Port),
            XdpWord.CpuMap => XdpPrograms.ToCpus(MapOf(host, card, settings)),
            XdpWord.Xsk => XdpPrograms.ToSockets(card.XskMap, settings.Port),
            _ => settings.Program.Program,
        };
        if (settings.Mode == XdpMode.Native) card.Xdp = program;
        else card.XdpGeneric = program;
    }

    private CpuMap MapOf(Host host, NicDevice card, XdpSettings settings)
    {
        var map = ++_maps;
        var entries = settings.Cpus.Select(cpu => new CpuMapEntry(cpu, settings.QueueSize, host.Cpus.Length, !_layer.IsVirtual)).ToList();
        foreach (var entry in entries) card.CpuMap.Add(new CpuMapThread(entry, card, host.Cpus[entry.Cpu], _napiId++, map, host.Settings.Kernel));
        return new CpuMap(entries);
    }
}
