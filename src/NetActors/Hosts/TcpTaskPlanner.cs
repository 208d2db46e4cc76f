using System.Text;
using NetActors.Apps.Streams;
using NetActors.Epoll;
using NetActors.Filters;
using NetActors.Observe;
using NetActors.Scenarios;
using NetActors.Sockets;
using NetActors.Time;

namespace NetActors.Hosts;

/// <summary>The threads of programs over TCP.</summary>
internal static class TcpTaskPlanner
{
    /// <summary>One thread of a program.</summary>
    public static StreamProgram ProgramOf(
        TcpTaskSettings task, StreamProcess process, LatencyHistogram latency, KernelRandom random, ScenarioFile scenario, int cpu)
    {
        var options = new StreamProgramOptions
        {
            Io = IoOf(task.Io),
            SocketOptions = [.. SocketOptionsOf(task, cpu)],
            EpollParams = EpollParamsOf(task.EpollBusyPoll),
            Stop = task.Stop,
            NewConversation = counters => Conversation(task, counters, latency, random),
        };
        options = task switch
        {
            TcpServerSettings server => options with
            {
                IsServer = true,
                Address = SimulationPlanner.ToNumber(server.Bind.Address),
                Port = (ushort)server.Bind.Port,
                Backlog = server.Backlog,
                ReusePort = server.ReusePort,
                Exclusive = server.Exclusive,
                ReadBytes = server.Read,
                Stop = server.Stop >= scenario.Duration ? KernelTime.Never : server.Stop, // it runs on when the run ends
            },
            TcpClientSettings client => options with
            {
                Address = SimulationPlanner.ToNumber(client.Connect.Address),
                Port = (ushort)client.Connect.Port,
                Connections = client.Connections,
                Ramp = client.Ramp,
            },
            _ => throw new ScenarioException($"task {task.Name}: the program {task.Program} is not there yet"),
        };
        return new StreamProgram(options, process, new StreamCounters());
    }

    private static StreamIo IoOf(TcpIo io) => io switch
    {
        TcpIo.Blocking => StreamIo.Blocking,
        TcpIo.Poll => StreamIo.Poll,
        TcpIo.Select => StreamIo.Select,
        TcpIo.EpollEdge => StreamIo.EpollEdge,
        _ => StreamIo.Epoll,
    };

    private static byte[]? EpollParamsOf(EpollBusyPollSettings settings) => settings == EpollBusyPollSettings.Default
        ? null
        : new EpollParams((uint)settings.Time.Microseconds, (ushort)settings.Budget, settings.Prefer).ToBytes();

    private static IEnumerable<(int Level, int Option, byte[] Value)> SocketOptionsOf(TcpTaskSettings task, int cpu)
    {
        const int On = 1;
        if (task is TcpServerSettings) yield return (SocketOptions.SolSocket, SocketOptions.ReuseAddr, SocketOptions.Int(On));
        if (task is TcpServerSettings { ReusePort: true }) yield return (SocketOptions.SolSocket, SocketOptions.ReusePort, SocketOptions.Int(On));
        if (task is TcpServerSettings { Choice: ReuseportChoice.IncomingCpu }) yield return (SocketOptions.SolSocket, SocketOptions.IncomingCpu, SocketOptions.Int(cpu));
        if (task is TcpServerSettings { Choice: ReuseportChoice.Cbpf }) yield return (SocketOptions.SolSocket, SocketOptions.AttachReuseportCbpf, SocketFilter.CpuModulo(task.Threads));
        if (task.ReceiveBuffer is { } receive) yield return (SocketOptions.SolSocket, SocketOptions.RcvBuf, SocketOptions.Int((int)receive));
        if (task.SendBuffer is { } send) yield return (SocketOptions.SolSocket, SocketOptions.SndBuf, SocketOptions.Int((int)send));
        if (task.NoDelay) yield return (SocketOptions.SolTcp, SocketOptions.TcpNoDelay, SocketOptions.Int(On));
        var busy = task.BusyPoll;
        if (busy.Usecs is { } usecs) yield return (SocketOptions.SolSocket, SocketOptions.BusyPoll, SocketOptions.Int(usecs));
        if (busy.Prefer) yield return (SocketOptions.SolSocket, SocketOptions.PreferBusyPoll, SocketOptions.Int(On));
        if (busy.Budget != BusyPollSettings.Default.Budget) yield return (SocketOptions.SolSocket, SocketOptions.BusyPollBudget, SocketOptions.Int(busy.Budget));
        if (task.Congestion is { } congestion) yield return (SocketOptions.SolTcp, SocketOptions.TcpCongestion, Encoding.ASCII.GetBytes(congestion));
    }

    private static Conversation Conversation(TcpTaskSettings task, StreamCounters counters, LatencyHistogram latency, KernelRandom random) => task switch
    {
        TcpServerSettings { Does: TcpService.Echo } echo => new EchoConversation(echo.Read, echo.Service, counters),
        TcpServerSettings { Does: TcpService.Discard } sink => new DiscardConversation(sink.Read, sink.Service, sink.Pause, counters),
        TcpServerSettings server => new AnswerConversation(server.Read, server.Service, counters),
        TcpStreamSettings stream => new SendConversation(stream.Bytes, stream.Send, stream.Stop, counters),
        TcpLoopSettings loop => new AskConversation(Options(loop, random), counters, latency),
        _ => throw new ScenarioException($"task {task.Name}: the program {task.Program} is not there yet"),
    };

    private static RequestHeader MemcachedRequest(MemcachedClientSettings task, KernelRandom random)
    {
        var (isSet, key, value) = (random.Chance(task.Sets), SizeDraw.Next(task.Keys, random), SizeDraw.Next(task.Values, random));
        return isSet ? MemcachedMessage.Set(key, value) : MemcachedMessage.Get(key, value);
    }

    /// <summary>Each connection of an open loop has its share of the rate, in times of its own.</summary>
    private static AskOptions Options(TcpLoopSettings task, KernelRandom random)
    {
        const long NanosecondsOfSecond = 1_000_000_000;
        var sharers = task.Threads * task.Connections;
        var gap = task.Rate == 0 ? 0 : Math.Min(uint.MaxValue - 1, NanosecondsOfSecond * sharers / task.Rate);
        var phase = KernelTime.FromNanoseconds(random.NextBelow((uint)gap + 1)); // or all would ask at once
        return new AskOptions
        {
            Next = task switch
            {
                TcpRequestSettings rr => () => new RequestHeader(SizeDraw.Next(rr.Size, random), SizeDraw.Next(rr.Response, random)),
                MemcachedClientSettings memcached => () => MemcachedRequest(memcached, random),
                _ => throw new ScenarioException($"task {task.Name}: the program {task.Program} is not there yet"),
            },
            LargestRequest = task switch
            {
                TcpRequestSettings rr => rr.Size.Largest,
                MemcachedClientSettings memcached => MemcachedMessage.Set(memcached.Keys.Largest, memcached.Values.Largest).Request,
                _ => 0,
            },
            RequestsPerConnection = task.Requests,
            Think = task.Think,
            From = task.RequestsFrom,
            Arrivals = task.Rate == 0 ? null : TrafficPlanner.Arrivals(task.Arrival, KernelTime.Max(task.Start, task.RequestsFrom) + phase, task.Rate, sharers, random),
            Stop = task.Stop,
        };
    }
}
