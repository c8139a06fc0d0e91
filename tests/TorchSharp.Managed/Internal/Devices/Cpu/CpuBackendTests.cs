using TorchSharp.Cpu;
using static TorchSharp.torch;

namespace TorchSharp.Managed.Tests.Cpu;

/// <summary>The fast backend against the readable one, method by method, with NaN, infinities and lengths around a register.</summary>
public sealed unsafe class CpuBackendTests
{
    private static readonly IBackend Fast = new CpuBackend();
    private static readonly IBackend Reference = new ReferenceBackend();
    private static readonly long[] Lengths = [0, 1, 3, 4, 7, 8, 9, 15, 16, 17, 31, 33, 100, 1000, 70_001];

    public static TheoryData<string> UnaryKinds() => new(Enum.GetNames<UnaryKind>());

    public static TheoryData<string> BinaryKinds() => new(Enum.GetNames<BinaryKind>());

    [Theory, MemberData(nameof(UnaryKinds))]
    public void Unary_AnyKind_MatchesReference(string name)
    {
        var kind = Enum.Parse<UnaryKind>(name);
        foreach (long length in Lengths)
        {
            if (length > 2000 && kind is not (UnaryKind.Exp or UnaryKind.Relu))
                continue;
            Same<float>(length, 1e-6, name, (b, x, _, y) => b.Unary(kind, ScalarType.Float32, x, y, length));
            Same<double>(length, 1e-14, name, (b, x, _, y) => b.Unary(kind, ScalarType.Float64, x, y, length));
        }
    }

    [Theory, MemberData(nameof(BinaryKinds))]
    public void Binary_AnyKindAndStrides_MatchesReference(string name)
    {
        var kind = Enum.Parse<BinaryKind>(name);
        if (kind is BinaryKind.BitAnd or BinaryKind.BitOr or BinaryKind.BitXor or BinaryKind.ShiftLeft or BinaryKind.ShiftRight)
            return;
        foreach (long length in Lengths)
            foreach ((long strideA, long strideB) in new[] { (1L, 1L), (0L, 1L), (1L, 0L), (0L, 0L) })
            {
                if (length > 2000 && kind != BinaryKind.Add)
                    continue;
                Same<float>(length, 1e-6, name, (b, x, z, y) => b.Binary(kind, ScalarType.Float32, x, strideA, z, strideB, y, length));
                Same<double>(length, 1e-14, name, (b, x, z, y) => b.Binary(kind, ScalarType.Float64, x, strideA, z, strideB, y, length));
            }
    }

    [Fact]
    public void Binary_ResultOverLeftOperand_MatchesReference()
    {
        foreach (long length in Lengths)
            Same<float>(length, 0, "x -= z", (b, x, z, y) =>
            {
                new Span<float>(x, (int)length).CopyTo(new Span<float>(y, (int)length));
                b.Binary(BinaryKind.Sub, ScalarType.Float32, y, 1, z, 1, y, length);
            });
    }

    [Fact]
    public void AddScaled_AnyLength_MatchesReference()
    {
        foreach (long length in Lengths)
            Same<float>(length, 1e-6, "y += 0.3x", (b, x, z, y) =>
            {
                new Span<float>(z, (int)length).CopyTo(new Span<float>(y, (int)length));
                b.AddScaled(ScalarType.Float32, y, x, 0.3, length);
            });
    }

    [Fact]
    public void Compare_AnyKindAndStrides_MatchesReference()
    {
        foreach (var kind in Enum.GetValues<CompareKind>())
            foreach (long length in Lengths)
                foreach ((long strideA, long strideB) in new[] { (1L, 1L), (0L, 1L), (1L, 0L) })
                    Same<float>(length, (length + 3) / 4, 0, $"{kind}", (b, x, z, y) => b.Compare(kind, ScalarType.Float32, x, strideA, z, strideB, (byte*)y, length));
    }

    [Fact]
    public void Reduce_AnyKindAndShape_MatchesReference()
    {
        foreach (var kind in Enum.GetValues<ReduceKind>())
            foreach ((long outer, long n, long inner) in Shapes())
            {
                if (kind != ReduceKind.Sum && n == 0)
                    continue;
                string what = $"{kind} of {outer}×{n}×{inner}";
                Same<float>(outer * n * inner, outer * inner, 1e-5, what, (b, x, _, y) => b.Reduce(kind, ScalarType.Float32, x, y, outer, n, inner));
                Same<double>(outer * n * inner, outer * inner, 1e-12, what, (b, x, _, y) => b.Reduce(kind, ScalarType.Float64, x, y, outer, n, inner));
            }
    }

    [Fact]
    public void Softmax_AnyShape_MatchesReference()
    {
        foreach ((long outer, long n, long inner) in Shapes())
            foreach (bool log in new[] { false, true })
            {
                long size = outer * n * inner;
                Same<float>(size, 2e-6, $"softmax {log} of {outer}×{n}×{inner}", (b, x, _, y) => b.Softmax(log, ScalarType.Float32, x, y, outer, n, inner));
                Same<double>(size, 1e-13, $"softmax {log} of {outer}×{n}×{inner}", (b, x, _, y) => b.Softmax(log, ScalarType.Float64, x, y, outer, n, inner));
                Same<float>(size, 3e-5, $"softmax gradient {log} of {outer}×{n}×{inner}", (b, x, z, y) => b.SoftmaxBackward(log, ScalarType.Float32, x, z, y, outer, n, inner));
            }
    }

    [Fact]
    public void MeanAndSquares_AnyShape_MatchesReference()
    {
        foreach ((long outer, long n, long inner) in Shapes())
        {
            if (n == 0)
                continue;
            Same<float>(outer * n * inner, 2 * outer * inner, 2e-5, $"moments of {outer}×{n}×{inner}",
                (b, x, _, y) => b.MeanAndSquares(ScalarType.Float32, x, y, (float*)y + outer * inner, outer, n, inner));
        }
    }

    [Fact]
    public void MaxPool_RandomShapes_MatchesReferenceWithIndices()
    {
        var random = new System.Random(3);
        for (int round = 0; round < 300; round++)
        {
            bool pairs = round % 2 == 0;
            int kernel = pairs ? 2 : random.Next(1, 4), stride = pairs ? 2 : random.Next(1, 4), pad = pairs ? 0 : random.Next(0, kernel / 2 + 1), dilation = pairs ? 1 : random.Next(1, 3);
            int height = random.Next(2, 30), width = random.Next(2, 50);
            int outHeight = (height + 2 * pad - dilation * (kernel - 1) - 1) / stride + 1, outWidth = (width + 2 * pad - dilation * (kernel - 1) - 1) / stride + 1;
            if (height + 2 * pad < dilation * (kernel - 1) + 1 || width + 2 * pad < dilation * (kernel - 1) + 1)
                continue;
            var shape = new PoolShape(random.Next(1, 4), height, width, kernel, kernel, stride, stride, pad, pad, dilation, dilation, outHeight, outWidth);
            long inputs = shape.Planes * height * width, outputs = shape.Planes * outHeight * outWidth;
            Same<float>(inputs, outputs, 0, $"{shape}", (b, x, _, y) =>
            {
                using var indices = new Native<long>(outputs);
                b.MaxPool(ScalarType.Float32, shape, x, y, indices.Data);
            }, round % 5 == 0);
            // A kernel of two with padding gives more outputs than inputs, and the second array is the outputs' gradient.
            Same<float>(Math.Max(inputs, outputs), inputs, 0, $"{shape}, gradient", (b, x, z, y) =>
            {
                using var indices = new Native<long>(outputs);
                using var maxima = new Native<float>(outputs);
                b.MaxPool(ScalarType.Float32, shape, x, maxima.Data, indices.Data);
                b.MaxPoolBackward(ScalarType.Float32, shape.Planes, height * width, outHeight * outWidth, z, indices.Data, y);
            }, round % 5 == 0);
        }
    }

    [Fact]
    public void MatMul_BatchedAndTransposedResult_MatchesReference()
    {
        var random = new System.Random(4);
        for (int round = 0; round < 200; round++)
        {
            int batch = random.Next(1, 4), m = random.Next(1, 30), n = random.Next(1, 30), k = random.Next(1, 30);
            bool ta = random.Next(2) == 0, tb = random.Next(2) == 0, tc = random.Next(2) == 0, shared = random.Next(3) == 0;
            int sizeA = m * k, sizeB = k * n, sizeC = m * n;
            long inputs = batch * Math.Max(sizeA, sizeB);
            Same<float>(inputs, batch * sizeC, 1e-5, $"{batch} × {m}×{k}×{n}", (b, x, z, y) => b.MatMul(ScalarType.Float32, batch, m, n, k,
                new MatrixRef((nint)x, ta ? 1 : k, ta ? m : 1, sizeA), new MatrixRef((nint)z, tb ? 1 : n, tb ? k : 1, shared ? 0 : sizeB),
                new MatrixRef((nint)y, tc ? 1 : n, tc ? m : 1, sizeC), false), false);
        }
    }

    private static IEnumerable<(long Outer, long N, long Inner)> Shapes() =>
        [(1, 1, 1), (3, 10, 1), (64, 10, 1), (2, 0, 1), (2, 0, 3), (0, 5, 2), (5, 1, 7), (1, 300, 9), (2, 129, 33), (1, 70_001, 1), (4, 2500, 1), (2, 17, 5)];

    private delegate void Call(IBackend backend, void* x, void* z, void* y);

    private static void Same<T>(long length, double tolerance, string what, Call call) where T : unmanaged, System.Numerics.INumber<T> =>
        Same<T>(length, length, tolerance, what, call);

    /// <summary>Runs a call on both backends with the same two inputs and compares what they wrote, guards included.</summary>
    private static void Same<T>(long inputs, long outputs, double tolerance, string what, Call call, bool special = true) where T : unmanaged, System.Numerics.INumber<T>
    {
        var random = new System.Random(11);
        using var x = Fill.Random<T>(random, inputs);
        using var z = Fill.Random<T>(random, inputs);
        if (special && inputs is > 3 and < 2000)
        {
            x.Span[1] = T.CreateChecked(double.NaN);
            z.Span[2] = T.CreateChecked(double.NaN);
            x.Span[3] = T.CreateChecked(-0.0);
            if (inputs > 40)
                x.Span[(int)inputs / 2] = T.CreateSaturating(double.PositiveInfinity);
        }
        using var expected = new Native<T>(outputs);
        using var actual = new Native<T>(outputs);
        expected.Span.Clear();
        actual.Span.Clear();
        call(Reference, x.Data, z.Data, expected.Data);
        call(Fast, x.Data, z.Data, actual.Data);
        for (int i = 0; i < outputs; i++)
        {
            double e = double.CreateChecked(expected.Span[i]), a = double.CreateChecked(actual.Span[i]);
            bool same = double.IsNaN(e) ? double.IsNaN(a) : e == a || Math.Abs(e - a) <= tolerance * Math.Max(1, Math.Abs(e));
            Assert.True(same, $"{what}, {typeof(T).Name}, {inputs} elements: [{i}] is {a}, expected {e}");
        }
        Assert.True(actual.GuardIntact, $"{what}, {typeof(T).Name}, {inputs} elements: wrote behind the result");
    }
}
