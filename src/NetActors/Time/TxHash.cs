namespace NetActors.Time;

/// <summary>A random flow hash for what a socket sends (kernel: <c>net_tx_rndhash</c>): never 0.</summary>
internal static class TxHash
{
    private const uint GoldenRatio32 = 0x9E3779B9;

    /// <summary>The hash that follows from random bits, or from the hash before: the same bits give the same (finalizer of MurmurHash3).</summary>
    public static uint Of(uint bits)
    {
        bits += GoldenRatio32;
        bits = (bits ^ (bits >> 16)) * 0x85EBCA6B;
        bits = (bits ^ (bits >> 13)) * 0xC2B2AE35;
        bits ^= bits >> 16;
        return bits == 0 ? 1 : bits;
    }
}
