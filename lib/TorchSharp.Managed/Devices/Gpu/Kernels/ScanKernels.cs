using ILGPU;

namespace TorchSharp.Gpu;

/// <summary>
/// Running results along the middle of [outer, n, inner]. A line is cut into parts: each is folded (<see cref="FoldKernels"/>), the results
/// are run through, and each part begins with what lies before it.
/// </summary>
internal static class ScanKernels
{
    /// <summary>A thread a line: what lies before each part, of the results of all. Not in place: PoCL then reads what it has just written.</summary>
    internal static void Carry<TWide, TFold>(Index1D line, ArrayView<TWide> parts, ArrayView<TWide> before, int count, int inner) where TWide : unmanaged where TFold : struct, IFold<TWide>
    {
        var value = TFold.Start;
        int o = line / inner, i = line % inner;
        long at = (long)o * count * inner + i;
        for (int k = 0; k < count; k++, at += inner)
        {
            before[at] = value;
            value = TFold.Of(value, parts[at]);
        }
    }

    /// <summary>A thread a part.</summary>
    internal static void Run<T, TElement, TOut, TOutElement, TWide, TFold>(Index1D part, ArrayView<T> x, ArrayView<TWide> before, ArrayView<TOut> y, FoldShape shape, int hasBefore)
        where T : unmanaged where TElement : struct, IElement<T, TWide> where TOut : unmanaged where TOutElement : struct, IElement<TOut, TWide>
        where TWide : unmanaged where TFold : struct, IFold<TWide>
    {
        var value = TFold.Start;
        if (hasBefore != 0)
            value = before[part];
        long start = shape.Start(part);
        int to = shape.To(part);
        for (int k = shape.From(part); k < to; k++)
        {
            value = TFold.Of(value, TElement.Widen(x[start + k * shape.Step]));
            y[start + k * shape.Step] = TOutElement.Narrow(value);
        }
    }

    /// <summary>A thread a line: the latest place of the extreme so far.</summary>
    internal static void ExtremeReal<T, TElement>(Index1D line, ArrayView<T> x, ArrayView<long> positions, FoldShape shape, int max) where T : unmanaged where TElement : struct, IElement<T, double>
    {
        long start = shape.Start(line);
        double best = TElement.Widen(x[start]);
        long position = 0;
        int to = shape.To(line);
        for (int k = 0; k < to; k++)
        {
            double value = TElement.Widen(x[start + k * shape.Step]);
            if (double.IsNaN(value) || (!double.IsNaN(best) && (max != 0 ? value >= best : value <= best)))
            {
                best = value;
                position = k;
            }
            positions[start + k * shape.Step] = position;
        }
    }

    internal static void ExtremeInteger<T, TElement>(Index1D line, ArrayView<T> x, ArrayView<long> positions, FoldShape shape, int max) where T : unmanaged where TElement : struct, IElement<T, long>
    {
        long start = shape.Start(line);
        long best = TElement.Widen(x[start]);
        long position = 0;
        int to = shape.To(line);
        for (int k = 0; k < to; k++)
        {
            long value = TElement.Widen(x[start + k * shape.Step]);
            if (max != 0 ? value >= best : value <= best)
            {
                best = value;
                position = k;
            }
            positions[start + k * shape.Step] = position;
        }
    }
}
