using System.CommandLine;
using NetActors.Cli.Running;

namespace NetActors.Cli.Commands;

/// <summary><c>netactors run SCENARIO</c>.</summary>
internal static class RunCommand
{
    /// <summary>The command.</summary>
    public static Command Create(CommandContext context)
    {
        var scenario = ScenarioOptions.Scenario();
        var (changes, output) = (new ScenarioOptions(), new OutputOptions());
        var command = new Command("run", "Run a scenario and print what every CPU, queue and socket did.") { scenario };
        changes.AddTo(command);
        output.AddTo(command);
        Help.Extend(
            command,
            context.Terminal,
            examples:
            [
                "netactors run rss-udp-flood",
                "netactors run rss-udp-flood --set hosts.server.devices.eth0.queues=8 --seed 2",
                "netactors run udp-echo --duration 20ms --json result.json --pcap frames.pcapng --show softnet_stat,snmp",
                "netactors run SCENARIO --tcp-probe cwnd.csv --show ss,netstat-s    TCP over time and at the end",
                "netactors run SCENARIO --tcp-plot cwnd.svg --tcp-plot-of \"client 10.0.0.2\"    a connection over time as a picture",
            ],
            next:
            [
                "netactors describe SCENARIO    what it builds, and the keys that --set changes",
                "netactors trace SCENARIO       the way of one packet, function by function",
                "config/scenarios/README.md     every key that --set may change",
            ]);
        command.SetAction(result =>
        {
            var run = new ReportedRun(context, output, result);
            var library = new ScenarioLibrary(context.Terminal);
            return run.Execute(changes.Read(result, overrides => library.Read(result.GetRequiredValue(scenario), overrides)));
        });
        return command;
    }
}
