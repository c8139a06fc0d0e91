using ILGPU;

namespace TorchSharp.Gpu;

/// <summary><see cref="AdamRule"/>, and whether the largest second moment is kept.</summary>
internal readonly struct AdamArguments(AdamRule rule, bool hasLargest)
{
    internal readonly double Beta1 = rule.Beta1, Beta2 = rule.Beta2, Rate = rule.Rate, Root = rule.Root, Epsilon = rule.Epsilon, Decay = rule.Decay, Shrink = rule.Shrink;
    internal readonly int Ascend = rule.Ascend ? 1 : 0, HasLargest = hasLargest ? 1 : 0;
}

/// <summary><see cref="SgdRule"/>, and whether there is a velocity.</summary>
internal readonly struct SgdArguments(SgdRule rule, bool hasVelocity)
{
    internal readonly double Momentum = rule.Momentum, Fresh = rule.Fresh, Rate = rule.Rate, Decay = rule.Decay;
    internal readonly int Nesterov = rule.Nesterov ? 1 : 0, Ascend = rule.Ascend ? 1 : 0, HasVelocity = hasVelocity ? 1 : 0;
}

/// <summary>A whole step of an optimiser in one pass over a parameter and what belongs to it.</summary>
internal static class OptimKernels
{
    internal static void Adam<T, TReal>(Index1D i, ArrayView<T> p, ArrayView<T> gradient, ArrayView<T> m, ArrayView<T> v, ArrayView<T> largest, AdamArguments rule) where T : unmanaged where TReal : struct, IReal<T>
    {
        double g = TReal.Widen(gradient[i]);
        if (rule.Ascend != 0)
            g = -g;
        double value = TReal.Widen(p[i]);
        g += rule.Decay * value;
        value *= rule.Shrink;
        double first = TReal.Widen(m[i]) * rule.Beta1 + (1 - rule.Beta1) * g, second = TReal.Widen(v[i]) * rule.Beta2 + (1 - rule.Beta2) * g * g;
        m[i] = TReal.Narrow(first);
        v[i] = TReal.Narrow(second);
        if (rule.HasLargest != 0)
        {
            second = BinaryFunctions.Maximum.Of(TReal.Widen(largest[i]), second);
            largest[i] = TReal.Narrow(second);
        }
        p[i] = TReal.Narrow(value - rule.Rate * (first / (Math.Sqrt(second) / rule.Root + rule.Epsilon)));
    }

    internal static void Sgd<T, TReal>(Index1D i, ArrayView<T> p, ArrayView<T> gradient, ArrayView<T> velocity, SgdArguments rule) where T : unmanaged where TReal : struct, IReal<T>
    {
        double g = TReal.Widen(gradient[i]);
        if (rule.Ascend != 0)
            g = -g;
        double value = TReal.Widen(p[i]);
        g += rule.Decay * value;
        if (rule.HasVelocity != 0)
        {
            double speed = rule.Momentum * TReal.Widen(velocity[i]) + rule.Fresh * g;
            velocity[i] = TReal.Narrow(speed);
            g = rule.Nesterov != 0 ? g + rule.Momentum * speed : speed;
        }
        p[i] = TReal.Narrow(value - rule.Rate * g);
    }
}
