using ILGPU;

namespace TorchSharp.Gpu;

/// <summary>What needs a whole row before it writes: moments, softmax and its gradient. A group a row.</summary>
internal static class RowKernels
{
    private static double Sum(double value) => GroupFold.Of<double, Folds.Sum>(value);

    internal static void MeanAndSquares<T, TReal>(ArrayView<T> x, ArrayView<T> mean, ArrayView<T> squares, FoldShape shape, int n) where T : unmanaged where TReal : struct, IReal<T>
    {
        long start = shape.Start(Grid.IdxX);
        double sum = 0, square = 0;
        for (int k = Group.IdxX; k < n; k += Group.DimX)
            sum += TReal.Widen(x[start + k * shape.Step]);
        double average = Sum(sum) / n;
        for (int k = Group.IdxX; k < n; k += Group.DimX)
        {
            double d = TReal.Widen(x[start + k * shape.Step]) - average;
            square += d * d;
        }
        double total = Sum(square);
        if (Group.IdxX != 0)
            return;
        mean[Grid.IdxX] = TReal.Narrow(average);
        squares[Grid.IdxX] = TReal.Narrow(total);
    }

    internal static void Softmax<T, TReal>(ArrayView<T> x, ArrayView<T> y, FoldShape shape, int n, int log) where T : unmanaged where TReal : struct, IReal<T>
    {
        long start = shape.Start(Grid.IdxX);
        double max = double.NegativeInfinity;
        for (int k = Group.IdxX; k < n; k += Group.DimX)
            max = BinaryFunctions.Maximum.Of(max, TReal.Widen(x[start + k * shape.Step]));
        max = GroupFold.Of<double, Folds.Max>(max);
        double sum = 0;
        for (int k = Group.IdxX; k < n; k += Group.DimX)
            sum += TReal.Exp(TReal.Widen(x[start + k * shape.Step]) - max);
        sum = Sum(sum);
        double logarithm = log != 0 ? Math.Log(sum) : 0;
        for (int k = Group.IdxX; k < n; k += Group.DimX)
        {
            double d = TReal.Widen(x[start + k * shape.Step]) - max;
            y[start + k * shape.Step] = TReal.Narrow(log != 0 ? d - logarithm : TReal.Exp(d) / sum);
        }
    }

    internal static void SoftmaxBackward<T, TReal>(ArrayView<T> dy, ArrayView<T> y, ArrayView<T> dx, FoldShape shape, int n, int log) where T : unmanaged where TReal : struct, IReal<T>
    {
        long start = shape.Start(Grid.IdxX);
        double sum = 0;
        for (int k = Group.IdxX; k < n; k += Group.DimX)
        {
            long at = start + k * shape.Step;
            sum += TReal.Widen(dy[at]) * (log != 0 ? 1 : TReal.Widen(y[at]));
        }
        sum = Sum(sum);
        for (int k = Group.IdxX; k < n; k += Group.DimX)
        {
            long at = start + k * shape.Step;
            double gradient = TReal.Widen(dy[at]), output = TReal.Widen(y[at]);
            dx[at] = TReal.Narrow(log != 0 ? gradient - TReal.Exp(output) * sum : output * (gradient - sum));
        }
    }

    /// <summary>A group a channel of [batch, channels, positions].</summary>
    internal static void Projections<T, TReal>(ArrayView<T> a, ArrayView<T> b, ArrayView<T> center, ArrayView<T> sums, ArrayView<T> dots, ChannelShape shape, int hasCenter)
        where T : unmanaged where TReal : struct, IReal<T>
    {
        int channel = Grid.IdxX;
        double sum = 0, dot = 0, middle = hasCenter != 0 ? TReal.Widen(center[channel]) : 0;
        for (long k = Group.IdxX; k < shape.Count; k += Group.DimX)
        {
            long at = shape.At(channel, k);
            double value = TReal.Widen(a[at]);
            sum += value;
            dot += value * (TReal.Widen(b[at]) - middle);
        }
        sum = Sum(sum);
        dot = Sum(dot);
        if (Group.IdxX != 0)
            return;
        sums[channel] = TReal.Narrow(sum);
        dots[channel] = TReal.Narrow(dot);
    }

    /// <summary>sums[c] = Σ x[s, c, i]: the gradient of a bias.</summary>
    internal static void ChannelSums<T, TReal>(ArrayView<T> x, ArrayView<T> sums, ChannelShape shape) where T : unmanaged where TReal : struct, IReal<T>
    {
        double sum = 0;
        for (long k = Group.IdxX; k < shape.Count; k += Group.DimX)
            sum += TReal.Widen(x[shape.At(Grid.IdxX, k)]);
        sum = Sum(sum);
        if (Group.IdxX == 0)
            sums[Grid.IdxX] = TReal.Narrow(sum);
    }

    /// <summary>y = a·factorA[c] + (b − center[c])·factorB[c] + offset[c]; the flags say which of b and center there are. A thread an element.</summary>
    internal static void Affine<T, TReal>(Index1D i, ArrayView<T> a, ArrayView<T> b, ArrayView<T> y, ArrayView<T> factorA, ArrayView<T> factorB, ArrayView<T> center, ArrayView<T> offset, AffineShape shape)
        where T : unmanaged where TReal : struct, IReal<T>
    {
        int channel = shape.Channel(i);
        double value = TReal.Widen(a[i]) * TReal.Widen(factorA[channel]) + TReal.Widen(offset[channel]);
        if (shape.HasB != 0)
            value += (TReal.Widen(b[i]) - (shape.HasCenter != 0 ? TReal.Widen(center[channel]) : 0)) * TReal.Widen(factorB[channel]);
        y[i] = TReal.Narrow(value);
    }
}

/// <summary>[batch, channels, positions], walked a channel at a time.</summary>
internal readonly struct ChannelShape(long batch, long channels, long positions)
{
    private readonly long _channels = channels, _positions = positions;

    internal readonly long Count = batch * positions;

    internal long At(int channel, long k) => (k / _positions * _channels + channel) * _positions + k % _positions;
}

internal readonly struct AffineShape(long channels, long positions, bool hasB, bool hasCenter)
{
    private readonly int _channels = GpuDevice.Count(channels), _positions = GpuDevice.Count(positions);

    internal readonly int HasB = hasB ? 1 : 0, HasCenter = hasCenter ? 1 : 0;

    internal int Channel(int i) => i / _positions % _channels;
}
