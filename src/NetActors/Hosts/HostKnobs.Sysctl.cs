using System.Globalization;
using System.Numerics;
using NetActors.Nic;
using NetActors.Scenarios;
using NetActors.Steering;
using NetActors.Tcp;
using NetActors.Time;

namespace NetActors.Hosts;

/// <content>Sysctls (kernel: net/core/sysctl_net_core.c, net/ipv4/sysctl_net_ipv4.c).</content>
internal sealed partial class HostKnobs
{
    private const string FlowLimitCpus = "net.core.flow_limit_cpu_bitmap";
    private const string FlowLimitLength = "net.core.flow_limit_table_len";
    private readonly Dictionary<string, long> _written = [];

    private EthtoolResult SetSysctl(string name, string value)
    {
        if (SysctlCatalogue.Find(name) is not { } entry || !entry.IsIn(host.Settings.Kernel)) return EthtoolResult.NotFound($"there is no sysctl {name}");
        if (!SysctlCatalogue.Changeable.Contains(name)) return EthtoolResult.NotSupported($"{name} is set at the start only");
        if (entry.Form == SysctlForm.CpuMask) return SetMask(name, value);
        if (TcpSysctlTable.Names.Contains(name))
        {
            using (host.Stack.Tcp.Change(layer.Now))
            {
                var error = TcpSysctlTable.Set(host.Stack.Tcp, name, value);
                return error == Sockets.Errno.None ? EthtoolResult.Success : new EthtoolResult($"{error}: {name} does not take {value}");
            }
        }

        if (!long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number < entry.Least || number > entry.Most)
            return EthtoolResult.Invalid($"{name} is a number from {entry.Least} to {entry.Most}");
        var answer = SetNumber(name, number);
        if (answer.Ok) _written[name] = number;
        return answer;
    }

    private EthtoolResult SetNumber(string name, long number)
    {
        var view = host.Settings;
        switch (name)
        {
            case "net.core.netdev_max_backlog":
                foreach (var cpu in host.Cpus) cpu.Softnet.MaxBacklog = (int)number;
                break;
            case "net.core.netdev_budget":
                view.Budget = (int)number;
                break;
            case "net.core.netdev_budget_usecs":
                view.BudgetTime = KernelTime.FromMicroseconds(number);
                break;
            case "net.core.gro_normal_batch":
                view.GroNormalBatch = (int)number;
                break;
            case "net.core.rps_sock_flow_entries": // even the same number makes a new table: rps_sock_flow_sysctl
                host.Stack.Rps.SockFlows = number == 0 ? null : new RpsSockFlowTable(view.Kernel, (int)number, host.Cpus.Length);
                break;
            case FlowLimitLength when !BitOperations.IsPow2(number): // asked when a CPU's table is made: flow_limit_table_len_sysctl
                return EthtoolResult.Invalid($"{number} is no power of two");
            case "net.core.dev_weight" or "net.core.dev_weight_rx_bias" or "net.core.dev_weight_tx_bias":
                _written[name] = number;
                SetWeights();
                break;
        }

        return EthtoolResult.Success;
    }

    /// <summary>Kernel: <c>proc_do_dev_weight</c>.</summary>
    private void SetWeights()
    {
        var weight = Number("net.core.dev_weight");
        var is6 = host.Settings.Kernel == KernelVersion.V6;
        var rx = weight * (is6 ? Number("net.core.dev_weight_rx_bias") : 1);
        var tx = weight * (is6 ? Number("net.core.dev_weight_tx_bias") : 1);
        foreach (var cpu in host.Cpus) cpu.Softnet.Backlog.Weight = (int)rx;
        foreach (var runner in host.Nics.SelectMany(nic => nic.Runners)) runner.Quota = (int)tx;
    }

    private long Number(string name) => _written.TryGetValue(name, out var number) ? number : settings.Sysctl[name];

    private EthtoolResult SetMask(string name, string value)
    {
        var answer = ReadMask(value, out var cpus);
        if (!answer.Ok) return answer;
        if (name == FlowLimitCpus)
        {
            foreach (var cpu in host.Cpus) // flow_limit_cpu_sysctl: a CPU that stays keeps its table
            {
                if (!cpus.Contains(cpu.Cpu.LocalId)) cpu.Softnet.FlowLimit = null;
                else cpu.Softnet.FlowLimit ??= new FlowLimit((int)Number(FlowLimitLength));
            }

            return EthtoolResult.Success;
        }

        answer = HostHousekeeping.Filter(settings.Cpus, host.Settings.Kernel, ref cpus);
        if (answer.Ok) host.RpsDefaultMask = cpus;
        return answer;
    }
}
