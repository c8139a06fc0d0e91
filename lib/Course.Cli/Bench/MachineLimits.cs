using System.Diagnostics;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Course.Cli.Bench;

/// <summary>What one core of this machine can do at most, measured in the same run as the figures that are compared with it.</summary>
/// <param name="PeakGflops">Multiply-adds on registers only, float32: the most that a matrix product can reach.</param>
/// <param name="CopyGbS">Bytes read and written by a block copy of arrays that no cache holds.</param>
/// <param name="TriadGbS">The same of y = a + s·b, two arrays read and one written.</param>
internal sealed record MachineLimits(double PeakGflops, double CopyGbS, double TriadGbS)
{
    private const int Rounds = 5;
    private const long Elements = 8_000_000;

    public double BandwidthGbS => Math.Max(CopyGbS, TriadGbS);

    public static unsafe MachineLimits Measure()
    {
        const long steps = 2_000_000;
        int lanes = Vector512.IsHardwareAccelerated ? Vector512<float>.Count : Vector<float>.Count;
        double peak = Best(() => { _ = lanes == Vector512<float>.Count ? MultiplyAddWide(steps) : MultiplyAdd(steps); });
        float[] a = GC.AllocateUninitializedArray<float>((int)Elements), b = GC.AllocateUninitializedArray<float>((int)Elements), y = GC.AllocateUninitializedArray<float>((int)Elements);
        Array.Fill(a, 1f);
        Array.Fill(b, 2f);
        Array.Fill(y, 0f);
        double copy = Best(() => a.AsSpan().CopyTo(y)), triad = Best(() => Triad(a, b, y));
        return new MachineLimits(2.0 * 12 * lanes * steps / peak / 1e9, 2 * Elements * sizeof(float) / copy / 1e9, 3 * Elements * sizeof(float) / triad / 1e9);
    }

    private static double Best(Action work)
    {
        work();
        double best = double.MaxValue;
        for (int round = 0; round < Rounds; round++)
        {
            long start = Stopwatch.GetTimestamp();
            work();
            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalSeconds);
        }
        return best;
    }

    /// <summary>Twelve independent chains: more than the latency times the number of multiply-add units.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float MultiplyAdd(long steps)
    {
        Vector<float> a = Vector.Create(1.0001f), b = Vector.Create(0.9999f);
        Vector<float> c0 = a, c1 = a, c2 = a, c3 = a, c4 = a, c5 = a, c6 = a, c7 = a, c8 = a, c9 = a, c10 = a, c11 = a;
        for (long i = 0; i < steps; i++)
        {
            c0 = Vector.MultiplyAddEstimate(c0, b, a);
            c1 = Vector.MultiplyAddEstimate(c1, b, a);
            c2 = Vector.MultiplyAddEstimate(c2, b, a);
            c3 = Vector.MultiplyAddEstimate(c3, b, a);
            c4 = Vector.MultiplyAddEstimate(c4, b, a);
            c5 = Vector.MultiplyAddEstimate(c5, b, a);
            c6 = Vector.MultiplyAddEstimate(c6, b, a);
            c7 = Vector.MultiplyAddEstimate(c7, b, a);
            c8 = Vector.MultiplyAddEstimate(c8, b, a);
            c9 = Vector.MultiplyAddEstimate(c9, b, a);
            c10 = Vector.MultiplyAddEstimate(c10, b, a);
            c11 = Vector.MultiplyAddEstimate(c11, b, a);
        }
        return Vector.Sum(c0 + c1 + c2 + c3 + c4 + c5 + c6 + c7 + c8 + c9 + c10 + c11);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float MultiplyAddWide(long steps)
    {
        Vector512<float> a = Vector512.Create(1.0001f), b = Vector512.Create(0.9999f);
        Vector512<float> c0 = a, c1 = a, c2 = a, c3 = a, c4 = a, c5 = a, c6 = a, c7 = a, c8 = a, c9 = a, c10 = a, c11 = a;
        for (long i = 0; i < steps; i++)
        {
            c0 = Vector512.MultiplyAddEstimate(c0, b, a);
            c1 = Vector512.MultiplyAddEstimate(c1, b, a);
            c2 = Vector512.MultiplyAddEstimate(c2, b, a);
            c3 = Vector512.MultiplyAddEstimate(c3, b, a);
            c4 = Vector512.MultiplyAddEstimate(c4, b, a);
            c5 = Vector512.MultiplyAddEstimate(c5, b, a);
            c6 = Vector512.MultiplyAddEstimate(c6, b, a);
            c7 = Vector512.MultiplyAddEstimate(c7, b, a);
            c8 = Vector512.MultiplyAddEstimate(c8, b, a);
            c9 = Vector512.MultiplyAddEstimate(c9, b, a);
            c10 = Vector512.MultiplyAddEstimate(c10, b, a);
            c11 = Vector512.MultiplyAddEstimate(c11, b, a);
        }
        return Vector512.Sum(c0 + c1 + c2 + c3 + c4 + c5 + c6 + c7 + c8 + c9 + c10 + c11);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe void Triad(float[] a, float[] b, float[] y)
    {
        var factor = Vector.Create(3f);
        fixed (float* pa = a, pb = b, py = y)
            for (long i = 0; i <= a.Length - Vector<float>.Count; i += Vector<float>.Count)
                Vector.MultiplyAddEstimate(factor, Vector.Load(pb + i), Vector.Load(pa + i)).Store(py + i);
    }
}
