using System.Globalization;
using Akka.Actor;
using NetActors.Nic;
using NetActors.Scenarios;
using NetActors.Sockets;
using NetActors.Tcp;
using NetActors.Time;

namespace NetActors.Hosts;

/// <content>Settings that change while traffic runs, at the present time: between two calls of <see cref="RunUntil"/>, or in real time between two handlers.</content>
public sealed partial class Simulation
{
    /// <summary>Writes a sysctl of a host, as <c>sysctl -w</c> does. Those of busy polling and of TCP can be written while the host runs.</summary>
    /// <param name="host">The host's name.</param>
    /// <param name="name">The sysctl's name with dots.</param>
    /// <param name="value">Its value as it is written.</param>
    /// <returns>EINVAL for a value it does not take, EACCES for one that is only read, ENOENT for a name that the kernel does not have,
    /// EOPNOTSUPP for one that can be set only before the host starts.</returns>
    /// <exception cref="ArgumentException">There is no such host.</exception>
    public Errno SetSysctl(string host, string name, string value)
    {
        var found = HostOf(host);
        if (SysctlCatalogue.Find(name) is not { } entry || !entry.IsIn(Scenario.Kernel)) return Errno.ENOENT;
        if (name is "net.core.busy_poll" or "net.core.busy_read")
        {
            if (!long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) || number < entry.Least || number > entry.Most)
                return Errno.EINVAL;
            var napis = found.Cpus[0].Napis;
            if (name == "net.core.busy_poll") napis.BusyPoll = (int)number;
            else napis.BusyRead = (int)number;
            return Errno.None;
        }

        if (TcpSysctlTable.All.FirstOrDefault(s => s.Name == name) is not { } sysctl) return Errno.EOPNOTSUPP;
        if (sysctl.IsReadOnly) return Errno.EACCES;
        var taken = false;
        _system.Layer.WhileStill(() => taken = sysctl.Set(found.Stack.Tcp, value));
        return taken ? Errno.None : Errno.EINVAL;
    }

    /// <summary>Changes the deferral of a queue's interrupts, as <c>netdev</c> netlink's <c>napi-set</c> does; it holds from the end of the next poll.</summary>
    /// <param name="host">The host's name.</param>
    /// <param name="device">The card's name.</param>
    /// <param name="queue">The queue; -1 for all.</param>
    /// <param name="change">What changes.</param>
    /// <exception cref="ArgumentException">There is no such host, card or queue.</exception>
    public void SetNapi(string host, string device, int queue, NapiChange change)
    {
        ArgumentNullException.ThrowIfNull(change);
        var card = CardOf(host, device, queue);
        _system.Layer.WhileStill(() =>
        {
            for (var i = 0; i < card.Napis.Length; i++)
            {
                if (queue >= 0 && i != queue) continue;
                var napi = card.Napis[i];
                napi.DeferHardIrqs = change.DeferHardIrqs ?? napi.DeferHardIrqs;
                napi.GroFlushTimeout = change.GroFlushTimeout ?? napi.GroFlushTimeout;
                napi.IrqSuspendTimeout = change.IrqSuspendTimeout ?? napi.IrqSuspendTimeout;
            }
        });
    }

    /// <summary>Changes the CPUs that take a queue's interrupts (<c>/proc/irq/N/smp_affinity_list</c>). A poll that is under way stays where it is.</summary>
    /// <param name="host">The host's name.</param>
    /// <param name="device">The card's name.</param>
    /// <param name="queue">The queue.</param>
    /// <param name="cpus">The CPUs, by their numbers on the host.</param>
    /// <returns>EINVAL without a CPU of the host.</returns>
    /// <exception cref="ArgumentException">There is no such host, card or queue.</exception>
    public Errno SetIrqAffinity(string host, string device, int queue, IEnumerable<int> cpus)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(queue);
        var (found, card) = (HostOf(host), CardOf(host, device, queue));
        HostCpu[] mask = [.. cpus.Where(c => c >= 0 && c < found.Cpus.Length).Order().Select(c => found.Cpus[c])];
        var taken = false;
        _system.Layer.WhileStill(() => taken = card.Irqs[queue].SetAffinity(mask));
        return taken ? Errno.None : Errno.EINVAL;
    }

    /// <summary>Changes the moderation of a card's interrupts (<c>ethtool -C</c>); what is null stays as it is.</summary>
    /// <param name="host">The host's name.</param>
    /// <param name="device">The card's name.</param>
    /// <param name="change">What changes.</param>
    /// <returns>Whether the card takes it, or what is wrong.</returns>
    /// <exception cref="ArgumentException">There is no such host or card.</exception>
    public EthtoolResult SetCoalesce(string host, string device, CoalesceChange change)
    {
        var card = CardOf(host, device, -1);
        EthtoolResult? result = null;
        _system.Layer.WhileStill(() => result = new EthtoolSettings(card.Receive).SetCoalesce(change, _system.Layer.Now));
        card.Nic.Tell(NicProtocol.Arrivals.Instance, ActorRefs.NoSender); // interrupts may be due at other times now
        return result!.Value;
    }

    private Host HostOf(string name) => _plan.Hosts.Find(h => h.Name == name) ?? throw new ArgumentException($"no host is called {name}", nameof(name));

    private NicDevice CardOf(string host, string device, int queue)
    {
        var card = HostOf(host).Nics.Find(n => n.Name == device) ?? throw new ArgumentException($"host {host} has no card {device}", nameof(device));
        return queue < card.Napis.Length ? card : throw new ArgumentException($"{device} has no queue {queue}", nameof(queue));
    }
}

/// <summary>A change of a NAPI's settings; what is null stays as it is.</summary>
/// <param name="DeferHardIrqs">Empty polls before the interrupt is unmasked (<c>defer-hard-irqs</c>).</param>
/// <param name="GroFlushTimeout">Span between those polls (<c>gro-flush-timeout</c>).</param>
/// <param name="IrqSuspendTimeout">Longest time that a busy program keeps interrupts away (<c>irq-suspend-timeout</c>).</param>
public sealed record NapiChange(int? DeferHardIrqs = null, KernelTime? GroFlushTimeout = null, KernelTime? IrqSuspendTimeout = null);
