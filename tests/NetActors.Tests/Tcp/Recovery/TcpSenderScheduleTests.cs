using CsCheck;
using NetActors.Headers;
using NetActors.Observe;
using NetActors.Sockets;
using NetActors.Tcp;
using NetActors.Time;

namespace NetActors.Tests.Tcp.Recovery;

/// <summary>
/// Random losses, delays, duplicates, marks, bursts and lost acknowledgements: nothing throws, counters agree, all arrives.
/// </summary>
public class TcpSenderScheduleTests
{
    [Fact]
    public void Any_schedule_keeps_the_counters_consistent_and_delivers_all() =>
        Gen.ULong.Sample(seed => new Schedule(seed).Run(), iter: 1500, threads: 1);

    [Theory]
    [InlineData("reno")]
    [InlineData("cubic")]
    [InlineData("dctcp")]
    [InlineData("bbr")]
    [InlineData("tahoe")]
    public void Each_algorithm_survives_a_hundred_schedules(string name)
    {
        for (ulong seed = 1; seed <= 100; seed++) new Schedule(seed, name).Run();
    }

    private sealed class Schedule
    {
        private const uint Isn = 0xffff_f000; // wraps around soon

        private readonly KernelRandom _random;
        private readonly ulong _seed;
        private readonly TcpSender _sender;
        private readonly SackReceiver _receiver = new(Isn + 1);
        private readonly PriorityQueue<Event, (long, int)> _events = new();
        private readonly double _loss, _reorder, _duplicate, _ackLoss, _mark;
        private readonly int _burst;
        private readonly int _total;
        private KernelTime _now = KernelTime.FromSeconds(1);
        private int _written;
        private int _order;
        private int _unacked;
        private uint _window = 1 << 20;

        internal Schedule(ulong seed, string? name = null)
        {
            _seed = seed;
            _random = new KernelRandom(seed);
            name ??= CongestionControls.Available[(int)_random.NextBelow(5)];
            Assert.Equal(Errno.None, CongestionControls.TryCreate(name, _random, out var congestion));
            _loss = _random.NextDouble() * 0.3;
            _reorder = _random.NextDouble() * 0.3;
            _duplicate = _random.NextDouble() * 0.1;
            _ackLoss = _random.NextDouble() * 0.3;
            _mark = _random.NextDouble() * 0.2;
            _burst = 1 + (int)_random.NextBelow(20);
            _total = 2000 + (int)_random.NextBelow(400_000);
            _sender = new TcpSender(Settings(), congestion!, new MibSet())
            {
                Mss = 500 + (int)_random.NextBelow(1000),
                SackEnabled = _random.Chance(0.7),
                TimestampsEnabled = _random.Chance(0.5),
                TimestampOffset = _random.NextUInt32(),
                EcnEnabled = _random.Chance(0.5),
            };
        }

        private TcpSenderSettings Settings() => new()
        {
            Jiffies = _random.Chance(0.5) ? Jiffies.Exact : Jiffies.Hz250,
            Frto = (int)_random.NextBelow(3),
            EarlyRetrans = _random.Chance(0.7) ? 3 : 0,
            Recovery = 1 | ((int)_random.NextBelow(4) << 1),
            ThinLinearTimeouts = _random.Chance(0.3),
        };

        internal void Run()
        {
            _sender.Start(Isn, _now);
            _sender.WriteSeq = Isn + 1;
            _sender.OnSent(Isn, Isn + 1, TcpFlags.Syn, _now);
            _now += KernelTime.FromMilliseconds(20);
            _sender.OnAck(new AckInput(7, Isn + 1, _window, 0, TcpFlags.Syn | TcpFlags.Ack, default), _now);
            _sender.SetWindow(_window, 7);
            _sender.OnEstablished(_now);
            for (var steps = 0; _receiver.RcvNxt != Isn + 1 + (uint)_total || _sender.SndUna != _receiver.RcvNxt; steps++)
            {
                Assert.True(steps < 200_000, $"seed {_seed} does not end: una {_sender.SndUna - Isn} of {_total}, {_sender.CaState}");
                Write();
                SendAll();
                Check();
                Step();
                Check();
            }

            _sender.Stop();
            Assert.True(_sender.Deadline.IsNever);
        }

        private void Write()
        {
            if (_written == _total || _sender.UnsentBytes > 100_000 || _random.Chance(0.3)) return;
            if (_written == 0 || _random.Chance(0.5)) _sender.OnIdle(_now);
            var bytes = Math.Min(_total - _written, 1 + (int)_random.NextBelow(_random.Chance(0.3) ? 300u : 30_000u));
            _sender.CheckAppLimited(hostQueueEmpty: true);
            _written += bytes;
            _sender.WriteSeq += (uint)bytes;
        }

        private void SendAll()
        {
            while (_sender.TryRetransmit(_now, _burst, out var again)) Transmit(again.Seq, again.EndSeq);
            var limited = false;
            while (_sender.UnsentBytes > 0 && TcpSeq.After(_sender.WindowEnd, _sender.SndNxt))
            {
                var quota = _sender.SendQuota(_now);
                limited = quota == 0;
                if (limited) break;
                SendNew(Math.Min(quota, _burst));
            }

            _sender.OnSendRound(limited, _now);
        }

        private void SendNew(int segments)
        {
            var room = Math.Min(_sender.UnsentBytes, _sender.WindowEnd - _sender.SndNxt);
            var end = _sender.SndNxt + Math.Min(room, (uint)(segments * _sender.Mss));
            var seq = _sender.SndNxt;
            _sender.OnSent(seq, end, TcpFlags.Ack, _now);
            Transmit(seq, end);
        }

        private void Transmit(uint seq, uint end)
        {
            Assert.True(TcpSeq.Before(seq, end));
            Assert.False(TcpSeq.After(end, _sender.SndNxt));
            while (seq != end)
            {
                var next = end - seq > _sender.Mss ? seq + (uint)_sender.Mss : end;
                Launch(new Event(seq, next, IsData: true, default, 0, Mark: _random.Chance(_mark), Echo: Stamp()), _loss);
                seq = next;
            }
        }

        private uint Stamp() => (uint)(_now.Nanoseconds / 1_000_000) + _sender.TimestampOffset;

        private void Launch(Event what, double loss)
        {
            var copies = _random.Chance(loss) ? 0 : _random.Chance(_duplicate) ? 2 : 1;
            for (; copies > 0; copies--)
            {
                var delay = 10_000_000 + (_random.Chance(_reorder) ? _random.NextBelow(40_000_000) : _random.NextBelow(1000));
                _events.Enqueue(what, (_now.Nanoseconds + delay, _order++));
            }
        }

        private void Step()
        {
            var deadline = _sender.Deadline;
            if (_events.TryPeek(out var what, out var due) && due.Item1 <= deadline.Nanoseconds)
            {
                _events.Dequeue();
                _now = KernelTime.Max(_now, KernelTime.FromNanoseconds(due.Item1));
                if (what.IsData) Receive(what);
                else Acknowledge(what);
                return;
            }

            if (deadline.IsNever)
            {
                Assert.True(_sender.PacketsOut == 0, $"seed {_seed}: segments are out and no timer runs");
                _now += KernelTime.FromMilliseconds(1);
                return;
            }

            _now = KernelTime.Max(_now, deadline);
            if ((_sender.OnDeadline(_now) & SenderTimerOutcome.ProbeWithNewData) == 0) return;
            SendNew(1);
            _sender.OnProbeSent(_now);
        }

        private void Receive(Event what)
        {
            var unusual = _receiver.Receive(what.Seq, what.End, out var duplicate);
            if (!unusual && ++_unacked < 2 && _random.Chance(0.5)) return;
            _unacked = 0;
            if (_random.Chance(0.02)) Disturb();
            if (_random.Chance(0.05)) _window = 3000 + _random.NextBelow(1 << 20);
            var options = _sender.SackEnabled ? _receiver.Options(duplicate) : default;
            if (_sender.TimestampsEnabled)
            {
                options.Present |= TcpOptionSet.Timestamps;
                options.TimestampEcho = what.Echo;
            }

            Launch(new Event(0, _receiver.RcvNxt, IsData: false, options, _window, what.Mark, 0), _ackLoss);
        }

        /// <summary>The path, the host or the application changes something.</summary>
        private void Disturb()
        {
            switch (_random.NextBelow(3))
            {
                case 0:
                    _sender.OnMtuReduced(Math.Max(_sender.Mss - (int)_random.NextBelow(100), 400), _now);
                    break;
                case 1:
                    _sender.OnLocalCongestion(_now);
                    break;
                default:
                    CongestionControls.TryCreate(CongestionControls.Available[(int)_random.NextBelow(5)], _random, out var other);
                    _sender.SetCongestionControl(other!, _now);
                    break;
            }
        }

        private void Acknowledge(Event what)
        {
            var flags = TcpFlags.Ack | (what.Mark ? TcpFlags.Ece : TcpFlags.None);
            _sender.OnAck(new AckInput(8, what.End, what.Window, 0, flags, what.Options) { MergedAcks = (int)_random.NextBelow(3) }, _now);
            _sender.TakeCwr();
        }

        private void Check()
        {
            var s = _sender;
            var text = $"seed {_seed}: out {s.PacketsOut} sacked {s.SackedOut} lost {s.LostOut} retrans {s.RetransOut} {s.CaState}";
            Assert.True(s.PacketsOut >= 0 && s.SackedOut >= 0 && s.LostOut >= 0 && s.RetransOut >= 0, text);
            Assert.True(s.SackedOut + s.LostOut <= s.PacketsOut, text);
            Assert.True(s.RetransOut <= s.PacketsOut, text);
            Assert.True(s.InFlight >= 0, text);
            Assert.False(TcpSeq.After(s.SndUna, s.SndNxt), text);
            Assert.False(TcpSeq.After(s.SndNxt, s.WriteSeq), text);
            Assert.True(s.Cwnd >= 1, text);
            Assert.True(s.Ssthresh >= 2, text);
            Assert.True(s.PacketsOut == 0 || !s.Deadline.IsNever, text);
            Assert.InRange(s.Rtt.Rto.Nanoseconds, 200_000_000, 120_000_000_000);
            s.VerifyCounts();
        }

        private sealed record Event(uint Seq, uint End, bool IsData, TcpOptions Options, uint Window, bool Mark, uint Echo);
    }
}
