namespace NetActors.Qdisc;

public sealed partial class Htb
{
    /// <summary>Charges a class and those above for what went (kernel: <c>htb_charge_class</c>).</summary>
    private void Charge(HtbClass leaf, int level, int bytes)
    {
        for (var cl = leaf; cl is not null; cl = cl.Parent)
        {
            if (cl.Level == level) cl.Lends++;
            else if (cl.Level < level) cl.Borrows++;
            cl.Charge(_now, bytes, own: cl.Level >= level);
            var (old, wait) = (cl.Mode, 0L);
            ChangeMode(cl, ref wait);
            if (old != cl.Mode)
            {
                if (old != HtbMode.CanSend) StopWaiting(cl);
                if (cl.Mode != HtbMode.CanSend) WaitFor(cl, wait);
            }

            if (cl.Level == 0) continue;
            cl.Stats.Bytes += bytes;
            cl.Stats.Packets++;
        }
    }

    /// <summary>Changes the modes that are due at a level. When the next is due (kernel: <c>htb_do_events</c>).</summary>
    private long DoEvents(int level)
    {
        var events = _events[level];
        while (events.First is { } cl)
        {
            if (cl.EventAt > _now) return cl.EventAt;
            events.Take();
            cl.IsWaiting = false;
            var wait = cl.Since(_now);
            ChangeMode(cl, ref wait);
            if (cl.Mode != HtbMode.CanSend) WaitFor(cl, wait);
        }

        return _now + Second;
    }

    private void ChangeMode(HtbClass cl, ref long wait)
    {
        var mode = cl.ModeAfter(ref wait);
        if (mode == cl.Mode) return;
        if (mode == HtbMode.CantSend)
        {
            cl.Stats.Overlimits++;
            Stats.Overlimits++;
        }

        if (cl.ActivePriorities == 0)
        {
            cl.Mode = mode;
            return;
        }

        if (cl.Mode != HtbMode.CantSend) DeactivatePriorities(cl);
        cl.Mode = mode;
        if (mode != HtbMode.CantSend) ActivatePriorities(cl);
    }

    private void WaitFor(HtbClass cl, long wait)
    {
        cl.EventAt = Math.Max(_now + wait, _now + 1);
        cl.IsWaiting = true;
        _events[cl.Level].Add(cl.EventAt, cl);
        _nearEvent[cl.Level] = Math.Min(_nearEvent[cl.Level], cl.EventAt);
    }

    private void StopWaiting(HtbClass cl)
    {
        if (cl.IsWaiting) _events[cl.Level].Remove(cl);
        cl.IsWaiting = false;
    }

    private void Activate(HtbClass leaf)
    {
        if (leaf.ActivePriorities != 0) return;
        leaf.ActivePriorities = 1u << leaf.Settings.Priority;
        ActivatePriorities(leaf);
    }

    private void Deactivate(HtbClass leaf)
    {
        if (leaf.ActivePriorities == 0) return;
        DeactivatePriorities(leaf);
        leaf.ActivePriorities = 0;
    }

    /// <summary>Puts a class into the feeds above it, or into its row (kernel: <c>htb_activate_prios</c>).</summary>
    private void ActivatePriorities(HtbClass cl)
    {
        var mask = cl.ActivePriorities;
        while (cl.Mode == HtbMode.MayBorrow && cl.Parent is { } parent && mask != 0)
        {
            var added = mask;
            for (var prio = 0; prio < HtbClass.Priorities; prio++)
            {
                if ((added & (1u << prio)) == 0) continue;
                if (parent.Feeds[prio].Count > 0) mask &= ~(1u << prio); // the parent is in use already
                parent.Feeds[prio].Add(cl);
            }

            parent.ActivePriorities |= mask;
            cl = parent;
        }

        if (cl.Mode != HtbMode.CanSend) return;
        _rowMask[cl.Level] |= mask;
        for (var prio = 0; prio < HtbClass.Priorities; prio++)
        {
            if ((mask & (1u << prio)) != 0) _rows[cl.Level, prio].Add(cl);
        }
    }

    /// <summary>Takes a class out of feeds and rows; its mode is the old one still (kernel: <c>htb_deactivate_prios</c>).</summary>
    private void DeactivatePriorities(HtbClass cl)
    {
        var mask = cl.ActivePriorities;
        while (cl.Mode == HtbMode.MayBorrow && cl.Parent is { } parent && mask != 0)
        {
            var removed = mask;
            mask = 0;
            for (var prio = 0; prio < HtbClass.Priorities; prio++)
            {
                if ((removed & (1u << prio)) == 0) continue;
                parent.Feeds[prio].RemoveFromFeed(cl);
                if (parent.Feeds[prio].Count == 0) mask |= 1u << prio;
            }

            parent.ActivePriorities &= ~mask;
            cl = parent;
        }

        if (cl.Mode != HtbMode.CanSend) return;
        for (var prio = 0; prio < HtbClass.Priorities; prio++)
        {
            if ((mask & (1u << prio)) == 0) continue;
            _rows[cl.Level, prio].RemoveFromRow(cl);
            if (_rows[cl.Level, prio].Count == 0) _rowMask[cl.Level] &= ~(1u << prio);
        }
    }
}
