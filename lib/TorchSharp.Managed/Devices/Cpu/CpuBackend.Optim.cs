using System.Numerics;
using System.Runtime.CompilerServices;
using static TorchSharp.torch;

namespace TorchSharp.Cpu;

internal sealed unsafe partial class CpuBackend
{
    /// <summary>A step of an optimiser on a register's worth of elements, of which the first is element i of a parameter, its gradient and what is kept of it.</summary>
    private interface IStep<TRule>
    {
        static abstract void Register<T>(in TRule rule, T* p, T* gradient, T* first, T* second, T* third, long i) where T : unmanaged, IFloatingPointIeee754<T>;
    }

    private struct StepJob<TRule> where TRule : unmanaged
    {
        public TRule Rule;
        public void* P, G, First, Second, Third;
        public long Count;
    }

    /// <returns>False, and nothing done, for types that the reference steps.</returns>
    private static bool TryStep<TStep, TRule>(ScalarType type, in TRule rule, double work, void* p, void* gradient, void* first, void* second, void* third, long count) where TStep : IStep<TRule> where TRule : unmanaged
    {
        if (type is not (ScalarType.Float32 or ScalarType.Float64))
            return false;
        var job = new StepJob<TRule> { Rule = rule, P = p, G = gradient, First = first, Second = second, Third = third, Count = count };
        Workers.For((count + Chunk - 1) / Chunk, work * count, type == ScalarType.Float32 ? &StepChunk<TStep, TRule, float> : &StepChunk<TStep, TRule, double>, &job);
        return true;
    }

    /// <summary>Each array is read and written once; square roots and divisions hide behind the memory.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void StepChunk<TStep, TRule, T>(long chunk, void* state) where TStep : IStep<TRule> where TRule : unmanaged where T : unmanaged, IFloatingPointIeee754<T>
    {
        ref readonly var job = ref *(StepJob<TRule>*)state;
        long i = chunk * Chunk, end = Math.Min(i + Chunk, job.Count);
        T* p = (T*)job.P, g = (T*)job.G, first = (T*)job.First, second = (T*)job.Second, third = (T*)job.Third;
        var rule = job.Rule;
        int width = Vector<T>.Count;
        for (; i <= end - width; i += width)
            TStep.Register(rule, p, g, first, second, third, i);
        if (i == end)
            return;
        // The rest goes through a register's worth of memory each.
        var part = stackalloc T[5 * width];
        new Span<T>(part, 5 * width).Clear();
        uint bytes = (uint)((end - i) * sizeof(T));
        TStep.Register(rule, Load(p, 0), Load(g, 1), Load(first, 2), Load(second, 3), Load(third, 4), 0);
        Store(p, 0);
        Store(first, 2);
        Store(second, 3);
        Store(third, 4);

        T* Load(T* from, int k)
        {
            if (from == null)
                return null;
            Unsafe.CopyBlockUnaligned(part + k * width, from + i, bytes);
            return part + k * width;
        }

        void Store(T* to, int k)
        {
            if (to != null)
                Unsafe.CopyBlockUnaligned(to + i, part + k * width, bytes);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<T> All<T>(double value) where T : unmanaged, INumberBase<T> => Vector.Create(T.CreateTruncating(value));

    public override void AdamStep(ScalarType type, in AdamRule rule, void* p, void* gradient, void* m, void* v, void* largest, long count)
    {
        if (!TryStep<AdamRegister, AdamRule>(type, rule, 12, p, gradient, m, v, largest, count))
            base.AdamStep(type, rule, p, gradient, m, v, largest, count);
    }

    private readonly struct AdamRegister : IStep<AdamRule>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Register<T>(in AdamRule rule, T* p, T* gradient, T* m, T* v, T* largest, long i) where T : unmanaged, IFloatingPointIeee754<T>
        {
            Vector<T> g = Vector.Load(gradient + i), value = Vector.Load(p + i);
            if (rule.Ascend)
                g = -g;
            if (rule.Decay != 0)
                g = PortableLanes<T>.MultiplyAdd(All<T>(rule.Decay), value, g);
            if (rule.Shrink != 1)
                value *= All<T>(rule.Shrink);
            var first = PortableLanes<T>.MultiplyAdd(All<T>(1 - rule.Beta1), g, Vector.Load(m + i) * All<T>(rule.Beta1));
            var second = PortableLanes<T>.MultiplyAdd(All<T>(1 - rule.Beta2) * g, g, Vector.Load(v + i) * All<T>(rule.Beta2));
            first.Store(m + i);
            second.Store(v + i);
            if (largest != null)
            {
                second = MaximumFunction<T>.Of(Vector.Load(largest + i), second);
                second.Store(largest + i);
            }
            var denominator = Vector.SquareRoot(second) / All<T>(rule.Root) + All<T>(rule.Epsilon);
            PortableLanes<T>.MultiplyAdd(All<T>(-rule.Rate), first / denominator, value).Store(p + i);
        }
    }

    public override void SgdStep(ScalarType type, in SgdRule rule, void* p, void* gradient, void* velocity, long count)
    {
        if (!TryStep<SgdRegister, SgdRule>(type, rule, 3, p, gradient, velocity, null, null, count))
            base.SgdStep(type, rule, p, gradient, velocity, count);
    }

    private readonly struct SgdRegister : IStep<SgdRule>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Register<T>(in SgdRule rule, T* p, T* gradient, T* velocity, T* second, T* third, long i) where T : unmanaged, IFloatingPointIeee754<T>
        {
            Vector<T> g = Vector.Load(gradient + i), value = Vector.Load(p + i), momentum = All<T>(rule.Momentum);
            if (rule.Ascend)
                g = -g;
            if (rule.Decay != 0)
                g = PortableLanes<T>.MultiplyAdd(All<T>(rule.Decay), value, g);
            if (velocity != null)
            {
                var speed = PortableLanes<T>.MultiplyAdd(All<T>(rule.Fresh), g, momentum * Vector.Load(velocity + i));
                speed.Store(velocity + i);
                g = rule.Nesterov ? PortableLanes<T>.MultiplyAdd(momentum, speed, g) : speed;
            }
            PortableLanes<T>.MultiplyAdd(All<T>(-rule.Rate), g, value).Store(p + i);
        }
    }

    public override void RmsPropStep(ScalarType type, in RmsPropRule rule, void* p, void* gradient, void* squares, void* mean, void* velocity, long count)
    {
        if (!TryStep<RmsPropRegister, RmsPropRule>(type, rule, 12, p, gradient, squares, mean, velocity, count))
            base.RmsPropStep(type, rule, p, gradient, squares, mean, velocity, count);
    }

    private readonly struct RmsPropRegister : IStep<RmsPropRule>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Register<T>(in RmsPropRule rule, T* p, T* gradient, T* squares, T* mean, T* velocity, long i) where T : unmanaged, IFloatingPointIeee754<T>
        {
            Vector<T> g = Vector.Load(gradient + i), value = Vector.Load(p + i), alpha = All<T>(rule.Alpha), fresh = All<T>(1 - rule.Alpha);
            if (rule.Ascend)
                g = -g;
            if (rule.Decay != 0)
                g = PortableLanes<T>.MultiplyAdd(All<T>(rule.Decay), value, g);
            var variance = PortableLanes<T>.MultiplyAdd(fresh * g, g, Vector.Load(squares + i) * alpha);
            variance.Store(squares + i);
            if (mean != null)
            {
                var middle = PortableLanes<T>.MultiplyAdd(fresh, g, Vector.Load(mean + i) * alpha);
                middle.Store(mean + i);
                // Not fused: where the gradient stays the same, v − m² would be a little less than 0, which has no root, more often.
                variance -= middle * middle;
            }
            var step = g / (Vector.SquareRoot(variance) + All<T>(rule.Epsilon));
            if (velocity != null)
            {
                step = PortableLanes<T>.MultiplyAdd(All<T>(rule.Momentum), Vector.Load(velocity + i), step);
                step.Store(velocity + i);
            }
            PortableLanes<T>.MultiplyAdd(All<T>(-rule.Rate), step, value).Store(p + i);
        }
    }
}
