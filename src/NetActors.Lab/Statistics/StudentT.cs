namespace NetActors.Lab.Statistics;

/// <summary>Student's t: how wide an interval must be so that it covers the true mean 95 times in 100, whatever the number of samples.</summary>
internal static class StudentT
{
    // Two-sided 95 %, degrees of freedom 1 to 30 (any table of the distribution).
    private static readonly double[] Table =
    [
        12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160, 2.145, 2.131, 2.120, 2.110, 2.101, 2.093, 2.086,
        2.080, 2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 2.042,
    ];

    /// <summary>The quantile for <paramref name="freedom"/> degrees of freedom, right to a thousandth.</summary>
    public static double Quantile95(int freedom)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(freedom, 1);
        if (freedom <= Table.Length) return Table[freedom - 1];

        // Cornish and Fisher's expansion about the normal quantile (Abramowitz and Stegun 26.7.5).
        const double Z = 1.959964;
        var (z3, z5) = (Z * Z * Z, Z * Z * Z * Z * Z);
        return Z + ((z3 + Z) / (4.0 * freedom)) + (((5 * z5) + (16 * z3) + (3 * Z)) / (96.0 * freedom * freedom));
    }
}
