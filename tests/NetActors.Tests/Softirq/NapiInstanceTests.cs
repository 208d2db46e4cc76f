using NetActors.Softirq;
using NetActors.Time;

namespace NetActors.Tests.Softirq;

/// <summary>Specification sections 3.1, 3.2 and 3.5.</summary>
public sealed class NapiInstanceTests
{
    private static readonly KernelTime Timeout = KernelTime.FromMicroseconds(20);
    private readonly NapiInstance _napi = new(9000, "eth0-TxRx-0");

    [Fact]
    public void Idle_is_claimed_once()
    {
        Assert.True(_napi.SchedulePrep(KernelVersion.V6));
        Assert.True(_napi.Scheduled);
        Assert.False(_napi.Missed);
    }

    [Fact]
    public void Claimed_refuses_a_second_claim_and_6x_remembers_it()
    {
        _napi.SchedulePrep(KernelVersion.V6);
        Assert.False(_napi.SchedulePrep(KernelVersion.V6));
        Assert.True(_napi.Missed);
    }

    [Fact]
    public void Claimed_loses_a_second_claim_in_310()
    {
        _napi.SchedulePrep(KernelVersion.V310);
        Assert.False(_napi.SchedulePrep(KernelVersion.V310));
        Assert.False(_napi.Missed);
        Assert.Equal((NapiCompletion.Unmask, KernelTime.Zero), _napi.CompleteDone(3, KernelVersion.V310));
        Assert.False(_napi.Scheduled);
    }

    [Fact]
    public void Disabled_refuses()
    {
        _napi.Disabled = true;
        Assert.False(_napi.SchedulePrep(KernelVersion.V6));
        Assert.False(_napi.Scheduled || _napi.Missed);
    }

    [Fact]
    public void Complete_unmasks_and_gives_the_claim_up()
    {
        _napi.SchedulePrep(KernelVersion.V6);
        Assert.Equal((NapiCompletion.Unmask, KernelTime.Zero), _napi.CompleteDone(3, KernelVersion.V6));
        Assert.False(_napi.Scheduled);
    }

    [Fact]
    public void Complete_with_a_missed_claim_stays_claimed_and_starts_no_timer()
    {
        (_napi.DeferHardIrqs, _napi.GroFlushTimeout) = (2, Timeout);
        _napi.SchedulePrep(KernelVersion.V6);
        _napi.SchedulePrep(KernelVersion.V6);

        Assert.Equal((NapiCompletion.PollAgain, KernelTime.Zero), _napi.CompleteDone(3, KernelVersion.V6)); // step 5 returns before step 6
        Assert.True(_napi.Scheduled);
        Assert.False(_napi.Missed);
    }

    [Fact]
    public void Deferred_polls_so_often_by_timer_before_it_unmasks()
    {
        (_napi.DeferHardIrqs, _napi.GroFlushTimeout) = (3, Timeout);
        Assert.Equal((NapiCompletion.KeepMasked, Timeout), Complete(5));
        Assert.Equal((NapiCompletion.KeepMasked, Timeout), Complete(0));
        Assert.Equal((NapiCompletion.KeepMasked, Timeout), Complete(0));
        Assert.Equal((NapiCompletion.Unmask, KernelTime.Zero), Complete(0)); // after N empty polls
    }

    [Fact]
    public void Deferred_begins_anew_with_every_packet()
    {
        (_napi.DeferHardIrqs, _napi.GroFlushTimeout) = (1, Timeout);
        for (var i = 0; i < 5; i++) Assert.Equal(NapiCompletion.KeepMasked, Complete(1).Completion);
        Assert.Equal(NapiCompletion.Unmask, Complete(0).Completion);
    }

    [Fact]
    public void Deferral_without_a_timeout_has_no_effect()
    {
        _napi.DeferHardIrqs = 5;
        Assert.Equal((NapiCompletion.Unmask, KernelTime.Zero), Complete(5));
    }

    [Fact]
    public void V310_knows_no_deferral()
    {
        (_napi.DeferHardIrqs, _napi.GroFlushTimeout) = (5, Timeout);
        _napi.SchedulePrep(KernelVersion.V310);
        Assert.Equal((NapiCompletion.Unmask, KernelTime.Zero), _napi.CompleteDone(5, KernelVersion.V310));
    }

    private (NapiCompletion Completion, KernelTime Timer) Complete(int work)
    {
        _napi.SchedulePrep(KernelVersion.V6);
        return _napi.CompleteDone(work, KernelVersion.V6);
    }
}
