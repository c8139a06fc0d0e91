using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using static TorchSharp.torch;

namespace TorchSharp.Cpu;

internal sealed unsafe partial class CpuBackend
{
    public override void Compare(CompareKind kind, ScalarType type, void* a, long strideA, void* b, long strideB, byte* y, long count)
    {
        if (type is not (ScalarType.Float32 or ScalarType.Float64 or ScalarType.Int64))
        {
            base.Compare(kind, type, a, strideA, b, strideB, y, count);
            return;
        }
        var job = new Elements { Kind = (int)kind, Type = type, A = (byte*)a, StrideA = strideA, B = (byte*)b, StrideB = strideB, Y = y, Count = count };
        Workers.For((count + Chunk - 1) / Chunk, count, &CompareChunk, &job);
    }

    private static void CompareChunk(long chunk, void* state)
    {
        ref readonly Elements job = ref *(Elements*)state;
        switch (job.Type)
        {
            case ScalarType.Float32: Compare<float>(job, chunk); break;
            case ScalarType.Float64: Compare<double>(job, chunk); break;
            default: Compare<long>(job, chunk); break;
        }
    }

    /// <summary>One loop for each comparison, so that the question "which one" is not asked for every element.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Compare<T>(in Elements job, long chunk) where T : unmanaged, INumber<T>
    {
        long from = chunk * Chunk, count = Math.Min(Chunk, job.Count - from), sa = job.StrideA, sb = job.StrideB;
        T* a = (T*)job.A + from * sa, b = (T*)job.B + from * sb;
        bool* y = (bool*)job.Y + from;
        if (typeof(T) == typeof(float) && sa + sb > 0 && sa is 0 or 1 && sb is 0 or 1)
        {
            float* fa = (float*)a, fb = (float*)b;
            switch ((CompareKind)job.Kind)
            {
                case CompareKind.Eq: Floats<EqFunction>(fa, sa == 0, fb, sb == 0, (byte*)y, count); break;
                case CompareKind.Ne: Floats<NeFunction>(fa, sa == 0, fb, sb == 0, (byte*)y, count); break;
                case CompareKind.Lt: Floats<LtFunction>(fa, sa == 0, fb, sb == 0, (byte*)y, count); break;
                case CompareKind.Le: Floats<LeFunction>(fa, sa == 0, fb, sb == 0, (byte*)y, count); break;
                case CompareKind.Gt: Floats<LtFunction>(fb, sb == 0, fa, sa == 0, (byte*)y, count); break;
                default: Floats<LeFunction>(fb, sb == 0, fa, sa == 0, (byte*)y, count); break;
            }
            return;
        }
        switch ((CompareKind)job.Kind)
        {
            case CompareKind.Eq: for (long i = 0; i < count; i++) y[i] = a[i * sa] == b[i * sb]; break;
            case CompareKind.Ne: for (long i = 0; i < count; i++) y[i] = a[i * sa] != b[i * sb]; break;
            case CompareKind.Lt: for (long i = 0; i < count; i++) y[i] = a[i * sa] < b[i * sb]; break;
            case CompareKind.Le: for (long i = 0; i < count; i++) y[i] = a[i * sa] <= b[i * sb]; break;
            case CompareKind.Gt: for (long i = 0; i < count; i++) y[i] = a[i * sa] > b[i * sb]; break;
            default: for (long i = 0; i < count; i++) y[i] = a[i * sa] >= b[i * sb]; break;
        }
    }

    private interface ICompareFunction
    {
        static abstract Vector<int> Of(Vector<float> a, Vector<float> b);
    }

    private readonly struct EqFunction : ICompareFunction { public static Vector<int> Of(Vector<float> a, Vector<float> b) => Vector.Equals(a, b); }
    private readonly struct NeFunction : ICompareFunction { public static Vector<int> Of(Vector<float> a, Vector<float> b) => ~Vector.Equals(a, b); }
    private readonly struct LtFunction : ICompareFunction { public static Vector<int> Of(Vector<float> a, Vector<float> b) => Vector.LessThan(a, b); }
    private readonly struct LeFunction : ICompareFunction { public static Vector<int> Of(Vector<float> a, Vector<float> b) => Vector.LessThanOrEqual(a, b); }

    /// <summary>Four registers of masks are narrowed to one register of bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Floats<F>(float* a, bool oneA, float* b, bool oneB, byte* y, long count) where F : ICompareFunction
    {
        int width = Vector<float>.Count;
        Vector<float> first = oneA || oneB ? Vector.Create(oneA ? *a : *b) : default;
        long i = 0;
        for (; i <= count - 4 * width; i += 4 * width)
        {
            Vector<int> m0 = F.Of(oneA ? first : Vector.Load(a + i), oneB ? first : Vector.Load(b + i));
            Vector<int> m1 = F.Of(oneA ? first : Vector.Load(a + i + width), oneB ? first : Vector.Load(b + i + width));
            Vector<int> m2 = F.Of(oneA ? first : Vector.Load(a + i + 2 * width), oneB ? first : Vector.Load(b + i + 2 * width));
            Vector<int> m3 = F.Of(oneA ? first : Vector.Load(a + i + 3 * width), oneB ? first : Vector.Load(b + i + 3 * width));
            Vector<sbyte> bytes = Vector.Narrow(Vector.Narrow(m0, m1), Vector.Narrow(m2, m3));
            (bytes & Vector<sbyte>.One).Store((sbyte*)y + i);
        }
        for (; i < count; i++)
            y[i] = (byte)-F.Of(oneA ? first : Vector.Create(a[i]), oneB ? first : Vector.Create(b[i]))[0];
    }

    public override void ArgReduce(bool max, ScalarType type, void* x, long* y, long outer, long n, long inner)
    {
        if (!max || type != ScalarType.Float32 || inner != 1 || n < 1)
        {
            base.ArgReduce(max, type, x, y, outer, n, inner);
            return;
        }
        var job = new Rows { X = x, Y = y, N = n };
        Workers.For(outer, (double)outer * n, &ArgMaxRow, &job);
    }

    /// <summary>The maximum first, then where it is: two quick passes instead of one that carries positions along.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ArgMaxRow(long row, void* state)
    {
        ref readonly Rows job = ref *(Rows*)state;
        float* x = (float*)job.X + row * job.N;
        float largest = Cpu.Softmax.Max(x, job.N);
        Vector<float> wanted = Vector.Create(largest);
        long i = 0;
        if (float.IsNaN(largest))
            while (!float.IsNaN(x[i])) i++;
        else
        {
            while (i <= job.N - Vector<float>.Count && !Vector.EqualsAny(Vector.Load(x + i), wanted)) i += Vector<float>.Count;
            while (x[i] != largest) i++;
        }
        ((long*)job.Y)[row] = i;
    }

    /// <summary>Largest or smallest of each row; NaN wins.</summary>
    private static void ExtremeRow<T>(long row, void* state) where T : unmanaged, INumber<T>
    {
        ref readonly Rows job = ref *(Rows*)state;
        if (typeof(T) == typeof(float) && job.Log)
        {
            ((float*)job.Y)[row] = Cpu.Softmax.Max((float*)job.X + row * job.N, job.N);
            return;
        }
        var x = new ReadOnlySpan<T>((T*)job.X + row * job.N, (int)job.N);
        ((T*)job.Y)[row] = job.Log ? TensorPrimitives.Max(x) : TensorPrimitives.Min(x);
    }
}
