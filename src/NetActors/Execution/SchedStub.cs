#pragma warning disable CA1822, CS9113
namespace NetActors.Execution;
internal sealed class SchedEntity(int nice) { public int Nice = nice; public long V; public long Seq; public TaskEntity? Task; }
internal sealed class FairRunQueue
{
    private readonly List<SchedEntity> _l = [];
    public int Count => _l.Count;
    public void Enqueue(SchedEntity e, bool wakeup) => _l.Add(e);
    public SchedEntity? PickNext() { if (_l.Count == 0) return null; var e = _l[0]; _l.RemoveAt(0); return e; }
    public void Account(SchedEntity e, long ns) => e.V += ns;
    public bool WakeupPreempts(SchedEntity c, SchedEntity w) => false;
    public long Slice(SchedEntity e) => 3_000_000;
}
