using BenchmarkDotNet.Attributes;
using NetActors.Headers;
using NetActors.Nic;

namespace NetActors.Benchmarks;

/// <summary>The work on bytes: divide the size by the mean for GB/s.</summary>
[MemoryDiagnoser]
public class ByteBenchmarks
{
    private readonly byte[] _data = new byte[65536];
    private readonly Toeplitz _toeplitz = new(Toeplitz.CanonicalKey);

    /// <summary>Bytes summed or hashed.</summary>
    [Params(64, 1500, 65536)]
    public int Size { get; set; }

    [GlobalSetup]
    public void Fill()
    {
        for (var i = 0; i < _data.Length; i++) _data[i] = (byte)(i * 31);
    }

    /// <summary>RFC 1071 over <see cref="Size"/> bytes.</summary>
    [Benchmark]
    public ushort InternetChecksumOfBytes() => InternetChecksum.Compute(_data.AsSpan(0, Size));

    /// <summary>Toeplitz over 12-byte tuples, as many as <see cref="Size"/> holds.</summary>
    [Benchmark]
    public uint ToeplitzOfTuples()
    {
        var hash = 0u;
        for (var i = 0; i + 12 <= Size; i += 12) hash ^= _toeplitz.Hash(_data.AsSpan(i, 12));
        return hash;
    }
}
