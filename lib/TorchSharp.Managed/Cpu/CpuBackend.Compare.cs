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
