using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
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
        var job = new Elements { Kind = (int)kind, Type = type, A = (byte*)a, StrideA = strideA, B = (byte*)b, StrideB = strideB, Y = y, Count = count, Stream = Elementwise.Streams(y, count * type.Size(), a, b) };
        Workers.For((count + Chunk - 1) / Chunk, count, &CompareChunk, &job);
    }

    private static void CompareChunk(long chunk, void* state)
    {
        ref readonly var job = ref *(Elements*)state;
        switch (job.Type)
        {
            case ScalarType.Float32: Compare<float>(job, chunk); break;
            case ScalarType.Float64: Compare<double>(job, chunk); break;
            default: Compare<long>(job, chunk); break;
        }
        if (job.Stream)
            Elementwise.EndStream();
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
                case CompareKind.Eq: Floats<EqFunction>(fa, sa, fb, sb, (byte*)y, count, job.Stream); break;
                case CompareKind.Ne: Floats<NeFunction>(fa, sa, fb, sb, (byte*)y, count, job.Stream); break;
                case CompareKind.Lt: Floats<LtFunction>(fa, sa, fb, sb, (byte*)y, count, job.Stream); break;
                case CompareKind.Le: Floats<LeFunction>(fa, sa, fb, sb, (byte*)y, count, job.Stream); break;
                case CompareKind.Gt: Floats<LtFunction>(fb, sb, fa, sa, (byte*)y, count, job.Stream); break;
                default: Floats<LeFunction>(fb, sb, fa, sa, (byte*)y, count, job.Stream); break;
            }
            return;
        }
        switch ((CompareKind)job.Kind)
        {
            case CompareKind.Eq:
                for (long i = 0; i < count; i++)
                    y[i] = a[i * sa] == b[i * sb];
                break;
            case CompareKind.Ne:
                for (long i = 0; i < count; i++)
                    y[i] = a[i * sa] != b[i * sb];
                break;
            case CompareKind.Lt:
                for (long i = 0; i < count; i++)
                    y[i] = a[i * sa] < b[i * sb];
                break;
            case CompareKind.Le:
                for (long i = 0; i < count; i++)
                    y[i] = a[i * sa] <= b[i * sb];
                break;
            case CompareKind.Gt:
                for (long i = 0; i < count; i++)
                    y[i] = a[i * sa] > b[i * sb];
                break;
            default:
                for (long i = 0; i < count; i++)
                    y[i] = a[i * sa] >= b[i * sb];
                break;
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

    /// <summary>An operand that runs along memory, or one value for all.</summary>
    private interface IOperand
    {
        static abstract Vector<float> Load(float* x, Vector<float> one);
    }

    private readonly struct Along : IOperand { public static Vector<float> Load(float* x, Vector<float> one) => Vector.Load(x); }
    private readonly struct One : IOperand { public static Vector<float> Load(float* x, Vector<float> one) => one; }

    private static void Floats<F>(float* a, long strideA, float* b, long strideB, byte* y, long count, bool stream) where F : ICompareFunction
    {
        if (strideA == 0)
            Floats<F, One, Along>(a, b, y, count, stream, Vector.Create(*a));
        else if (strideB == 0)
            Floats<F, Along, One>(a, b, y, count, stream, Vector.Create(*b));
        else
            Floats<F, Along, Along>(a, b, y, count, stream, default);
    }

    /// <summary>Four registers of masks become one register of bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Floats<F, A, B>(float* a, float* b, byte* y, long count, bool stream, Vector<float> one) where F : ICompareFunction where A : IOperand where B : IOperand
    {
        int width = Vector<float>.Count;
        long i = 0;
        for (; i <= count - 4 * width; i += 4 * width)
        {
            Vector<int> m0 = F.Of(A.Load(a + i, one), B.Load(b + i, one)), m1 = F.Of(A.Load(a + i + width, one), B.Load(b + i + width, one));
            Vector<int> m2 = F.Of(A.Load(a + i + 2 * width, one), B.Load(b + i + 2 * width, one)), m3 = F.Of(A.Load(a + i + 3 * width, one), B.Load(b + i + 3 * width, one));
            var bytes = Narrow(m0, m1, m2, m3) & Vector<byte>.One;
            if (stream)
                bytes.StoreAlignedNonTemporal(y + i);
            else
                bytes.Store(y + i);
        }
        for (; i < count; i++)
        {
            Vector<float> left = typeof(A) == typeof(One) ? one : Vector.Create(a[i]), right = typeof(B) == typeof(One) ? one : Vector.Create(b[i]);
            y[i] = (byte)-F.Of(left, right).ToScalar();
        }
    }

    /// <summary>The lowest byte of each element. The processor packs each half of its registers for itself; the last step puts the pieces in order.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<byte> Narrow(Vector<int> m0, Vector<int> m1, Vector<int> m2, Vector<int> m3)
    {
        if (!Avx2.IsSupported)
            return Vector.Narrow(Vector.Narrow(m0, m1), Vector.Narrow(m2, m3)).As<sbyte, byte>();
        Vector256<short> low = Avx2.PackSignedSaturate(m0.AsVector256(), m1.AsVector256()), high = Avx2.PackSignedSaturate(m2.AsVector256(), m3.AsVector256());
        return Avx2.PermuteVar8x32(Avx2.PackSignedSaturate(low, high).AsInt32(), Vector256.Create(0, 4, 1, 5, 2, 6, 3, 7)).AsByte().AsVector();
    }
}
