using System.Numerics;
using System.Runtime.CompilerServices;

namespace TorchSharp.Cpu;

/// <summary>
/// Softmax of a row of floats and its gradient: a pass for the maximum, one for the powers and their sum, one to divide. A row that
/// ends amid a register is filled up with values that add nothing.
/// </summary>
internal static unsafe class Softmax
{
    /// <summary>Registers summed as floats before the total is carried on in double precision.</summary>
    private const int Run = 128;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<float> LoadPart(float* x, long count, float filling)
    {
        Vector<float> part = Vector.Create(filling);
        Unsafe.CopyBlockUnaligned(&part, x, (uint)(count * sizeof(float)));
        return part;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StorePart(Vector<float> value, float* y, long count) => Unsafe.CopyBlockUnaligned(y, &value, (uint)(count * sizeof(float)));

    /// <summary>y = eˣ / Σ eˣ, or x − ln Σ eˣ; the maximum is taken off first, so that nothing overflows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Row(bool log, float* x, float* y, long n)
    {
        int width = Vector<float>.Count;
        float largest = Extremes<MaximumFunction<float>, float>.Of(x, n);
        Vector<float> shift = Vector.Create(largest), sum = default;
        double total = 0;
        int run = 0;
        for (long i = 0; i < n; i += width)
        {
            bool whole = i <= n - width;
            Vector<float> power = VectorMath.Exp(new One((whole ? Vector.Load(x + i) : LoadPart(x + i, n - i, float.NegativeInfinity)) - shift)).Value;
            if (!log)
            {
                if (whole) power.Store(y + i);
                else StorePart(power, y + i, n - i);
            }
            sum += power;
            if (++run < Run) continue;
            total += Vector.Sum(sum);
            sum = default;
            run = 0;
        }
        total += Vector.Sum(sum);
        if (log)
        {
            Vector<float> logarithm = Vector.Create((float)Math.Log(total));
            long i = 0;
            for (; i <= n - width; i += width) (Vector.Load(x + i) - shift - logarithm).Store(y + i);
            if (i < n) StorePart(LoadPart(x + i, n - i, 0) - shift - logarithm, y + i, n - i);
            return;
        }
        float divisor = (float)total;
        Elementwise.Binary<DivFunction<float>, float>(y, false, &divisor, true, y, n);
    }

    /// <summary>dx = y·(dy − Σ dy·y), or dy − eʸ·Σ dy for the logarithm.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void BackwardRow(bool log, float* dy, float* y, float* dx, long n)
    {
        int width = Vector<float>.Count;
        Vector<float> sum = default;
        double total = 0;
        int run = 0;
        for (long i = 0; i < n; i += width)
        {
            bool whole = i <= n - width;
            Vector<float> gradient = whole ? Vector.Load(dy + i) : LoadPart(dy + i, n - i, 0);
            if (log) sum += gradient;
            else sum = Vector.MultiplyAddEstimate(gradient, whole ? Vector.Load(y + i) : LoadPart(y + i, n - i, 0), sum);
            if (++run < Run) continue;
            total += Vector.Sum(sum);
            sum = default;
            run = 0;
        }
        Vector<float> projection = Vector.Create((float)(total + Vector.Sum(sum)));
        for (long i = 0; i < n; i += width)
        {
            bool whole = i <= n - width;
            Vector<float> gradient = whole ? Vector.Load(dy + i) : LoadPart(dy + i, n - i, 0), value = whole ? Vector.Load(y + i) : LoadPart(y + i, n - i, 0);
            Vector<float> result = log ? gradient - VectorMath.Exp(new One(value)).Value * projection : value * (gradient - projection);
            if (whole) result.Store(dx + i);
            else StorePart(result, dx + i, n - i);
        }
    }
}
