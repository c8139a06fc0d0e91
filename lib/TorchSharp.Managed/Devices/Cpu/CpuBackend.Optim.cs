using System.Numerics;
using System.Runtime.CompilerServices;
using static TorchSharp.torch;

namespace TorchSharp.Cpu;

internal sealed unsafe partial class CpuBackend
{
    private struct AdamJob
    {
        public AdamRule Rule;
        public void* P, G, M, V, Most;
        public long Count;
    }

    private struct SgdJob
    {
        public SgdRule Rule;
        public void* P, G, V;
        public long Count;
    }

    public override void AdamStep(ScalarType type, in AdamRule rule, void* p, void* gradient, void* m, void* v, void* largest, long count)
    {
        if (type is not (ScalarType.Float32 or ScalarType.Float64))
        {
            base.AdamStep(type, rule, p, gradient, m, v, largest, count);
            return;
        }
        var job = new AdamJob { Rule = rule, P = p, G = gradient, M = m, V = v, Most = largest, Count = count };
        Workers.For((count + Chunk - 1) / Chunk, 12.0 * count, type == ScalarType.Float32 ? &AdamChunk<float> : &AdamChunk<double>, &job);
    }

    /// <summary>Four arrays are read and three written, once each; a square root and two divisions a register hide behind the memory.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AdamChunk<T>(long chunk, void* state) where T : unmanaged, IFloatingPointIeee754<T>
    {
        ref readonly var job = ref *(AdamJob*)state;
        long from = chunk * Chunk, count = Math.Min(Chunk, job.Count - from);
        T* p = (T*)job.P + from, g = (T*)job.G + from, m = (T*)job.M + from, v = (T*)job.V + from, most = job.Most == null ? null : (T*)job.Most + from;
        var rule = job.Rule;
        int width = Vector<T>.Count;
        long i = 0;
        for (; i <= count - width; i += width)
            AdamRegister(rule, p + i, g + i, m + i, v + i, most == null ? null : most + i);
        if (i == count)
            return;
        // The rest goes through a register's worth of memory each.
        var part = stackalloc T[5 * width];
        new Span<T>(part, 5 * width).Clear();
        uint bytes = (uint)((count - i) * sizeof(T));
        Unsafe.CopyBlockUnaligned(part, p + i, bytes);
        Unsafe.CopyBlockUnaligned(part + width, g + i, bytes);
        Unsafe.CopyBlockUnaligned(part + 2 * width, m + i, bytes);
        Unsafe.CopyBlockUnaligned(part + 3 * width, v + i, bytes);
        if (most != null)
            Unsafe.CopyBlockUnaligned(part + 4 * width, most + i, bytes);
        AdamRegister(rule, part, part + width, part + 2 * width, part + 3 * width, most == null ? null : part + 4 * width);
        Unsafe.CopyBlockUnaligned(p + i, part, bytes);
        Unsafe.CopyBlockUnaligned(m + i, part + 2 * width, bytes);
        Unsafe.CopyBlockUnaligned(v + i, part + 3 * width, bytes);
        if (most != null)
            Unsafe.CopyBlockUnaligned(most + i, part + 4 * width, bytes);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AdamRegister<T>(in AdamRule rule, T* p, T* gradient, T* m, T* v, T* most) where T : unmanaged, IFloatingPointIeee754<T>
    {
        Vector<T> g = Vector.Load(gradient), value = Vector.Load(p);
        if (rule.Ascend)
            g = -g;
        if (rule.Decay != 0)
            g = PortableLanes<T>.MultiplyAdd(All<T>(rule.Decay), value, g);
        if (rule.Shrink != 1)
            value *= All<T>(rule.Shrink);
        var first = PortableLanes<T>.MultiplyAdd(All<T>(1 - rule.Beta1), g, Vector.Load(m) * All<T>(rule.Beta1));
        var second = PortableLanes<T>.MultiplyAdd(All<T>(1 - rule.Beta2) * g, g, Vector.Load(v) * All<T>(rule.Beta2));
        first.Store(m);
        second.Store(v);
        if (most != null)
        {
            second = MaximumFunction<T>.Of(Vector.Load(most), second);
            second.Store(most);
        }
        var denominator = Vector.SquareRoot(second) / All<T>(rule.Root) + All<T>(rule.Epsilon);
        PortableLanes<T>.MultiplyAdd(All<T>(-rule.Rate), first / denominator, value).Store(p);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<T> All<T>(double value) where T : unmanaged, INumberBase<T> => Vector.Create(T.CreateTruncating(value));

    public override void SgdStep(ScalarType type, in SgdRule rule, void* p, void* gradient, void* velocity, long count)
    {
        if (type is not (ScalarType.Float32 or ScalarType.Float64))
        {
            base.SgdStep(type, rule, p, gradient, velocity, count);
            return;
        }
        var job = new SgdJob { Rule = rule, P = p, G = gradient, V = velocity, Count = count };
        Workers.For((count + Chunk - 1) / Chunk, 3.0 * count, type == ScalarType.Float32 ? &SgdChunk<float> : &SgdChunk<double>, &job);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void SgdChunk<T>(long chunk, void* state) where T : unmanaged, IFloatingPointIeee754<T>
    {
        ref readonly var job = ref *(SgdJob*)state;
        long from = chunk * Chunk, count = Math.Min(Chunk, job.Count - from);
        T* p = (T*)job.P + from, g = (T*)job.G + from, v = job.V == null ? null : (T*)job.V + from;
        var rule = job.Rule;
        int width = Vector<T>.Count;
        long i = 0;
        for (; i <= count - width; i += width)
            SgdRegister(rule, p + i, g + i, v == null ? null : v + i);
        if (i == count)
            return;
        var part = stackalloc T[3 * width];
        new Span<T>(part, 3 * width).Clear();
        uint bytes = (uint)((count - i) * sizeof(T));
        Unsafe.CopyBlockUnaligned(part, p + i, bytes);
        Unsafe.CopyBlockUnaligned(part + width, g + i, bytes);
        if (v != null)
            Unsafe.CopyBlockUnaligned(part + 2 * width, v + i, bytes);
        SgdRegister(rule, part, part + width, v == null ? null : part + 2 * width);
        Unsafe.CopyBlockUnaligned(p + i, part, bytes);
        if (v != null)
            Unsafe.CopyBlockUnaligned(v + i, part + 2 * width, bytes);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void SgdRegister<T>(in SgdRule rule, T* p, T* gradient, T* v) where T : unmanaged, IFloatingPointIeee754<T>
    {
        Vector<T> g = Vector.Load(gradient), value = Vector.Load(p), momentum = All<T>(rule.Momentum);
        if (rule.Ascend)
            g = -g;
        if (rule.Decay != 0)
            g = PortableLanes<T>.MultiplyAdd(All<T>(rule.Decay), value, g);
        if (v != null)
        {
            var velocity = PortableLanes<T>.MultiplyAdd(All<T>(rule.Fresh), g, momentum * Vector.Load(v));
            velocity.Store(v);
            g = rule.Nesterov ? PortableLanes<T>.MultiplyAdd(momentum, velocity, g) : velocity;
        }
        PortableLanes<T>.MultiplyAdd(All<T>(-rule.Rate), g, value).Store(p);
    }
}
