using System.Globalization;
using NetActors.Neighbours;
using NetActors.Sockets;
using NetActors.Time;

namespace NetActors.Tests.Neighbours;

public class NudMachineTests
{
    /// <summary>
    /// Every state (row) by every event (column), half a second after the state was entered; a deadline comes 1 ms late. A cell: the next
    /// state, what to do (T transmit, Q queue, S solicit, F send queue, X fail queue, A take address, N notify, ! EPERM), and in how many
    /// seconds the next deadline is.
    /// </summary>
    private const string Table = """
        state      | use             | deadline       | reply            | question      | other            | override      | weak          | fail         | admin           | confirm
        None       | Incomplete QS 1 | None . -       | Reachable FAN 30 | Stale FAN -   | Reachable FAN 30 | Stale FAN -   | Stale FAN -   | Failed . -   | Permanent FAN - | None . -
        Incomplete | Incomplete Q .5 | Incomplete S 1 | Reachable FAN 30 | Stale FAN -   | Reachable FAN 30 | Stale FAN -   | Stale FAN -   | Failed XN -  | Permanent FAN - | Incomplete . .5
        Reachable  | Reachable T 29.5 | Stale N -     | Reachable . 29.5 | Reachable . 29.5 | Reachable . 29.5 | Stale AN - | Stale N -     | Failed N -   | Permanent AN -  | Reachable . 29.5
        Stale      | Delay T 5       | Stale . -      | Reachable N 30   | Stale . -     | Stale . -        | Stale AN -    | Stale . -     | Failed N -   | Permanent AN -  | Stale . -
        Delay      | Delay T 4.5     | Probe SN 1     | Reachable N 30   | Delay . 4.5   | Delay . 4.5      | Stale AN -    | Delay . 4.5   | Failed N -   | Permanent AN -  | Delay . 4.5
        Probe      | Probe T .5      | Probe S 1      | Reachable N 30   | Probe . .5    | Probe . .5       | Stale AN -    | Probe . .5    | Failed XN -  | Permanent AN -  | Probe . .5
        Failed     | Incomplete QS 1 | Failed . -     | Reachable FAN 30 | Stale FAN -   | Reachable FAN 30 | Stale FAN -   | Stale FAN -   | Failed . -   | Permanent FAN - | Failed . -
        NoArp      | NoArp T -       | NoArp . -      | NoArp ! -        | NoArp ! -     | NoArp ! -        | NoArp ! -     | NoArp ! -     | NoArp ! -    | Permanent AN -  | NoArp . -
        Permanent  | Permanent T -   | Permanent . -  | Permanent ! -    | Permanent ! - | Permanent ! -    | Permanent ! - | Permanent ! - | Permanent ! - | Permanent AN - | Permanent . -
        """;

    public static TheoryData<NudState, string, string> Cells()
    {
        var cells = new TheoryData<NudState, string, string>();
        var rows = Table.Split('\n', StringSplitOptions.TrimEntries);
        var events = rows[0].Split('|', StringSplitOptions.TrimEntries);
        foreach (var row in rows[1..])
        {
            var columns = row.Split('|', StringSplitOptions.TrimEntries);
            for (var i = 1; i < columns.Length; i++) cells.Add(Enum.Parse<NudState>(columns[0]), events[i], columns[i]);
        }

        return cells;
    }

    [Theory]
    [MemberData(nameof(Cells))]
    public void Each_state_answers_each_event_as_Linux_does(NudState state, string happening, string expected)
    {
        var nud = NudMachines.In(state);
        var now = happening == "deadline" && !nud.Deadline.IsNever
            ? nud.Deadline + KernelTime.FromMilliseconds(1)
            : NudMachines.Entered + KernelTime.FromMilliseconds(500);
        var known = state.In(NudStates.Valid) ? LinkAddressNews.Same : LinkAddressNews.Different;
        var error = Errno.None;
        var effects = happening switch
        {
            "use" => nud.OnUse(now),
            "deadline" => nud.OnDeadline(now),
            "reply" => nud.OnUpdate(NudState.Reachable, known, NudUpdateFlags.Override, now, out error),
            "question" => nud.OnUpdate(NudState.Stale, known, NudUpdateFlags.Override, now, out error),
            "other" => nud.OnUpdate(NudState.Reachable, LinkAddressNews.Different, NudUpdateFlags.None, now, out error),
            "override" => nud.OnUpdate(NudState.Stale, LinkAddressNews.Different, NudUpdateFlags.Override, now, out error),
            "weak" => nud.OnUpdate(NudState.Stale, LinkAddressNews.Different, NudUpdateFlags.WeakOverride, now, out error),
            "fail" => nud.OnUpdate(NudState.Failed, LinkAddressNews.Absent, NudUpdateFlags.None, now, out error),
            "admin" => nud.OnUpdate(
                NudState.Permanent, LinkAddressNews.Different, NudUpdateFlags.Override | NudUpdateFlags.Admin, now, out error),
            _ => Confirm(nud, now),
        };

        var cell = expected.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(Enum.Parse<NudState>(cell[0]), nud.State);
        Assert.Equal(cell[1] == "!" ? Errno.EPERM : Errno.None, error);
        Assert.Equal(Effects(cell[1]), effects);
        var deadline = cell[2] == "-" ? KernelTime.Never
            : now + KernelTime.FromSeconds(double.Parse(cell[2], CultureInfo.InvariantCulture));
        Assert.Equal(deadline, nud.Deadline);
    }

    [Fact]
    public void Incomplete_asks_three_times_then_fails_and_drops_its_queue()
    {
        var nud = NudMachines.In(NudState.None);
        var now = NudMachines.Entered;
        Assert.Equal(NudEffects.Solicit | NudEffects.Queue, nud.OnUse(now));
        for (var probe = 2; probe <= 3; probe++)
        {
            Assert.Equal(NudEffects.Solicit, nud.OnDeadline(now = nud.Deadline));
            Assert.Equal(NudProbeKind.Broadcast, nud.ProbeKind);
        }

        Assert.Equal(NudEffects.FailQueue | NudEffects.Notify, nud.OnDeadline(now = nud.Deadline));
        Assert.Equal(NudState.Failed, nud.State);
        Assert.Equal(NudMachines.Entered + KernelTime.FromSeconds(3), now);
    }

    [Fact]
    public void Probe_asks_three_times_by_unicast_then_fails()
    {
        var nud = NudMachines.In(NudState.Probe);
        for (var probe = 2; probe <= 3; probe++)
        {
            Assert.Equal(NudProbeKind.Unicast, nud.ProbeKind);
            Assert.Equal(NudEffects.Solicit, nud.OnDeadline(nud.Deadline));
        }

        Assert.Equal(NudEffects.FailQueue | NudEffects.Notify, nud.OnDeadline(nud.Deadline));
        Assert.Equal(NudState.Failed, nud.State);
    }

    [Fact]
    public void Probe_goes_on_by_application_and_broadcast_when_told_to()
    {
        var nud = NudMachines.In(NudState.Probe, new NudParms { UcastSolicit = 1, AppSolicit = 1, McastResolicit = 1 });
        Assert.Equal(NudProbeKind.Unicast, nud.ProbeKind);
        nud.OnDeadline(nud.Deadline);
        Assert.Equal(NudProbeKind.Application, nud.ProbeKind);
        nud.OnDeadline(nud.Deadline);
        Assert.Equal(NudProbeKind.Broadcast, nud.ProbeKind);
        nud.OnDeadline(nud.Deadline);
        Assert.Equal(NudState.Failed, nud.State);
    }

    [Fact]
    public void Reachable_lasts_as_long_as_it_is_confirmed()
    {
        var nud = NudMachines.In(NudState.Reachable);
        nud.OnConfirm(NudMachines.Entered + KernelTime.FromSeconds(20));
        Assert.Equal(NudEffects.None, nud.OnDeadline(nud.Deadline));
        Assert.Equal(NudState.Reachable, nud.State);
        Assert.Equal(NudMachines.Entered + KernelTime.FromSeconds(50), nud.Deadline);
    }

    [Fact]
    public void Reachable_in_use_goes_to_delay_without_notice()
    {
        var nud = NudMachines.In(NudState.Reachable);
        nud.OnUse(NudMachines.Entered + KernelTime.FromSeconds(28));
        var late = nud.Deadline + KernelTime.FromMilliseconds(1);
        Assert.Equal(NudEffects.None, nud.OnDeadline(late));
        Assert.Equal((NudState.Delay, late + KernelTime.FromSeconds(5)), (nud.State, nud.Deadline));
    }

    [Fact]
    public void Delay_confirmed_from_above_is_reachable_again()
    {
        var nud = NudMachines.In(NudState.Delay);
        var confirmed = NudMachines.Entered + KernelTime.FromSeconds(2);
        nud.OnConfirm(confirmed);
        Assert.Equal(NudEffects.Notify, nud.OnDeadline(nud.Deadline));
        Assert.Equal((NudState.Reachable, confirmed + KernelTime.FromSeconds(30)), (nud.State, nud.Deadline));
    }

    [Fact]
    public void Nothing_to_solicit_with_fails_at_once()
    {
        var nud = NudMachines.In(NudState.None, new NudParms { McastSolicit = 0 });
        Assert.Equal(NudEffects.DropFailed, nud.OnUse(NudMachines.Entered));
        Assert.Equal((NudState.Failed, KernelTime.Never), (nud.State, nud.Deadline));
    }

    [Fact]
    public void An_update_without_address_needs_a_known_one()
    {
        NudMachines.In(NudState.Incomplete).OnUpdate(
            NudState.Reachable, LinkAddressNews.Absent, NudUpdateFlags.None, NudMachines.Entered, out var error);
        Assert.Equal(Errno.EINVAL, error);
    }

    [Fact]
    public void The_first_answer_wins_for_locktime()
    {
        var nud = NudMachines.In(NudState.Reachable);
        Assert.False(nud.MayOverride(NudMachines.Entered + KernelTime.FromSeconds(1)));
        Assert.True(nud.MayOverride(NudMachines.Entered + KernelTime.FromSeconds(1.001)));
    }

    [Theory]
    [InlineData(0u, 15.0)]
    [InlineData(0x8000_0000u, 30.0)]
    [InlineData(uint.MaxValue, 45.0)]
    public void The_reachable_time_is_random_between_half_and_one_and_a_half(uint random, double seconds) =>
        Assert.Equal(seconds, NudParms.RandomReachableTime(KernelTime.FromSeconds(30), random).Seconds, 6);

    private static NudEffects Confirm(NudMachine nud, KernelTime now)
    {
        nud.OnConfirm(now);
        return NudEffects.None;
    }

    private static NudEffects Effects(string letters) => letters.Aggregate(NudEffects.None, (all, letter) => all | letter switch
    {
        'T' => NudEffects.Transmit,
        'Q' => NudEffects.Queue,
        'S' => NudEffects.Solicit,
        'F' => NudEffects.SendQueue,
        'X' => NudEffects.FailQueue,
        'A' => NudEffects.TakeAddress,
        'N' => NudEffects.Notify,
        _ => NudEffects.None,
    });
}
