using System.Numerics;
using System.Runtime.Intrinsics;
using TorchSharp.Cpu;

namespace TorchSharp.Managed.Tests.Cpu;

/// <summary>Forward pass and both gradients against their definition, for random strides, padding, dilation and groups.</summary>
public sealed unsafe class ConvolutionTests
{
    [Fact] public void Run_RandomShapes_MatchesDefinition_SinglePortable() => Compare<PortableLanes<float>, Vector<float>, float>(2e-5);
    [Fact] public void Run_RandomShapes_MatchesDefinition_DoublePortable() => Compare<PortableLanes<double>, Vector<double>, double>(1e-13);
    [Fact] public void Run_RandomShapes_MatchesDefinition_SingleWide() => Compare<WideLanes<float>, Vector512<float>, float>(2e-5);
    [Fact] public void Run_RandomShapes_MatchesDefinition_DoubleWide() => Compare<WideLanes<double>, Vector512<double>, double>(1e-13);

    private static void Compare<L, V, T>(double tolerance) where L : ILanes<V, T> where V : struct where T : unmanaged, INumber<T>
    {
        var random = new System.Random(1);
        for (int round = 0; round < 120; round++)
        {
            if (RandomShape(random, round) is not { } s)
                continue;
            long sizeX = s.Batch * s.InChannels * s.Height * s.Width, sizeY = s.Batch * s.OutChannels * s.OutHeight * s.OutWidth;
            long sizeW = s.OutChannels * (s.InChannels / s.Groups) * s.KernelHeight * s.KernelWidth;
            using var x = Fill.Random<T>(random, sizeX);
            using var w = Fill.Random<T>(random, sizeW);
            using var bias = Fill.Random<T>(random, s.OutChannels);
            using var dy = Fill.Random<T>(random, sizeY);
            using var y = Fill.Random<T>(random, sizeY);
            using var dx = Fill.Random<T>(random, sizeX);
            using var dw = Fill.Random<T>(random, sizeW);
            using var db = Fill.Random<T>(random, s.OutChannels);
            Convolution<L, V, T>.Run(s, x.Data, w.Data, round % 3 == 0 ? null : bias.Data, y.Data);
            Convolution<L, V, T>.BackwardInput(s, dy.Data, w.Data, dx.Data);
            Convolution<L, V, T>.BackwardWeight(s, x.Data, dy.Data, dw.Data, db.Data);

            var expected = Definition(s, x.Data, w.Data, round % 3 == 0 ? null : bias.Data, dy.Data);
            Same(expected.Y, y, tolerance, s, "y");
            Same(expected.Dx, dx, tolerance, s, "dx");
            Same(expected.Dw, dw, tolerance, s, "dw");
            Same(expected.Db, db, tolerance, s, "db");
        }
    }

    private static ConvShape? RandomShape(System.Random random, int round)
    {
        // Every fourth has neither strides nor padding: the usual case, which has loops of its own.
        bool plain = round % 4 == 1;
        int Often1(int most) => plain || random.Next(3) > 0 ? 1 : random.Next(1, most);
        int groups = random.Next(4) == 0 ? random.Next(1, 4) : 1;
        int channels = groups * (round % 50 == 7 ? 70 : random.Next(1, 5)), outputs = groups * random.Next(1, round % 10 == 0 ? 20 : 9);
        int kernelHeight = random.Next(1, 6), kernelWidth = random.Next(1, 6), strideHeight = Often1(4), strideWidth = Often1(4);
        int padHeight = plain ? 0 : random.Next(3), padWidth = plain ? 0 : random.Next(3), dilationHeight = Often1(4), dilationWidth = Often1(4);
        int height = round % 50 == 9 ? 150 : random.Next(1, 20), width = random.Next(1, round % 5 == 0 ? 70 : 24);
        int spareHeight = height + 2 * padHeight - dilationHeight * (kernelHeight - 1) - 1, spareWidth = width + 2 * padWidth - dilationWidth * (kernelWidth - 1) - 1;
        return spareHeight < 0 || spareWidth < 0 ? null : new ConvShape(random.Next(1, 5), channels, height, width, outputs, kernelHeight, kernelWidth,
            strideHeight, strideWidth, padHeight, padWidth, dilationHeight, dilationWidth, groups, spareHeight / strideHeight + 1, spareWidth / strideWidth + 1);
    }

    private static (double[] Y, double[] Dx, double[] Dw, double[] Db) Definition<T>(ConvShape s, T* x, T* w, T* bias, T* dy) where T : unmanaged, INumber<T>
    {
        long inputs = s.InChannels / s.Groups, outputs = s.OutChannels / s.Groups;
        double[] y = new double[s.Batch * s.OutChannels * s.OutHeight * s.OutWidth];
        double[] dx = new double[s.Batch * s.InChannels * s.Height * s.Width];
        double[] dw = new double[s.OutChannels * inputs * s.KernelHeight * s.KernelWidth];
        double[] db = new double[s.OutChannels];
        long at = 0;
        for (long n = 0; n < s.Batch; n++)
            for (long o = 0; o < s.OutChannels; o++)
                for (long i = 0; i < s.OutHeight; i++)
                    for (long j = 0; j < s.OutWidth; j++, at++)
                    {
                        double gradient = double.CreateChecked(dy[at]), sum = bias == null ? 0 : double.CreateChecked(bias[o]);
                        db[o] += gradient;
                        for (long c = 0; c < inputs; c++)
                            for (long p = 0; p < s.KernelHeight; p++)
                                for (long q = 0; q < s.KernelWidth; q++)
                                {
                                    long h = i * s.StrideHeight + p * s.DilationHeight - s.PadHeight, v = j * s.StrideWidth + q * s.DilationWidth - s.PadWidth;
                                    if (h < 0 || v < 0 || h >= s.Height || v >= s.Width)
                                        continue;
                                    long xi = ((n * s.InChannels + o / outputs * inputs + c) * s.Height + h) * s.Width + v;
                                    long wi = ((o * inputs + c) * s.KernelHeight + p) * s.KernelWidth + q;
                                    sum += double.CreateChecked(x[xi]) * double.CreateChecked(w[wi]);
                                    dx[xi] += gradient * double.CreateChecked(w[wi]);
                                    dw[wi] += gradient * double.CreateChecked(x[xi]);
                                }
                        y[at] = sum;
                    }
        return (y, dx, dw, db);
    }

    private static void Same<T>(double[] expected, Native<T> actual, double tolerance, ConvShape shape, string name) where T : unmanaged, INumber<T>
    {
        double scale = Math.Max(1, expected.Max(Math.Abs));
        for (int i = 0; i < expected.Length; i++)
        {
            double value = double.CreateChecked(actual.Data[i]);
            Assert.True(Math.Abs(value - expected[i]) <= tolerance * scale, $"{name}[{i}] is {value}, expected {expected[i]}, for {shape}");
        }
        Assert.True(actual.GuardIntact, $"something was written behind {name}, for {shape}");
    }
}
