using ILGPU;

namespace TorchSharp.Gpu;

/// <summary>What an optimiser does, as a kernel takes it, and the kernel that does it to all parameters of a group.</summary>
internal interface IGroupRule<TRule> where TRule : struct, IGroupRule<TRule>
{
    static abstract Action<Index1D, ArrayView<long>, int, StepSegments<T>, TRule> Kernel<T, TReal>() where T : unmanaged where TReal : struct, IReal<T>;
}

/// <summary><see cref="AdamRule"/>, and whether the largest second moment is kept.</summary>
internal readonly struct AdamArguments(AdamRule rule, bool hasLargest) : IGroupRule<AdamArguments>
{
    internal readonly double Beta1 = rule.Beta1, Beta2 = rule.Beta2, Rate = rule.Rate, Root = rule.Root, Epsilon = rule.Epsilon, Decay = rule.Decay, Shrink = rule.Shrink;
    internal readonly int Ascend = rule.Ascend ? 1 : 0, HasLargest = hasLargest ? 1 : 0;

    static Action<Index1D, ArrayView<long>, int, StepSegments<T>, AdamArguments> IGroupRule<AdamArguments>.Kernel<T, TReal>() => OptimKernels.AdamGroup<T, TReal>;
}

/// <summary><see cref="SgdRule"/>, and whether there is a velocity.</summary>
internal readonly struct SgdArguments(SgdRule rule, bool hasVelocity) : IGroupRule<SgdArguments>
{
    internal readonly double Momentum = rule.Momentum, Fresh = rule.Fresh, Rate = rule.Rate, Decay = rule.Decay;
    internal readonly int Nesterov = rule.Nesterov ? 1 : 0, Ascend = rule.Ascend ? 1 : 0, HasVelocity = hasVelocity ? 1 : 0;

    static Action<Index1D, ArrayView<long>, int, StepSegments<T>, SgdArguments> IGroupRule<SgdArguments>.Kernel<T, TReal>() => OptimKernels.SgdGroup<T, TReal>;
}

/// <summary><see cref="RmsPropRule"/>, and whether it is centred and there is a velocity.</summary>
internal readonly struct RmsPropArguments(RmsPropRule rule, bool hasMean, bool hasVelocity) : IGroupRule<RmsPropArguments>
{
    internal readonly double Alpha = rule.Alpha, Rate = rule.Rate, Epsilon = rule.Epsilon, Momentum = rule.Momentum, Decay = rule.Decay;
    internal readonly int Ascend = rule.Ascend ? 1 : 0, HasMean = hasMean ? 1 : 0, HasVelocity = hasVelocity ? 1 : 0;

    static Action<Index1D, ArrayView<long>, int, StepSegments<T>, RmsPropArguments> IGroupRule<RmsPropArguments>.Kernel<T, TReal>() => OptimKernels.RmsPropGroup<T, TReal>;
}

/// <summary>The segments of memory in which the operands of a group's parameters lie.</summary>
internal readonly struct StepSegments<T>(ArrayView<T> a, ArrayView<T> b, ArrayView<T> c, ArrayView<T> d, ArrayView<T> e, ArrayView<T> f, ArrayView<T> g, ArrayView<T> h) where T : unmanaged
{
    internal readonly ArrayView<T> A = a, B = b, C = c, D = d, E = e, F = f, G = g, H = h;

    /// <summary>From a place of the table on.</summary>
    internal ArrayView<T> At(long place)
    {
        long number = place >> OptimKernels.ElementBits;
        var view = number == 0 ? A : number == 1 ? B : number == 2 ? C : number == 3 ? D : number == 4 ? E : number == 5 ? F : number == 6 ? G : H;
        return view.SubView(place & (1L << OptimKernels.ElementBits) - 1);
    }
}

/// <summary>A whole step of an optimiser in one pass over a parameter and what belongs to it, or over all parameters of a group.</summary>
/// <remarks>
/// A row of a group's table: the number of elements up to the parameter's end, and the places of what <see cref="StepOperands"/> has, in its
/// order: the number of the segment above <see cref="ElementBits"/>, below it the element.
/// </remarks>
internal static class OptimKernels
{
    internal const int Segments = 8, ElementBits = 40;
    private const int Row = 6;

    internal static void AdamGroup<T, TReal>(Index1D i, ArrayView<long> table, int parameters, StepSegments<T> segments, AdamArguments rule) where T : unmanaged where TReal : struct, IReal<T>
    {
        int row = Find(table, parameters, i);
        int at = (int)(i - Start(table, row));
        Adam<T, TReal>(at, segments.At(table[row + 1]), segments.At(table[row + 2]), segments.At(table[row + 3]), segments.At(table[row + 4]), segments.At(table[row + 5]), rule);
    }

    internal static void SgdGroup<T, TReal>(Index1D i, ArrayView<long> table, int parameters, StepSegments<T> segments, SgdArguments rule) where T : unmanaged where TReal : struct, IReal<T>
    {
        int row = Find(table, parameters, i);
        int at = (int)(i - Start(table, row));
        Sgd<T, TReal>(at, segments.At(table[row + 1]), segments.At(table[row + 2]), segments.At(table[row + 3]), rule);
    }

    internal static void RmsPropGroup<T, TReal>(Index1D i, ArrayView<long> table, int parameters, StepSegments<T> segments, RmsPropArguments rule) where T : unmanaged where TReal : struct, IReal<T>
    {
        int row = Find(table, parameters, i);
        int at = (int)(i - Start(table, row));
        RmsProp<T, TReal>(at, segments.At(table[row + 1]), segments.At(table[row + 2]), segments.At(table[row + 3]), segments.At(table[row + 4]), segments.At(table[row + 5]), rule);
    }

    /// <summary>Where the row of the parameter begins that has element i: the first that ends behind it.</summary>
    private static int Find(ArrayView<long> table, int parameters, int i)
    {
        int low = 0, high = parameters - 1;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (table[middle * Row] > i)
                high = middle;
            else
                low = middle + 1;
        }
        return low * Row;
    }

    private static long Start(ArrayView<long> table, int row) => row == 0 ? 0 : table[row - Row];

    internal static void Adam<T, TReal>(Index1D i, ArrayView<T> p, ArrayView<T> gradient, ArrayView<T> m, ArrayView<T> v, ArrayView<T> largest, AdamArguments rule) where T : unmanaged where TReal : struct, IReal<T>
    {
        double g = TReal.Widen(gradient[i]);
        if (rule.Ascend != 0)
            g = -g;
        double value = TReal.Widen(p[i]);
        if (rule.Decay != 0)
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
        if (rule.Decay != 0)
            g += rule.Decay * value;
        if (rule.HasVelocity != 0)
        {
            double speed = rule.Momentum * TReal.Widen(velocity[i]) + rule.Fresh * g;
            velocity[i] = TReal.Narrow(speed);
            g = rule.Nesterov != 0 ? g + rule.Momentum * speed : speed;
        }
        p[i] = TReal.Narrow(value - rule.Rate * g);
    }

    internal static void RmsProp<T, TReal>(Index1D i, ArrayView<T> p, ArrayView<T> gradient, ArrayView<T> squares, ArrayView<T> mean, ArrayView<T> velocity, RmsPropArguments rule) where T : unmanaged where TReal : struct, IReal<T>
    {
        double g = TReal.Widen(gradient[i]);
        if (rule.Ascend != 0)
            g = -g;
        double value = TReal.Widen(p[i]);
        if (rule.Decay != 0)
            g += rule.Decay * value;
        squares[i] = TReal.Narrow(TReal.Widen(squares[i]) * rule.Alpha + (1 - rule.Alpha) * g * g);
        double variance = TReal.Widen(squares[i]);
        if (rule.HasMean != 0)
        {
            mean[i] = TReal.Narrow(TReal.Widen(mean[i]) * rule.Alpha + (1 - rule.Alpha) * g);
            // Each rounded: where the gradient stays the same, v − m² would be a little less than 0, which has no root, more often.
            variance -= TReal.Widen(TReal.Narrow(TReal.Widen(mean[i]) * TReal.Widen(mean[i])));
        }
        double step = g / (Math.Sqrt(variance) + rule.Epsilon);
        if (rule.HasVelocity != 0)
        {
            step += rule.Momentum * TReal.Widen(velocity[i]);
            velocity[i] = TReal.Narrow(step);
        }
        p[i] = TReal.Narrow(value - rule.Rate * step);
    }
}
