using NetActors.Buffers;
using NetActors.Time;

namespace NetActors.Qdisc;

/// <summary>
/// The qdiscs of a device: the root, the one that each transmit queue gives its packets to, and the filters before them (kernel:
/// <c>dev-&gt;qdisc</c>, <c>netdev_queue-&gt;qdisc</c>, the clsact hooks). Changed by commands of tc.
/// </summary>
internal sealed class DeviceQdiscs
{
    private readonly QdiscContext[] _contexts;
    private readonly string _default;
    private uint _nextHandle = 0x80000000;

    /// <summary>The default of a device with so many transmit queues (kernel: <c>attach_default_qdiscs</c>).</summary>
    /// <param name="device">Its name.</param>
    /// <param name="contexts">One for each transmit queue; the first serves a root that all share.</param>
    /// <param name="defaultKind"><c>net.core.default_qdisc</c>.</param>
    public DeviceQdiscs(string device, QdiscContext[] contexts, string defaultKind)
    {
        (Device, _contexts, _default) = (device, contexts, defaultKind);
        Root = Mark(MakeDefault());
        Active = ActiveOf(Root);
    }

    public string Device { get; }

    /// <summary>The root (kernel: <c>dev-&gt;qdisc</c>).</summary>
    public QdiscBase Root { get; private set; }

    /// <summary>The qdisc of each transmit queue; the root in all places unless it holds one for each.</summary>
    public QdiscBase[] Active { get; private set; }

    public IReadOnlyList<QdiscContext> Contexts => _contexts;

    /// <summary>Filters of packets that come in; null without a hook.</summary>
    public TcFilters? Ingress { get; private set; }

    /// <summary>Filters of packets that go out, before the queue is chosen; null without a hook.</summary>
    public TcFilters? Egress { get; private set; }

    /// <summary>The hook's kind: <c>ingress</c>, <c>clsact</c>; null for none.</summary>
    public string? Hook { get; private set; }

    /// <summary>Packets of all of them.</summary>
    public int Length => Root.Summary.Qlen;

    /// <summary>Does what a command of tc says (<c>tc qdisc|class|filter ...</c>). What is wrong; null when nothing is.</summary>
    public string? Apply(string command, KernelTime now) => Apply(command, now, out _);

    /// <summary>The same, and where in the command the fault is.</summary>
    public string? Apply(string command, KernelTime now, out int faultAt)
    {
        var words = new TcWords(command);
        words.Skip("tc");
        switch (words.Next())
        {
            case "qdisc": ApplyQdisc(words, now); break;
            case "class": ApplyClass(words, now); break;
            case "filter": ApplyFilter(words); break;
            case var other: words.Fail($"\"{other}\" is not one of qdisc, class, filter"); break;
        }

        faultAt = words.FaultAt;
        return words.Fault;
    }

    /// <summary>Frees all that waits.</summary>
    public void Reset(SkbDropReason reason) => Root.Reset(reason);

    private void ApplyQdisc(TcWords words, KernelTime now)
    {
        var verb = Verb(words);
        var (parentId, handle, hook) = (TcHandle.None, 0u, "");
        while (words.HasNext)
        {
            if (words.Skip("root")) parentId = TcHandle.Root;
            else if (words.Skip("parent")) parentId = words.Handle("parent");
            else if (words.Skip("handle")) handle = TcHandle.Major(words.Handle("handle"));
            else if (words.Peek is "ingress" or "clsact") hook = words.Next();
            else break;
        }

        if (words.Fault is not null) return;
        if (hook.Length > 0) ApplyHook(words, verb, hook);
        else if (parentId == TcHandle.None) words.Fail("a qdisc needs \"root\" or \"parent\"");
        else if (verb == "del") Delete(words, parentId);
        else if (words.Peek.Length == 0) words.Fail("a qdisc needs a kind: " + string.Join(", ", QdiscKinds.Names));
        else if (verb == "change") Change(words, parentId, now);
        else Add(words, verb, parentId, handle, now);
    }

    private void ApplyHook(TcWords words, string verb, string hook)
    {
        if (words.HasNext) words.Unknown(words.Next());
        else if (verb == "add" && Hook is not null) words.Fail($"there is a hook already: {Hook}");
        else if (verb == "del" && Hook != hook) words.Fail($"there is no {hook}");
        if (words.Fault is not null) return;
        var on = verb != "del";
        (Hook, Ingress, Egress) = (on ? hook : null, on ? new TcFilters() : null, on && hook == "clsact" ? new TcFilters() : null);
    }

    private void Add(TcWords words, string verb, uint parentId, uint handle, KernelTime now)
    {
        var kind = words.Next();
        var parent = parentId == TcHandle.Root ? null : Find(TcHandle.Major(parentId));
        if (parentId != TcHandle.Root && parent is null) words.Fail($"there is no qdisc {TcHandle.Format(TcHandle.Major(parentId))}");
        else if (parentId == TcHandle.Root && verb == "add" && Root.Handle != 0) words.Fail("there is a root already: use replace");
        else if (handle != 0 && Find(handle) is { } other && (verb == "add" || other.ParentId != parentId)) words.Fail($"the handle {TcHandle.Format(handle)} is in use");
        if (words.Fault is not null) return;
        var context = parent is null ? _contexts[0] : ContextBelow(parent, parentId);
        if (context is null)
        {
            words.Fail($"there is no class {TcHandle.Format(parentId)}");
            return;
        }

        var qdisc = Create(kind, context, parent is null, words);
        if (qdisc is null) return;
        qdisc.SetHandle(handle != 0 ? handle : NewHandle());
        qdisc.Configure(words, now);
        if (words.Fault is not null) return;
        if (parent is not null)
        {
            if (parent.Graft(parentId, qdisc) is null) words.Fail($"there is no class {TcHandle.Format(parentId)} for a qdisc");
            else Active = ActiveOf(Root);
            return;
        }

        SetRoot(qdisc);
    }

    private void Change(TcWords words, uint parentId, KernelTime now)
    {
        var qdisc = parentId == TcHandle.Root ? Root : All(Root).FirstOrDefault(q => q.ParentId == parentId);
        var kind = words.Next();
        if (qdisc is null || qdisc.Handle == 0) words.Fail("there is no such qdisc to change");
        else if (qdisc.Kind != kind) words.Fail($"the qdisc there is {qdisc.Kind}, not {kind}");
        else qdisc.Configure(words, now);
    }

    private void Delete(TcWords words, uint parentId)
    {
        if (parentId == TcHandle.Root)
        {
            if (Root.Handle == 0) words.Fail("cannot delete the default qdisc");
            else SetRoot(MakeDefault());
            return;
        }

        var parent = Find(TcHandle.Major(parentId));
        var context = parent is null ? null : ContextBelow(parent, parentId);
        if (context is null || parent!.Graft(parentId, new Fifo(context, bytes: false)) is null) words.Fail($"there is no qdisc below {TcHandle.Format(parentId)}");
        else Active = ActiveOf(Root);
    }

    private void ApplyClass(TcWords words, KernelTime now)
    {
        var verb = Verb(words);
        var (parentId, id) = (TcHandle.None, TcHandle.None);
        while (words.HasNext)
        {
            if (words.Skip("root")) parentId = TcHandle.Root;
            else if (words.Skip("parent")) parentId = words.Handle("parent");
            else if (words.Skip("classid")) id = words.Handle("classid");
            else break;
        }

        if (words.Fault is not null) return;
        var qdisc = Find(TcHandle.Major(id));
        if (id == TcHandle.None) words.Fail("a class needs \"classid\"");
        else if (qdisc is null) words.Fail($"there is no qdisc {TcHandle.Format(TcHandle.Major(id))}");
        else if (verb == "del") qdisc.DeleteClass(id, words);
        else if (words.Next() is var kind && kind != qdisc.Kind) words.Fail($"the class is of {qdisc.Kind}, not of \"{kind}\"");
        else if (parentId == TcHandle.None && verb != "change") words.Fail("a class needs \"parent\"");
        else qdisc.AddClass(id, parentId, verb is "change" or "replace", words, now);
    }

    private void ApplyFilter(TcWords words)
    {
        var verb = Verb(words);
        var where = words.Next();
        var filters = where switch
        {
            "ingress" => Ingress,
            "egress" => Egress,
            "root" => FiltersOf(Root),
            "parent" when words.Handle("parent") is var parent => parent == 0xFFFF0000 ? Ingress : Find(TcHandle.Major(parent)) is not { } q ? null
                : TcHandle.Minor(parent) == 0 ? FiltersOf(q) : q.FiltersOf(parent),
            _ => null,
        };
        if (words.Fault is not null) return;
        if (filters is null) words.Fail(where is "ingress" or "egress" ? $"there is no hook for {where}: add clsact first" : "a filter needs \"parent\" and a qdisc that is there, or a hook");
        else if (verb == "del") Remove(words, filters);
        else if (TcFilterReader.Read(words, filters) is { } filter) filters.Add(filter);
    }

    private static void Remove(TcWords words, TcFilters filters)
    {
        uint? preference = null;
        if (words.Peek is "prio" or "pref") preference = (uint)words.Whole(words.Next(), 1, 65535);
        if (words.HasNext) words.Unknown(words.Next());
        else if (words.Fault is null && !filters.Remove(preference)) words.Fail("there is no such filter");
    }

    private static TcFilters FiltersOf(QdiscBase qdisc) => qdisc.Filters ??= new TcFilters();

    /// <summary>The verb, and the device, which has to be this one.</summary>
    private string Verb(TcWords words)
    {
        var verb = words.Next();
        if (verb is "delete") verb = "del";
        if (verb is not ("add" or "replace" or "change" or "del")) words.Fail($"\"{verb}\" is not one of add, replace, change, del");
        else if (!words.Skip("dev")) words.Fail("\"dev\" and the device come behind the verb");
        else if (words.Next() is var device && device != Device) words.Fail($"\"{device}\" is not this device, {Device}");
        return verb;
    }

    private QdiscBase? Create(string kind, QdiscContext context, bool isRoot, TcWords words)
    {
        if (kind is "mq" or "mqprio")
        {
            if (!isRoot) words.Fail($"{kind} can only be the root");
            else if (kind == "mq") return new Mq(context, DefaultChildren());
            else return new Mqprio(context, DefaultChildren());
            return null;
        }

        var qdisc = QdiscKinds.Create(kind, context);
        if (qdisc is null) words.Fail($"\"{kind}\" is not a qdisc: {string.Join(", ", QdiscKinds.Names)}");
        return qdisc;
    }

    private void SetRoot(QdiscBase root)
    {
        Root.Reset();
        foreach (var context in _contexts) context.ClearWatchdog();
        Root = Mark(root);
        Active = ActiveOf(root);
    }

    /// <summary>All packets of a root go to one queue where there is but one (kernel: <c>qdisc_create</c>).</summary>
    private QdiscBase Mark(QdiscBase root)
    {
        if (_contexts.Length == 1) root.Flags |= QdiscFlags.OneTxQueue;
        return root;
    }

    private QdiscBase MakeDefault() => _contexts.Length == 1
        ? QdiscKinds.Create(_default, _contexts[0])!
        : new Mq(_contexts[0], DefaultChildren());

    private QdiscBase[] DefaultChildren() => [.. _contexts.Select(c => QdiscKinds.Create(_default, c)!)];

    private QdiscBase[] ActiveOf(QdiscBase root) => root is Mq mq ? [.. mq.Queues] : [.. Enumerable.Repeat(root, _contexts.Length)];

    private QdiscContext? ContextBelow(QdiscBase parent, uint classId)
    {
        if (parent is not Mq) return parent.Context;
        var queue = (int)TcHandle.Minor(classId) - 1;
        return queue >= 0 && queue < _contexts.Length ? _contexts[queue] : null;
    }

    private QdiscBase? Find(uint handle) => handle == 0 ? null : All(Root).FirstOrDefault(q => q.Handle == handle);

    private uint NewHandle()
    {
        do _nextHandle += 0x10000;
        while (Find(_nextHandle) is not null);
        return _nextHandle;
    }

    /// <summary>A qdisc and all below it, the way they hang.</summary>
    public static IEnumerable<QdiscBase> All(QdiscBase qdisc)
    {
        yield return qdisc;
        var classes = qdisc is Mq ? qdisc.Classes.Reverse() : qdisc.Classes; // tc shows queues so
        foreach (var child in classes)
        {
            if (child.Leaf is null) continue;
            foreach (var below in All(child.Leaf)) yield return below;
        }
    }
}
