using ILGPU;

namespace TorchSharp.Gpu;

/// <summary>Normalisations and the loss of classes, each in one pass: a group reads its row, channel or targets as often as it must, and nothing lies between.</summary>
internal static class OnePassKernels
{
    private static double Sum(double value) => GroupFold.Of<double, Folds.Sum>(value);

    /// <summary>A group a row.</summary>
    internal static void NormaliseRows<T, TReal>(ArrayView<T> x, ArrayView<T> y, ArrayView<T> scale, int n, double epsilon) where T : unmanaged where TReal : struct, IReal<T>
    {
        long start = (long)Grid.IdxX * n;
        double sum = 0, square = 0;
        for (int k = Group.IdxX; k < n; k += Group.DimX)
            sum += TReal.Widen(x[start + k]);
        double mean = Sum(sum) / n;
        for (int k = Group.IdxX; k < n; k += Group.DimX)
        {
            double d = TReal.Widen(x[start + k]) - mean;
            square += d * d;
        }
        double factor = 1 / Math.Sqrt(Sum(square) / n + epsilon);
        for (int k = Group.IdxX; k < n; k += Group.DimX)
            y[start + k] = TReal.Narrow((TReal.Widen(x[start + k]) - mean) * factor);
        if (Group.IdxX == 0)
            scale[Grid.IdxX] = TReal.Narrow(factor);
    }

    /// <summary>A group a row.</summary>
    internal static void NormaliseRowsBackward<T, TReal>(ArrayView<T> dy, ArrayView<T> y, ArrayView<T> scale, ArrayView<T> dx, int n) where T : unmanaged where TReal : struct, IReal<T>
    {
        long start = (long)Grid.IdxX * n;
        double sum = 0, dot = 0;
        for (int k = Group.IdxX; k < n; k += Group.DimX)
        {
            double gradient = TReal.Widen(dy[start + k]);
            sum += gradient;
            dot += gradient * TReal.Widen(y[start + k]);
        }
        double mean = Sum(sum) / n, slope = Sum(dot) / n, factor = TReal.Widen(scale[Grid.IdxX]);
        for (int k = Group.IdxX; k < n; k += Group.DimX)
            dx[start + k] = TReal.Narrow((TReal.Widen(dy[start + k]) - mean - TReal.Widen(y[start + k]) * slope) * factor);
    }

    /// <summary>A group a channel.</summary>
    internal static void NormaliseChannels<T, TReal>(ArrayView<T> x, ArrayView<T> weight, ArrayView<T> bias, ArrayView<T> y, ArrayView<T> mean, ArrayView<T> variance, ArrayView<T> scale, ChannelPass pass) where T : unmanaged where TReal : struct, IReal<T>
    {
        int channel = Grid.IdxX;
        double sum = 0, square = 0;
        for (long k = Group.IdxX; k < pass.Shape.Count; k += Group.DimX)
            sum += TReal.Widen(x[pass.Shape.At(channel, k)]);
        double average = Sum(sum) / pass.Shape.Count;
        for (long k = Group.IdxX; k < pass.Shape.Count; k += Group.DimX)
        {
            double d = TReal.Widen(x[pass.Shape.At(channel, k)]) - average;
            square += d * d;
        }
        double spread = Sum(square) / pass.Shape.Count, root = 1 / Math.Sqrt(spread + pass.Epsilon);
        double factor = pass.HasWeight != 0 ? root * TReal.Widen(weight[channel]) : root, offset = pass.HasBias != 0 ? TReal.Widen(bias[channel]) : 0;
        for (long k = Group.IdxX; k < pass.Shape.Count; k += Group.DimX)
        {
            long at = pass.Shape.At(channel, k);
            y[at] = TReal.Narrow((TReal.Widen(x[at]) - average) * factor + offset);
        }
        if (Group.IdxX != 0)
            return;
        mean[channel] = TReal.Narrow(average);
        variance[channel] = TReal.Narrow(spread);
        scale[channel] = TReal.Narrow(root);
    }

    /// <summary>A group a channel. dweight and dbias lie one after the other.</summary>
    internal static void NormaliseChannelsBackward<T, TReal>(ArrayView<T> dy, ArrayView<T> x, ArrayView<T> weight, ArrayView<T> mean, ArrayView<T> scale, ArrayView<T> dx, ArrayView<T> dparameters, ChannelPass pass) where T : unmanaged where TReal : struct, IReal<T>
    {
        int channel = Grid.IdxX;
        double average = TReal.Widen(mean[channel]), root = TReal.Widen(scale[channel]), sum = 0, dot = 0;
        for (long k = Group.IdxX; k < pass.Shape.Count; k += Group.DimX)
        {
            long at = pass.Shape.At(channel, k);
            double gradient = TReal.Widen(dy[at]);
            sum += gradient;
            dot += gradient * (TReal.Widen(x[at]) - average);
        }
        sum = Sum(sum);
        dot = Sum(dot) * root;
        double factor = pass.HasWeight != 0 ? root * TReal.Widen(weight[channel]) : root, middle = sum / pass.Shape.Count, slope = dot / pass.Shape.Count * root;
        for (long k = Group.IdxX; k < pass.Shape.Count; k += Group.DimX)
        {
            long at = pass.Shape.At(channel, k);
            dx[at] = TReal.Narrow((TReal.Widen(dy[at]) - middle - (TReal.Widen(x[at]) - average) * slope) * factor);
        }
        if (Group.IdxX != 0)
            return;
        dparameters[channel] = TReal.Narrow(dot);
        dparameters[Grid.DimX + channel] = TReal.Narrow(sum);
    }

    /// <summary>One group.</summary>
    internal static void NegativeLog<T, TReal>(ArrayView<T> x, ArrayView<long> target, ArrayView<T> y, ArrayView<T> share, ClassPass pass, ArrayView<int> fault) where T : unmanaged where TReal : struct, IReal<T>
    {
        double sum = 0, counted = 0;
        for (int k = Group.IdxX; k < pass.Count; k += Group.DimX)
        {
            long chosen = target[k];
            if (chosen == pass.Ignored)
                continue;
            if (chosen < 0 || chosen >= pass.Classes)
            {
                fault[0] = 1;
                continue;
            }
            sum -= TReal.Widen(x[pass.At(k, chosen)]);
            counted += 1;
        }
        sum = Sum(sum);
        counted = pass.Mean != 0 ? Sum(counted) : 1;
        if (Group.IdxX != 0)
            return;
        y[0] = TReal.Narrow(sum / counted);
        share[0] = TReal.Narrow(1 / counted);
    }

    /// <summary>A thread an element of dx.</summary>
    internal static void NegativeLogBackward<T, TReal>(Index1D i, ArrayView<T> dy, ArrayView<T> share, ArrayView<long> target, ArrayView<T> dx, ClassPass pass) where T : unmanaged where TReal : struct, IReal<T>
    {
        long chosen = target[pass.Target(i)];
        bool counts = chosen == pass.Class(i) && chosen != pass.Ignored;
        dx[i] = TReal.Narrow(counts ? -TReal.Widen(dy[0]) * TReal.Widen(share[0]) : 0);
    }
}

/// <summary>What a pass over channels needs to know.</summary>
internal readonly struct ChannelPass(ChannelShape shape, double epsilon, bool hasWeight, bool hasBias)
{
    internal readonly ChannelShape Shape = shape;
    internal readonly double Epsilon = epsilon;
    internal readonly int HasWeight = hasWeight ? 1 : 0, HasBias = hasBias ? 1 : 0;
}

/// <summary>Scores [batch, classes, positions] and a class for each of [batch, positions].</summary>
internal readonly struct ClassPass(long batch, long classes, long positions, long ignored, bool mean)
{
    private readonly int _positions = GpuDevice.Count(positions);

    internal readonly int Count = GpuDevice.Count(batch * positions), Classes = GpuDevice.Count(classes), Mean = mean ? 1 : 0;
    internal readonly long Ignored = ignored;

    internal long At(int k, long chosen) => ((long)(k / _positions) * Classes + chosen) * _positions + k % _positions;

    internal int Target(int i) => i / _positions / Classes * _positions + i % _positions;

    internal int Class(int i) => i / _positions % Classes;
}
