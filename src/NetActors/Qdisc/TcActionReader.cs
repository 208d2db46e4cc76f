namespace NetActors.Qdisc;

/// <summary>Reads an action behind its word (iproute2: tc/m_gact.c, m_mirred.c, m_skbedit.c).</summary>
internal static class TcActionReader
{
    public static void Read(TcWords words, TcFilter filter)
    {
        var name = words.Next();
        if (name == "gact") name = words.Next();
        switch (name)
        {
            case "ok" or "pass": filter.Actions.Add(new TcAction(TcActionKind.Ok)); break;
            case "drop" or "shot": filter.Actions.Add(new TcAction(TcActionKind.Drop)); break;
            case "continue": filter.Actions.Add(new TcAction(TcActionKind.Continue)); break;
            case "mirred": Mirred(words, filter); break;
            case "skbedit": Edit(words, filter); break;
            default: words.Unknown(name); break;
        }
    }

    private static void Mirred(TcWords words, TcFilter filter)
    {
        var ingress = words.Peek == "ingress";
        if (!words.Skip("ingress") && !words.Skip("egress")) words.Fail("mirred needs \"egress\" or \"ingress\"");
        var mirror = words.Peek == "mirror";
        if (!words.Skip("mirror") && !words.Skip("redirect")) words.Fail("mirred needs \"mirror\" or \"redirect\"");
        if (!words.Skip("dev")) words.Fail("mirred needs \"dev\" and a device");
        var device = words.Next();
        if (device.Length == 0) words.Fail("\"dev\" needs a device");
        filter.Actions.Add(new TcAction(mirror ? TcActionKind.Mirror : TcActionKind.Redirect) { Device = device, Ingress = ingress });
    }

    private static void Edit(TcWords words, TcFilter filter)
    {
        var action = new TcAction(TcActionKind.Edit);
        filter.Actions.Add(action);
        while (true)
        {
            if (words.Skip("queue_mapping")) action.QueueMapping = (ushort)words.Whole("queue_mapping", 0, 65534);
            else if (words.Skip("priority")) action.Priority = words.Handle("priority");
            else if (words.Skip("mark")) action.Mark = (uint)words.Whole("mark");
            else break;
        }

        if (action is { QueueMapping: null, Priority: null, Mark: null }) words.Fail("skbedit needs queue_mapping, priority or mark");
    }
}
