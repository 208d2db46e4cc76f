using System.Globalization;
using System.Text;
using NetActors.Time;

namespace NetActors.Qdisc;

public sealed partial class Htb
{
    /// <inheritdoc />
    internal override IEnumerable<TcClass> Classes => _classes.Values.Select(Show);

    /// <inheritdoc />
    internal override void Configure(TcWords words, KernelTime now)
    {
        while (words.HasNext)
        {
            var option = words.Next();
            switch (option)
            {
                case "default": _default = (uint)words.Hex(option, 0xFFFF); break;
                case "r2q": _rate2Quantum = (int)words.Whole(option, 1, int.MaxValue); break;
                case "direct_qlen": _directLimit = (int)words.Whole(option, 0, int.MaxValue); break;
                default: words.Unknown(option); break;
            }
        }
    }

    /// <inheritdoc />
    internal override void AddClass(uint id, uint parentId, bool change, TcWords words, KernelTime now)
    {
        var exists = _classes.TryGetValue(id, out var old);
        HtbClass? parent = null;
        if (TcHandle.Minor(id) == 0) words.Fail("a class needs a number behind the colon");
        else if (exists && !change) words.Fail($"class {TcHandle.Format(id)} exists");
        else if (!exists && parentId != TcHandle.Root && parentId != Handle && !_classes.TryGetValue(parentId, out parent)) words.Fail($"there is no class {TcHandle.Format(parentId)}");
        if (words.Fault is not null || HtbClassSettings.Read(words, Context.LinkSpeed, _rate2Quantum) is not { } settings) return;
        if (exists)
        {
            old!.Settings = settings;
            old.Fill(now.Nanoseconds);
            return;
        }

        if (parent is { Level: 0 } && !MakeInner(parent, words)) return;
        var cl = new HtbClass(id, parent, settings) { Leaf = Adopt(new Fifo(Context, bytes: false), id) };
        cl.Fill(now.Nanoseconds);
        if (parent is not null) parent.Children++;
        _classes.Add(id, cl);
    }

    /// <inheritdoc />
    internal override void DeleteClass(uint id, TcWords words)
    {
        if (!_classes.TryGetValue(id, out var cl)) words.Fail($"there is no class {TcHandle.Format(id)}");
        else if (cl.Children > 0) words.Fail($"class {TcHandle.Format(id)} has classes below it");
        if (words.Fault is not null) return;
        Replace(cl!.Leaf!);
        Deactivate(cl);
        StopWaiting(cl);
        if (cl.Parent is { } parent) parent.Children--;
        _classes.Remove(id);
    }

    /// <inheritdoc />
    internal override TcFilters? FiltersOf(uint classId) => _classes.TryGetValue(classId, out var cl) ? cl.Filters ??= new TcFilters() : null;

    /// <inheritdoc />
    internal override QdiscBase? Graft(uint classId, QdiscBase child)
    {
        if (!_classes.TryGetValue(classId, out var cl) || cl.Leaf is not { } old) return null;
        Replace(old);
        Deactivate(cl);
        cl.Leaf = Adopt(child, classId);
        return old;
    }

    /// <inheritdoc />
    protected override void OnChildEmpty(uint classId)
    {
        if (_classes.TryGetValue(classId, out var cl)) Deactivate(cl);
    }

    /// <inheritdoc />
    internal override void DumpOptions(StringBuilder text) =>
        text.Append(CultureInfo.InvariantCulture, $"r2q {_rate2Quantum} default 0x{_default:x} direct_packets_stat {_directPackets} direct_qlen {_directLimit}");

    /// <summary>A leaf gets classes below it: it has no queue of its own any more (kernel: <c>htb_change_class</c>).</summary>
    private bool MakeInner(HtbClass cl, TcWords words)
    {
        var level = (cl.Parent?.Level ?? HtbClass.MaxDepth) - 1;
        if (level < 1)
        {
            words.Fail($"htb: no more than {HtbClass.MaxDepth} levels");
            return false;
        }

        Replace(cl.Leaf!);
        Deactivate(cl);
        StopWaiting(cl);
        (cl.Leaf, cl.Level, cl.Mode) = (null, level, HtbMode.CanSend);
        return true;
    }

    private TcClass Show(HtbClass cl)
    {
        var stats = new QdiscStats();
        stats.Add(cl.Stats);
        if (cl.Leaf is { } leaf) (stats.Backlog, stats.Qlen) = (leaf.Stats.Backlog, leaf.Stats.Qlen);
        return new TcClass(cl.Id, cl.Parent?.Id ?? TcHandle.Root, cl.Leaf, stats)
        {
            Options = text =>
            {
                var s = cl.Settings;
                if (cl.Level == 0) text.Append(CultureInfo.InvariantCulture, $"prio {s.Priority} ");
                text.Append(CultureInfo.InvariantCulture, $"rate {TcText.Rate(s.RateTable.BytesPerSecond)} ");
                if (s.RateTable.Overhead != 0) text.Append(CultureInfo.InvariantCulture, $"overhead {s.RateTable.Overhead} ");
                text.Append(CultureInfo.InvariantCulture, $"ceil {TcText.Rate(s.CeilTable.BytesPerSecond)} burst {Bytes(s.RateTable, s.Buffer)} cburst {Bytes(s.CeilTable, s.CeilBuffer)} ");
            },
            Xstats = text =>
            {
                text.Append(CultureInfo.InvariantCulture, $" lended: {cl.Lends} borrowed: {cl.Borrows} giants: {cl.Giants}\n");
                text.Append(CultureInfo.InvariantCulture, $" tokens: {(int)(cl.Tokens / PschedTicks.Nanoseconds)} ctokens: {(int)(cl.CeilTokens / PschedTicks.Nanoseconds)}");
            },
        };
    }

    private static string Bytes(PschedRate rate, long nanoseconds) =>
        TcText.Size(PschedTicks.Bytes(rate.BytesPerSecond, (uint)(nanoseconds / PschedTicks.Nanoseconds)));
}
