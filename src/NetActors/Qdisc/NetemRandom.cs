using NetActors.Time;

namespace NetActors.Qdisc;

/// <summary>Random numbers of which each depends on the last (kernel: <c>get_crandom</c>, net/sched/sch_netem.c).</summary>
internal struct NetemRandom
{
    private readonly uint _rho;
    private uint _last;

    /// <param name="rho">Correlation, a share of 2^32 - 1.</param>
    /// <param name="random">Where the numbers come from.</param>
    public NetemRandom(uint rho, KernelRandom random) => (_rho, _last) = (rho, random.NextUInt32());

    public uint Next(KernelRandom random)
    {
        var value = random.NextUInt32();
        if (_rho == 0) return value;
        var rho = (ulong)_rho + 1;
        _last = (uint)(((value * (UInt128)((1UL << 32) - rho)) + (_last * (UInt128)rho)) >> 32);
        return _last;
    }
}

/// <summary>The chain of states that loses packets (kernel: <c>loss_4state</c>, <c>loss_gilb_ell</c>).</summary>
internal struct NetemChain
{
    private const int TxInGap = 1, TxInBurst = 2, LostInGap = 3, LostInBurst = 4; // GOOD_STATE and BAD_STATE are 1 and 2
    private int _state;

    public static NetemChain Start() => new() { _state = 1 };

    /// <summary>The next packet is lost.</summary>
    public bool Loses(NetemSettings settings, KernelRandom random) =>
        settings.LossModel == NetemLossModel.FourStates ? FourStates(settings.Chain, random.NextUInt32()) : GilbertElliott(settings.Chain, random);

    private bool FourStates(uint[] a, uint rnd)
    {
        var (p13, p31, p32, p14, p23) = (a[0], a[1], a[2], a[3], a[4]);
        switch (_state)
        {
            case TxInGap:
                if (rnd < p14)
                {
                    _state = LostInGap;
                    return true;
                }

                if (rnd <= p14 || rnd >= (ulong)p13 + p14) return false;
                _state = LostInBurst;
                return true;
            case TxInBurst:
                if (rnd >= p23) return false;
                _state = LostInBurst;
                return true;
            case LostInBurst:
                if (rnd < p32)
                {
                    _state = TxInBurst;
                    return false;
                }

                if (rnd > p32 && rnd < (ulong)p31 + p32)
                {
                    _state = TxInGap;
                    return false;
                }

                return rnd > (ulong)p31 + p32;
            default:
                _state = TxInGap;
                return false;
        }
    }

    private bool GilbertElliott(uint[] a, KernelRandom random)
    {
        if (_state == 1)
        {
            if (random.NextUInt32() < a[0]) _state = 2;
            return random.NextUInt32() < a[3];
        }

        if (random.NextUInt32() < a[1]) _state = 1;
        return random.NextUInt32() > a[2];
    }
}
