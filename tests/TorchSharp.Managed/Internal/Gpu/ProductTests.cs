using TorchSharp.Gpu;
using static TorchSharp.torch;

namespace TorchSharp.Managed.Tests.Gpu;

public sealed unsafe class ProductTests
{
    /// <param name="onCpu">The kernels for devices that are CPUs, whatever this one is.</param>
    private static void Same(bool onCpu, string what, double tolerance, OnDevice.Call call, params Array[] arrays) =>
        OnDevice.Same(OnDevice.Device, new GpuBackend(OnDevice.Device, onCpu), what, tolerance, call, arrays);

    [Theory, InlineData(false), InlineData(true)]
    public void MatMul_RandomShapesAndStrides_MatchesReference(bool onCpu)
    {
        var random = new System.Random(4);
        for (int round = 0; round < 25; round++)
        {
            int batch = random.Next(1, 4), m = random.Next(1, 40), n = random.Next(1, 40), k = round % 5 == 0 ? random.Next(130, 400) : random.Next(0, 30);
            bool ta = random.Next(2) == 0, tb = random.Next(2) == 0, tc = random.Next(2) == 0, shared = random.Next(3) == 0, accumulate = random.Next(2) == 0;
            int sizeA = m * k, sizeB = k * n, sizeC = m * n;
            void Call(IBackend b, nint[] a, ScalarType type) => b.MatMul(type, batch, m, n, k, new MatrixRef(a[0], ta ? 1 : k, ta ? m : 1, sizeA),
                new MatrixRef(a[1], tb ? 1 : n, tb ? k : 1, shared ? 0 : sizeB), new MatrixRef(a[2], tc ? 1 : n, tc ? m : 1, sizeC), accumulate);
            string what = $"{batch} × {m}×{k}×{n} {ta} {tb} {tc} {shared} {accumulate}";
            Same(onCpu, what, 3e-5, (b, a) => Call(b, a, ScalarType.Float32), OnDevice.Random<float>(1, batch * sizeA + 1), OnDevice.Random<float>(2, batch * sizeB + 1), OnDevice.Random<float>(3, batch * sizeC));
            if (round % 4 == 0)
                Same(onCpu, what, 1e-12, (b, a) => Call(b, a, ScalarType.Float64), OnDevice.Random<double>(1, batch * sizeA + 1), OnDevice.Random<double>(2, batch * sizeB + 1), OnDevice.Random<double>(3, batch * sizeC));
            if (round % 8 == 0)
                Same(onCpu, what, 0, (b, a) => Call(b, a, ScalarType.Int64), OnDevice.Random<long>(1, batch * sizeA + 1), OnDevice.Random<long>(2, batch * sizeB + 1), OnDevice.Random<long>(3, batch * sizeC));
        }
    }

    [Theory, InlineData(false), InlineData(true)]
    public void Convolution_RandomShapes_ForwardAndBothGradientsMatchReference(bool onCpu)
    {
        var random = new System.Random(5);
        for (int round = 0; round < 20; round++)
        {
            int groups = round % 4 == 0 ? 2 : 1, batch = random.Next(1, 4), channels = groups * random.Next(1, 4), outputs = groups * random.Next(1, round % 3 == 0 ? 13 : 4);
            int kernel = random.Next(1, 4), stride = random.Next(1, 3), pad = random.Next(0, 3), dilation = random.Next(1, 3);
            int height = random.Next(6, 11), width = random.Next(6, 12);
            int outHeight = (height + 2 * pad - dilation * (kernel - 1) - 1) / stride + 1, outWidth = (width + 2 * pad - dilation * (kernel - 1) - 1) / stride + 1;
            var shape = new ConvShape(batch, channels, height, width, outputs, kernel, kernel, stride, stride, pad, pad, dilation, dilation, groups, outHeight, outWidth);
            float[] x = OnDevice.Random<float>(1, shape.InputCount), weight = OnDevice.Random<float>(2, shape.WeightCount), dy = OnDevice.Random<float>(3, shape.OutputCount);
            bool bias = round % 2 == 0;
            Same(onCpu, $"{shape}", 3e-5, (b, a) => b.Conv(ScalarType.Float32, shape, a.At(0), a.At(1), bias ? a.At(2) : null, a.At(3)), x, weight, OnDevice.Random<float>(4, outputs), new float[shape.OutputCount]);
            Same(onCpu, $"{shape}", 3e-5, (b, a) => b.ConvBackwardInput(ScalarType.Float32, shape, a.At(0), a.At(1), a.At(2)), dy, weight, new float[shape.InputCount]);
            Same(onCpu, $"{shape}", 3e-5, (b, a) => b.ConvBackwardWeight(ScalarType.Float32, shape, a.At(0), a.At(1), a.At(2), bias ? a.At(3) : null), x, dy, new float[shape.WeightCount], new float[outputs]);
            if (round % 5 == 0)
                Same(onCpu, $"{shape}", 1e-12, (b, a) => b.Conv(ScalarType.Float64, shape, a.At(0), a.At(1), null, a.At(2)),
                    OnDevice.Random<double>(1, shape.InputCount), OnDevice.Random<double>(2, shape.WeightCount), new double[shape.OutputCount]);
        }
    }

    [Fact]
    public void Pooling_RandomShapes_ForwardAndGradientsMatchReference()
    {
        var random = new System.Random(6);
        for (int round = 0; round < 20; round++)
        {
            int kernel = random.Next(1, 4), stride = random.Next(1, 4), pad = random.Next(0, kernel / 2 + 1), dilation = round % 3 == 0 ? 2 : 1, planes = random.Next(1, 4);
            int height = random.Next(6, 12), width = random.Next(6, 12);
            int outHeight = (height + 2 * pad - dilation * (kernel - 1) - 1) / stride + 1, outWidth = (width + 2 * pad - dilation * (kernel - 1) - 1) / stride + 1;
            var shape = new PoolShape(planes, height, width, kernel, kernel, stride, stride, pad, pad, dilation, dilation, outHeight, outWidth);
            long inputs = (long)planes * height * width, outputs = (long)planes * outHeight * outWidth;
            float[] x = OnDevice.Random<float>(1, inputs), dy = OnDevice.Random<float>(2, outputs);
            x[7] = float.NaN;
            OnDevice.Same($"{shape}", 1e-6, (b, a) =>
            {
                b.MaxPool(ScalarType.Float32, shape, a.At(0), a.At(1), (long*)a.At(2));
                b.MaxPoolBackward(ScalarType.Float32, planes, height * width, outHeight * outWidth, a.At(3), (long*)a.At(2), a.At(4));
            }, x, new float[outputs], new long[outputs], dy, new float[inputs]);
            OnDevice.Same($"{shape}", 0, (b, a) => b.MaxPool(ScalarType.Float32, shape, a.At(0), a.At(1), null), x, new float[outputs]);
            if (dilation > 1)
                continue;
            bool count = round % 2 == 0;
            long divisor = round % 5 == 1 ? 3 : 0;
            OnDevice.Same($"{shape}", 1e-6, (b, a) => b.AvgPool(ScalarType.Float32, shape, count, divisor, a.At(0), a.At(1)), x, new float[outputs]);
            OnDevice.Same($"{shape}", 1e-6, (b, a) => b.AvgPoolBackward(ScalarType.Float32, shape, count, divisor, a.At(0), a.At(1)), dy, new float[inputs]);
        }
    }
}
