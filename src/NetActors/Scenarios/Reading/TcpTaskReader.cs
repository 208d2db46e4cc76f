using System.Net;

namespace NetActors.Scenarios.Reading;

/// <summary>Reads what only programs over TCP have.</summary>
internal static class TcpTaskReader
{
    private static readonly IPEndPoint Nowhere = new(IPAddress.Any, 0);

    /// <summary>The program of a section whose table is one of <see cref="TcpKeys"/>.</summary>
    public static TcpTaskSettings Read(Section section, string program, ReadingContext context)
    {
        var task = Own(section, program) with
        {
            Io = section.Get(TcpKeys.Io),
            ReceiveBuffer = section.Get(TcpKeys.ReceiveBuffer),
            SendBuffer = section.Get(TcpKeys.SendBuffer),
            NoDelay = section.Get(TcpKeys.NoDelay),
            Congestion = section.Get(TcpKeys.Congestion),
            OpenFiles = section.Get(TcpKeys.OpenFiles),
            BusyPoll = TcpKeys.BusyPoll.Read(section, context),
            EpollBusyPoll = EpollBusyPoll(section, context),
        };
        if (task is not TcpClientSettings client) return task;
        client = client with { Connections = section.Get(TcpKeys.Connections), Ramp = section.Get(TcpKeys.Ramp) };
        if (client is { Io: TcpIo.Blocking, Connections: > 1 })
            section.Faults.Add(section.PlaceOf(TcpKeys.Connections), "`connections`: a thread that blocks has one; more need `io: epoll` or more `threads`");
        return client;
    }

    private static EpollBusyPollSettings EpollBusyPoll(Section section, ReadingContext context)
    {
        SettingKey[] keys = [TcpKeys.EpollBusyPoll, TcpKeys.EpollBusyPollBudget, TcpKeys.EpollPreferBusyPoll];
        foreach (var key in keys)
        {
            context.RefuseIn310(section, key);
            if (section.Has(key) && section.Get(TcpKeys.Io) is not (TcpIo.Epoll or TcpIo.EpollEdge))
                section.Faults.Add(section.PlaceOf(key), $"`{key.Name}` is of an epoll instance: it needs `io: epoll`");
        }

        return new EpollBusyPollSettings(section.Get(TcpKeys.EpollBusyPoll), section.Get(TcpKeys.EpollBusyPollBudget), section.Get(TcpKeys.EpollPreferBusyPoll));
    }

    private static TcpTaskSettings Own(Section section, string program) => program switch
    {
        "tcp-server" => Server(section),
        "tcp-stream" => new TcpStreamSettings
        {
            Connect = section.Get(TcpKeys.Connect) ?? Nowhere,
            Send = (int)section.Get(TcpKeys.Send),
            Bytes = section.Get(TcpKeys.Bytes),
        },
        "memcached-client" => new MemcachedClientSettings
        {
            Connect = section.Get(TcpKeys.Connect) ?? Nowhere,
            Keys = section.Get(TcpKeys.Keys),
            Values = section.Get(TcpKeys.ValueSizes),
            Sets = section.Get(TcpKeys.Sets),
            Think = section.Get(TcpKeys.Think),
            RequestsFrom = section.Get(TcpKeys.RequestsFrom),
            Rate = section.Get(TcpKeys.Rate),
            Arrival = section.Get(TcpKeys.Arrival),
        },
        _ => new TcpRequestSettings
        {
            Connect = section.Get(TcpKeys.Connect) ?? Nowhere,
            Size = TcpKeys.Size.ReadAny(section),
            Response = TcpKeys.Response.ReadAny(section),
            Requests = program == "tcp-crr" ? 1 : section.Get(TcpKeys.Requests),
            Think = section.Get(TcpKeys.Think),
            RequestsFrom = section.Get(TcpKeys.RequestsFrom),
            Rate = section.Get(TcpKeys.Rate),
            Arrival = section.Get(TcpKeys.Arrival),
        },
    };

    private static TcpServerSettings Server(Section section)
    {
        var server = new TcpServerSettings
        {
            Bind = section.Get(TcpKeys.Bind) ?? Nowhere,
            ReusePort = section.Get(TcpKeys.ReusePort),
            Choice = section.Get(TcpKeys.Select),
            Exclusive = section.Get(TcpKeys.Exclusive),
            Backlog = section.Get(TcpKeys.Backlog),
            Does = section.Get(TcpKeys.Does),
            Service = section.Get(TcpKeys.Service),
            Read = (int)section.Get(TcpKeys.Read),
            Pause = section.Get(TcpKeys.Pause),
        };
        if (server.Exclusive && section.Get(TcpKeys.Io) is not (TcpIo.Epoll or TcpIo.EpollEdge))
            section.Faults.Add(section.PlaceOf(TcpKeys.Exclusive), "`exclusive` is EPOLLEXCLUSIVE: it needs `io: epoll`");
        if (server.Pause > Time.KernelTime.Zero && server.Does != TcpService.Discard)
            section.Faults.Add(section.PlaceOf(TcpKeys.Pause), "`pause` is for servers that discard: `does: discard`");
        return server;
    }
}
