namespace TorchSharp;

/// <summary>
/// Factorisations of one dense row-major matrix in double precision. Golub and Van Loan, Matrix Computations (4th edition), gives
/// the background: 3.4 (LU), 4.2 (Cholesky), 5.2 (QR), 8.5 (Jacobi), 8.6 (SVD).
/// </summary>
internal static class Factorisations
{
    /// <summary>In place P·A = L·U of a square matrix.</summary>
    internal static int Lu(double[] a, int n, int[] rows) => Lu(a, n, n, rows);

    /// <summary>In place P·A = L·U of an m×n matrix by partial pivoting. Returns the sign of the permutation, 0 when a pivot is 0; rows[i] is the row that moved to i.</summary>
    internal static int Lu(double[] a, int m, int n, int[] rows)
    {
        int sign = 1;
        for (int i = 0; i < m; i++)
            rows[i] = i;
        bool singular = false;
        for (int k = 0; k < Math.Min(m, n); k++)
        {
            int pivot = k;
            for (int i = k + 1; i < m; i++)
                if (Math.Abs(a[i * n + k]) > Math.Abs(a[pivot * n + k]))
                    pivot = i;
            if (a[pivot * n + k] == 0)
            {
                singular = true;
                continue;
            }
            if (pivot != k)
            {
                sign = -sign;
                (rows[k], rows[pivot]) = (rows[pivot], rows[k]);
                for (int j = 0; j < n; j++)
                    (a[k * n + j], a[pivot * n + j]) = (a[pivot * n + j], a[k * n + j]);
            }
            for (int i = k + 1; i < m; i++)
            {
                double factor = a[i * n + k] /= a[k * n + k];
                if (factor == 0)
                    continue;
                for (int j = k + 1; j < n; j++)
                    a[i * n + j] -= factor * a[k * n + j];
            }
        }
        return singular ? 0 : sign;
    }

    /// <summary>X with A·X = B from the factors of a square matrix; b is n×m.</summary>
    internal static double[] LuSolve(double[] lu, int n, int[] rows, double[] b, int m)
    {
        double[] x = new double[n * m];
        for (int i = 0; i < n; i++)
            Array.Copy(b, rows[i] * m, x, i * m, m);
        for (int i = 0; i < n; i++)
            for (int k = 0; k < i; k++)
                Subtract(x, i, k, m, lu[i * n + k]);
        for (int i = n - 1; i >= 0; i--)
        {
            for (int k = i + 1; k < n; k++)
                Subtract(x, i, k, m, lu[i * n + k]);
            for (int j = 0; j < m; j++)
                x[i * m + j] /= lu[i * n + i];
        }
        return x;
    }

    private static void Subtract(double[] x, int to, int from, int m, double factor)
    {
        if (factor == 0)
            return;
        for (int j = 0; j < m; j++)
            x[to * m + j] -= factor * x[from * m + j];
    }

    /// <summary>L with A = L·Lᵀ in place (zeros above); returns 0, or the order of the leading minor that is not positive.</summary>
    internal static int Cholesky(double[] a, int n)
    {
        for (int j = 0; j < n; j++)
        {
            double d = a[j * n + j];
            for (int k = 0; k < j; k++)
                d -= a[j * n + k] * a[j * n + k];
            if (!(d > 0))
                return j + 1;
            d = a[j * n + j] = Math.Sqrt(d);
            for (int i = j + 1; i < n; i++)
            {
                double s = a[i * n + j];
                for (int k = 0; k < j; k++)
                    s -= a[i * n + k] * a[j * n + k];
                a[i * n + j] = s / d;
            }
            for (int k = j + 1; k < n; k++)
                a[j * n + k] = 0;
        }
        return 0;
    }

    /// <summary>A = Q·R by Householder reflections with LAPACK's signs: Q is m×columns, R columns×n, columns = m (complete) or min(m, n).</summary>
    internal static (double[] Q, double[] R) Qr(double[] a, int m, int n, bool complete)
    {
        double[] r = (double[])a.Clone();
        int steps = Math.Min(m, n);
        double[][] vectors = new double[steps][];
        for (int k = 0; k < steps; k++)
        {
            double norm = 0;
            for (int i = k; i < m; i++)
                norm = Math.Sqrt(norm * norm + r[i * n + k] * r[i * n + k]);
            double below = 0;
            for (int i = k + 1; i < m; i++)
                below += Math.Abs(r[i * n + k]);
            double[] v = vectors[k] = new double[m];
            // A column that is already zero below the diagonal is left as it is.
            if (below == 0)
                continue;
            double beta = r[k * n + k] >= 0 ? -norm : norm;
            for (int i = k; i < m; i++)
                v[i] = r[i * n + k];
            v[k] -= beta;
            Reflect(v, r, k, m, n, k);
            for (int i = k + 1; i < m; i++)
                r[i * n + k] = 0;
        }
        int columns = complete ? m : steps;
        double[] q = new double[m * columns];
        for (int i = 0; i < columns; i++)
            q[i * columns + i] = 1;
        for (int k = steps - 1; k >= 0; k--)
            Reflect(vectors[k], q, k, m, columns, 0);
        double[] upper = new double[columns * n];
        Array.Copy(r, upper, columns * n);
        return (q, upper);
    }

    /// <summary>x = (I − 2vvᵀ/vᵀv)·x on the rows from <paramref name="first"/> and the columns from <paramref name="column"/>.</summary>
    private static void Reflect(double[] v, double[] x, int first, int m, int n, int column)
    {
        double square = 0;
        for (int i = first; i < m; i++)
            square += v[i] * v[i];
        if (square == 0)
            return;
        for (int j = column; j < n; j++)
        {
            double dot = 0;
            for (int i = first; i < m; i++)
                dot += v[i] * x[i * n + j];
            dot *= 2 / square;
            for (int i = first; i < m; i++)
                x[i * n + j] -= dot * v[i];
        }
    }

    /// <summary>Eigenvalues in ascending order and eigenvectors (columns) of a symmetric matrix, by Jacobi rotations until the rest is rounding.</summary>
    internal static (double[] Values, double[] Vectors) SymmetricEigen(double[] a, int n)
    {
        a = (double[])a.Clone();
        double[] v = new double[n * n];
        for (int i = 0; i < n; i++)
            v[i * n + i] = 1;
        for (int sweep = 0; sweep < 60; sweep++)
        {
            double off = 0, all = 0;
            for (int i = 0; i < n; i++)
                for (int j = 0; j < n; j++)
                {
                    all += a[i * n + j] * a[i * n + j];
                    if (i != j)
                        off += a[i * n + j] * a[i * n + j];
                }
            if (!(off > all * 1e-32))
                break;
            for (int p = 0; p < n - 1; p++)
                for (int q = p + 1; q < n; q++)
                {
                    double apq = a[p * n + q];
                    if (apq == 0)
                        continue;
                    var (c, s) = Rotation(a[p * n + p], a[q * n + q], apq);
                    for (int k = 0; k < n; k++)
                        Rotate(ref a[k * n + p], ref a[k * n + q], c, s);
                    for (int k = 0; k < n; k++)
                        Rotate(ref a[p * n + k], ref a[q * n + k], c, s);
                    for (int k = 0; k < n; k++)
                        Rotate(ref v[k * n + p], ref v[k * n + q], c, s);
                }
        }
        double[] values = new double[n];
        for (int i = 0; i < n; i++)
            values[i] = a[i * n + i];
        int[] order = Enumerable.Range(0, n).ToArray();
        Array.Sort((double[])values.Clone(), order);
        return (Array.ConvertAll(order, i => values[i]), Columns(v, n, n, order));
    }

    /// <summary>Cosine and sine of the rotation that makes the pair's mixed term vanish.</summary>
    private static (double C, double S) Rotation(double app, double aqq, double apq)
    {
        double theta = (aqq - app) / (2 * apq);
        double t = Math.CopySign(1, theta) / (Math.Abs(theta) + Math.Sqrt(theta * theta + 1));
        if (double.IsInfinity(theta))
            t = 0;
        double c = 1 / Math.Sqrt(t * t + 1);
        return (c, t * c);
    }

    private static void Rotate(ref double x, ref double y, double c, double s) => (x, y) = (c * x - s * y, s * x + c * y);

    private static double[] Columns(double[] a, int rows, int columns, int[] order)
    {
        double[] result = new double[rows * order.Length];
        for (int i = 0; i < rows; i++)
            for (int j = 0; j < order.Length; j++)
                result[i * order.Length + j] = a[i * columns + order[j]];
        return result;
    }

    /// <summary>A = U·diag(S)·Vᵀ for m ≥ n by one-sided Jacobi rotations: U is m×n, V n×n, S descending.</summary>
    internal static (double[] U, double[] S, double[] V) Svd(double[] a, int m, int n)
    {
        double[] u = (double[])a.Clone();
        double[] v = new double[n * n];
        for (int i = 0; i < n; i++)
            v[i * n + i] = 1;
        for (int sweep = 0; sweep < 60; sweep++)
        {
            bool rotated = false;
            for (int p = 0; p < n - 1; p++)
                for (int q = p + 1; q < n; q++)
                {
                    double pp = 0, qq = 0, pq = 0;
                    for (int i = 0; i < m; i++)
                    {
                        double x = u[i * n + p], y = u[i * n + q];
                        pp += x * x;
                        qq += y * y;
                        pq += x * y;
                    }
                    if (Math.Abs(pq) <= 1e-16 * Math.Sqrt(pp * qq) || pq == 0)
                        continue;
                    rotated = true;
                    var (c, s) = Rotation(pp, qq, pq);
                    for (int i = 0; i < m; i++)
                        Rotate(ref u[i * n + p], ref u[i * n + q], c, s);
                    for (int i = 0; i < n; i++)
                        Rotate(ref v[i * n + p], ref v[i * n + q], c, s);
                }
            if (!rotated)
                break;
        }
        double[] values = new double[n];
        for (int j = 0; j < n; j++)
        {
            double square = 0;
            for (int i = 0; i < m; i++)
                square += u[i * n + j] * u[i * n + j];
            values[j] = Math.Sqrt(square);
        }
        int[] order = Enumerable.Range(0, n).ToArray();
        Array.Sort(Array.ConvertAll(values, value => double.IsNaN(value) ? 0 : -value), order);
        u = Columns(u, m, n, order);
        v = Columns(v, n, n, order);
        double[] sorted = Array.ConvertAll(order, i => values[i]);
        Orthonormalise(u, sorted, m, n);
        return (u, sorted, v);
    }

    /// <summary>Columns of length 1; those of vanishing singular values are replaced by vectors orthogonal to the others.</summary>
    private static void Orthonormalise(double[] u, double[] s, int m, int n)
    {
        double tiny = s.Length == 0 ? 0 : s[0] * 1e-14 * Math.Max(m, n);
        for (int j = 0; j < n; j++)
        {
            if (s[j] > tiny)
            {
                for (int i = 0; i < m; i++)
                    u[i * n + j] /= s[j];
                continue;
            }
            for (int candidate = 0; candidate < m; candidate++)
            {
                double[] x = new double[m];
                x[candidate] = 1;
                for (int pass = 0; pass < 2; pass++)
                    for (int k = 0; k < j; k++)
                    {
                        double dot = 0;
                        for (int i = 0; i < m; i++)
                            dot += x[i] * u[i * n + k];
                        for (int i = 0; i < m; i++)
                            x[i] -= dot * u[i * n + k];
                    }
                double norm = Math.Sqrt(x.Sum(value => value * value));
                if (norm < 0.5 / Math.Sqrt(m))
                    continue;
                for (int i = 0; i < m; i++)
                    u[i * n + j] = x[i] / norm;
                break;
            }
        }
    }
}
