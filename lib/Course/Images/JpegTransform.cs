namespace Course;

/// <summary>
/// The discrete cosine transform of an 8 × 8 block, rows then columns:
/// f(x) = Σᵤ c(u)/2 · F(u) · cos((2x+1)uπ/16) with c(0) = 1/√2, else 1 (T.81, annex A.3.3).
/// </summary>
internal static class JpegTransform
{
    private static readonly float[] Basis = MakeBasis(); // [u, x]

    /// <summary>Coefficients to samples, in place.</summary>
    public static void Inverse(Span<float> block)
    {
        Span<float> half = stackalloc float[64];
        for (int row = 0; row < 8; row++)
            for (int x = 0; x < 8; x++)
            {
                float sum = 0;
                for (int u = 0; u < 8; u++)
                    sum += block[row * 8 + u] * Basis[u * 8 + x];
                half[row * 8 + x] = sum;
            }
        for (int y = 0; y < 8; y++)
            for (int column = 0; column < 8; column++)
            {
                float sum = 0;
                for (int v = 0; v < 8; v++)
                    sum += half[v * 8 + column] * Basis[v * 8 + y];
                block[y * 8 + column] = sum;
            }
    }

    /// <summary>Samples to coefficients, in place.</summary>
    public static void Forward(Span<float> block)
    {
        Span<float> half = stackalloc float[64];
        for (int row = 0; row < 8; row++)
            for (int u = 0; u < 8; u++)
            {
                float sum = 0;
                for (int x = 0; x < 8; x++)
                    sum += block[row * 8 + x] * Basis[u * 8 + x];
                half[row * 8 + u] = sum;
            }
        for (int v = 0; v < 8; v++)
            for (int column = 0; column < 8; column++)
            {
                float sum = 0;
                for (int y = 0; y < 8; y++)
                    sum += half[y * 8 + column] * Basis[v * 8 + y];
                block[v * 8 + column] = sum;
            }
    }

    private static float[] MakeBasis()
    {
        float[] basis = new float[64];
        for (int u = 0; u < 8; u++)
            for (int x = 0; x < 8; x++)
                basis[u * 8 + x] = (float)((u == 0 ? Math.Sqrt(0.5) : 1) / 2 * Math.Cos((2 * x + 1) * u * Math.PI / 16));
        return basis;
    }
}
