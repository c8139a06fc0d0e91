using TorchSharp.Cpu;
using static TorchSharp.torch;

namespace TorchSharp.Managed.Tests.Cpu;

/// <summary>Kernels that do several steps in one pass, against the plain loops that define them.</summary>
public sealed unsafe class FusedKernelTests
{
    private static readonly IBackend Fast = new CpuBackend();
    private static readonly IBackend Reference = new ReferenceBackend();

    [Fact]
    public void AdamStep_AnyRuleAndLength_MatchesReference()
    {
        var random = new System.Random(1);
        foreach (int count in new[] { 1, 7, 8, 31, 1000, 40_001 })
            for (int variant = 0; variant < 16; variant++)
            {
                var rule = new AdamRule(0.9, 0.99, 0.01, 0.7, 1e-8, (variant & 1) != 0 ? 0.1 : 0, (variant & 2) != 0 ? 0.999 : 1, (variant & 4) != 0);
                bool largest = (variant & 8) != 0;
                Same<float>(random, count, 5, 2e-6, $"{rule}, {count}", (b, type, a) => b.AdamStep(type, rule, (void*)a[0], (void*)a[1], (void*)a[2], (void*)a[3], largest ? (void*)a[4] : null, count));
                Same<double>(random, count, 5, 1e-14, $"{rule}, {count}", (b, type, a) => b.AdamStep(type, rule, (void*)a[0], (void*)a[1], (void*)a[2], (void*)a[3], largest ? (void*)a[4] : null, count));
            }
    }

    [Fact]
    public void SgdStep_AnyRuleAndLength_MatchesReference()
    {
        var random = new System.Random(2);
        foreach (int count in new[] { 1, 7, 8, 31, 1000, 40_001 })
            for (int variant = 0; variant < 16; variant++)
            {
                bool momentum = (variant & 8) != 0;
                var rule = new SgdRule(momentum ? 0.9 : 0, (variant & 1) != 0 ? 0.8 : 1, 0.05, (variant & 2) != 0 ? 0.1 : 0, momentum && (variant & 1) == 0, (variant & 4) != 0);
                Same<float>(random, count, 3, 2e-6, $"{rule}, {count}", (b, type, a) => b.SgdStep(type, rule, (void*)a[0], (void*)a[1], momentum ? (void*)a[2] : null, count));
                Same<double>(random, count, 3, 1e-14, $"{rule}, {count}", (b, type, a) => b.SgdStep(type, rule, (void*)a[0], (void*)a[1], momentum ? (void*)a[2] : null, count));
            }
    }

    /// <summary>Two steps, from a mean gradient of 0: what it then is leaves a variance.</summary>
    [Fact]
    public void RmsPropStep_AnyRuleAndLength_MatchesReference()
    {
        var random = new System.Random(6);
        foreach (int count in new[] { 1, 7, 8, 31, 1000, 40_001 })
            for (int variant = 0; variant < 16; variant++)
            {
                bool centred = (variant & 4) != 0, momentum = (variant & 8) != 0;
                var rule = new RmsPropRule(0.9, 0.01, 1e-8, momentum ? 0.8 : 0, (variant & 1) != 0 ? 0.1 : 0, (variant & 2) != 0);
                void Steps(IBackend b, ScalarType type, nint[] a)
                {
                    b.Fill(type, (void*)a[4], 0, count);
                    foreach (int gradient in new[] { 1, 2 })
                        b.RmsPropStep(type, rule, (void*)a[0], (void*)a[gradient], (void*)a[3], centred ? (void*)a[4] : null, momentum ? (void*)a[5] : null, count);
                }
                Same<float>(random, count, 6, 5e-6, $"{rule}, centred {centred}, {count}", Steps);
                Same<double>(random, count, 6, 1e-14, $"{rule}, centred {centred}, {count}", Steps);
            }
    }

    [Fact]
    public void AffineAndProjections_AnyShape_MatchReference()
    {
        var random = new System.Random(3);
        foreach ((long batch, long channels, long positions) in new[] { (1L, 1L, 1L), (3L, 5L, 1L), (2L, 3L, 7L), (4L, 2L, 33L), (1L, 6L, 2500L), (2L, 3L, 4097L), (0L, 3L, 4L) })
        {
            int count = (int)(batch * channels * positions), room = Math.Max(count, (int)channels);
            foreach (bool second in new[] { false, true })
                foreach (bool centred in new[] { false, true })
                    Same<float>(random, room, 7, 2e-6, $"affine {batch}×{channels}×{positions}, {second}, {centred}", (b, type, a) =>
                        b.Affine(type, (void*)a[0], second ? (void*)a[1] : null, (void*)a[2], (void*)a[3], (void*)a[4], centred ? (void*)a[5] : null, (void*)a[6], batch, channels, positions));
            foreach (bool centred in new[] { false, true })
            {
                Same<float>(random, room, 5, 3e-5, $"projections {batch}×{channels}×{positions}, {centred}", (b, type, a) =>
                    b.Projections(type, (void*)a[0], (void*)a[1], centred ? (void*)a[2] : null, (void*)a[3], (void*)a[4], batch, channels, positions));
                Same<double>(random, room, 5, 1e-12, $"projections {batch}×{channels}×{positions}, {centred}", (b, type, a) =>
                    b.Projections(type, (void*)a[0], (void*)a[1], centred ? (void*)a[2] : null, (void*)a[3], (void*)a[4], batch, channels, positions));
            }
        }
    }

    [Fact]
    public void AvgPool_RandomShapes_MatchesReference()
    {
        var random = new System.Random(4);
        for (int round = 0; round < 200; round++)
        {
            int kernel = random.Next(1, 5), stride = random.Next(1, 4), pad = random.Next(0, kernel / 2 + 1), height = random.Next(kernel, 20), width = random.Next(kernel, 30), planes = random.Next(1, 4);
            int outHeight = (height + 2 * pad - kernel) / stride + 1, outWidth = (width + 2 * pad - kernel) / stride + 1;
            var shape = new PoolShape(planes, height, width, kernel, kernel, stride, stride, pad, pad, 1, 1, outHeight, outWidth);
            bool counts = random.Next(2) == 0;
            long divisor = random.Next(3) == 0 ? 5 : 0;
            int room = planes * Math.Max(height * width, outHeight * outWidth);
            Same<float>(random, room, 2, 2e-6, $"{shape}", (b, type, a) => b.AvgPool(type, shape, counts, divisor, (void*)a[0], (void*)a[1]));
            Same<double>(random, room, 2, 1e-14, $"{shape}", (b, type, a) => b.AvgPool(type, shape, counts, divisor, (void*)a[0], (void*)a[1]));
            Same<float>(random, room, 2, 2e-6, $"{shape}, gradient", (b, type, a) => b.AvgPoolBackward(type, shape, counts, divisor, (void*)a[0], (void*)a[1]));
            Same<double>(random, room, 2, 0, $"{shape}, maximum", (b, type, a) => b.MaxPool(type, shape, (void*)a[0], (void*)a[1], null));
            Same<float>(random, room, 2, 0, $"{shape}, maximum", (b, type, a) => b.MaxPool(type, shape, (void*)a[0], (void*)a[1], null), special: true);
        }
    }

    [Fact]
    public void MaxPool_WithoutPositions_CarriesANaNWhereverItIs()
    {
        const int widest = 50;
        float* x = stackalloc float[4 * widest], y = stackalloc float[widest];
        for (int width = 2; width <= widest; width += 4 + width % 3)
        {
            int outWidth = width / 2;
            var shape = new PoolShape(1, 4, width, 2, 2, 2, 2, 0, 0, 1, 1, 2, outWidth);
            for (int at = 0; at < 4 * width; at++)
            {
                for (int i = 0; i < 4 * width; i++)
                    x[i] = i == at ? float.NaN : i % 7 - 3;
                Fast.MaxPool(ScalarType.Float32, shape, x, y, null);
                for (int i = 0; i < 2 * outWidth; i++)
                    Assert.Equal(i / outWidth == at / width / 2 && i % outWidth == at % width / 2, float.IsNaN(y[i]));
            }
        }
    }

    [Fact]
    public void BinaryRows_BroadcastEitherWay_MatchesReference()
    {
        var random = new System.Random(5);
        foreach (int count in new[] { 1, 5, 8, 100, 1023 })
            foreach ((long rowA, long strideA, long rowB, long strideB) in new[] { ((long)count, 1L, 0L, 1L), (count, 1, 1, 0), (0, 1, count, 1), (1, 0, count, 1), (1, 7, count, 1) })
                foreach (var kind in new[] { BinaryKind.Add, BinaryKind.Div, BinaryKind.Pow, BinaryKind.Fmod })
                    Same<float>(random, 7 * count + 7, 3, 1e-6, $"{kind} of rows of {count}", (b, type, a) => b.BinaryRows(kind, type, (void*)a[0], strideA, rowA, (void*)a[1], strideB, rowB, (void*)a[2], count, count, 7));
    }

    [Fact]
    public void Copy_TransposedViews_PutsEachElementInPlace()
    {
        foreach (var type in new[] { ScalarType.Byte, ScalarType.Float32, ScalarType.Float64 })
            foreach ((long rows, long columns) in new[] { (1L, 9L), (4L, 4L), (8L, 8L), (17L, 16L), (33L, 70L), (100L, 5L) })
            {
                using var scope = NewDisposeScope();
                Tensor x = arange(2 * rows * columns).remainder(251).to(type).reshape(2, rows, columns), y = x.transpose(1, 2).contiguous();
                for (long s = 0; s < 2; s++)
                    for (long i = 0; i < columns; i++)
                        for (long j = 0; j < rows; j++)
                            Assert.Equal(x[s, j, i].ToDouble(), y[s, i, j].ToDouble());
            }
    }

    private delegate void Call(IBackend backend, ScalarType type, nint[] arrays);

    /// <summary>Runs a call on both backends over copies of the same random positive arrays and compares all of them afterwards.</summary>
    private static void Same<T>(System.Random random, int count, int arrays, double tolerance, string what, Call call, bool special = false) where T : unmanaged, System.Numerics.IFloatingPoint<T>
    {
        Native<T>[] expected = [.. Enumerable.Range(0, arrays).Select(_ => Fill.Random<T>(random, count))], actual = [.. expected.Select(_ => new Native<T>(count))];
        for (int k = 0; k < arrays; k++)
        {
            if (!special)
                foreach (ref var value in expected[k].Span)
                    value = T.Abs(value) + T.CreateChecked(0.01);
            else if (count > 3)
                (expected[k].Span[count / 2], expected[k].Span[1]) = (T.CreateChecked(double.NaN), T.CreateChecked(-0.0));
            expected[k].Span.CopyTo(actual[k].Span);
        }
        var type = typeof(T) == typeof(float) ? ScalarType.Float32 : ScalarType.Float64;
        call(Reference, type, [.. expected.Select(a => (nint)a.Data)]);
        call(Fast, type, [.. actual.Select(a => (nint)a.Data)]);
        for (int k = 0; k < arrays; k++)
        {
            for (int i = 0; i < count; i++)
            {
                double e = double.CreateChecked(expected[k].Span[i]), a = double.CreateChecked(actual[k].Span[i]);
                Assert.True(double.IsNaN(e) ? double.IsNaN(a) : e == a || Math.Abs(e - a) <= tolerance * Math.Max(1, Math.Abs(e)), $"{what}, {typeof(T).Name}: array {k}[{i}] is {a:R}, expected {e:R}");
            }
            Assert.True(actual[k].GuardIntact, $"{what}: wrote behind array {k}");
            expected[k].Dispose();
            actual[k].Dispose();
        }
    }
}
