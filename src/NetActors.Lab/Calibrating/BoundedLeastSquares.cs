namespace NetActors.Lab.Calibrating;

/// <summary>
/// Least squares within bounds by Levenberg and Marquardt's method with differences for derivatives; a variable at its bound that would leave
/// it is held. Deterministic: the same function gives the same steps.
/// </summary>
internal static class BoundedLeastSquares
{
    private const double Step = 0.08; // for differences: a simulation answers in jumps, so not too small
    private const double Enough = 0.01; // an iteration that gains less than this share is the last
    private const int Tries = 5;

    /// <summary>Where the sum of squares is least, as far as <paramref name="iterations"/> come.</summary>
    /// <param name="residuals">Residuals at each of several points, which may be worked out at once.</param>
    /// <param name="begin">Where to begin.</param>
    /// <param name="least">Lower bounds.</param>
    /// <param name="most">Upper bounds.</param>
    /// <param name="iterations">Most iterations.</param>
    public static double[] Minimise(
        Func<IReadOnlyList<double[]>, IReadOnlyList<double[]>> residuals, double[] begin, double[] least, double[] most, int iterations)
    {
        var at = Clamp(begin, least, most);
        var here = residuals([at])[0];
        var damping = 0.1;
        for (var iteration = 0; iteration < iterations; iteration++)
        {
            var slopes = Slopes(residuals, at, here, most);
            var before = Squares(here);
            var found = false;
            for (var i = 0; i < Tries && !found; i++)
            {
                var next = Clamp([.. at.Zip(Solve(slopes, here, at, least, most, damping), (x, d) => x + d)], least, most);
                var there = residuals([next])[0];
                found = Squares(there) < before;
                if (found) (at, here) = (next, there);
                damping = found ? damping / 4 : damping * 6;
            }

            if (!found || before - Squares(here) < Enough * before) break;
        }

        return at;
    }

    private static double Squares(double[] values) => values.Sum(v => v * v);

    private static double[] Clamp(double[] x, double[] least, double[] most) => [.. x.Select((v, i) => Math.Clamp(v, least[i], most[i]))];

    /// <summary>By variable, how each residual changes with it.</summary>
    private static double[][] Slopes(Func<IReadOnlyList<double[]>, IReadOnlyList<double[]>> residuals, double[] at, double[] here, double[] most)
    {
        var steps = at.Select((x, i) => x + Step <= most[i] ? Step : -Step).ToArray();
        var points = steps.Select((step, i) => at.Select((x, j) => j == i ? x + step : x).ToArray()).ToList();
        return [.. residuals(points).Select((moved, i) => moved.Zip(here, (m, h) => (m - h) / steps[i]).ToArray())];
    }

    /// <summary>The damped step of the free variables; the others stay.</summary>
    private static double[] Solve(double[][] slopes, double[] here, double[] at, double[] least, double[] most, double damping)
    {
        var n = slopes.Length;
        var (matrix, right) = (new double[n][], new double[n]);
        for (var i = 0; i < n; i++)
        {
            right[i] = -Dot(slopes[i], here);
            matrix[i] = [.. slopes.Select(s => Dot(slopes[i], s))];
            matrix[i][i] += (damping * matrix[i][i]) + 1e-9;
        }

        for (var i = 0; i < n; i++)
        {
            if ((at[i] > least[i] || right[i] > 0) && (at[i] < most[i] || right[i] < 0)) continue;
            for (var j = 0; j < n; j++) matrix[i][j] = matrix[j][i] = i == j ? 1 : 0;
            right[i] = 0;
        }

        return Eliminate(matrix, right);
    }

    private static double Dot(double[] a, double[] b) => a.Zip(b, (x, y) => x * y).Sum();

    /// <summary>Gauss with pivots; the matrix is symmetric and positive by the damping.</summary>
    private static double[] Eliminate(double[][] matrix, double[] right)
    {
        var n = right.Length;
        for (var column = 0; column < n; column++)
        {
            var pivot = Enumerable.Range(column, n - column).MaxBy(row => Math.Abs(matrix[row][column]));
            (matrix[column], matrix[pivot]) = (matrix[pivot], matrix[column]);
            (right[column], right[pivot]) = (right[pivot], right[column]);
            for (var row = column + 1; row < n; row++)
            {
                var factor = matrix[row][column] / matrix[column][column];
                for (var i = column; i < n; i++) matrix[row][i] -= factor * matrix[column][i];
                right[row] -= factor * right[column];
            }
        }

        for (var row = n - 1; row >= 0; row--)
        {
            for (var i = row + 1; i < n; i++) right[row] -= matrix[row][i] * right[i];
            right[row] /= matrix[row][row];
        }

        return right;
    }
}
