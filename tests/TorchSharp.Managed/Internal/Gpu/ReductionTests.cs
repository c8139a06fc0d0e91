using static TorchSharp.torch;

namespace TorchSharp.Managed.Tests.Gpu;

public sealed unsafe class ReductionTests
{
    private static IEnumerable<(long Outer, long N, long Inner)> Shapes() => [(1, 1, 1), (3, 10, 1), (2, 3, 5), (1, 300, 2), (1, 130, 17), (1, 3000, 1), (2, 500, 1)];

    [Fact]
    public void Reduce_EveryKindAndShape_MatchesReference()
    {
        foreach (var kind in Enum.GetValues<ReduceKind>())
            foreach ((long outer, long n, long inner) in Shapes())
            {
                string what = $"{kind} of {outer}×{n}×{inner}";
                double low = kind == ReduceKind.Prod ? 0.99 : -3, high = kind == ReduceKind.Prod ? 1.01 : 3;
                float[] x = OnDevice.Random<float>(1, outer * n * inner, low, high);
                if (n > 100)
                    x[n / 2] = kind == ReduceKind.Sum ? 1e6f : float.NaN;
                OnDevice.Same(what, 1e-6, (b, a) => b.Reduce(kind, ScalarType.Float32, a.At(0), a.At(1), outer, n, inner), x, new float[outer * inner]);
                OnDevice.Same(what, 1e-12, (b, a) => b.Reduce(kind, ScalarType.Float64, a.At(0), a.At(1), outer, n, inner), OnDevice.Random<double>(2, outer * n * inner, low, high), new double[outer * inner]);
                if (n < 200)
                    OnDevice.Same(what, 0, (b, a) => b.Reduce(kind, ScalarType.Int32, a.At(0), a.At(1), outer, n, inner), OnDevice.Random<int>(3, outer * n * inner), new int[outer * inner]);
            }
    }

    [Fact]
    public void Sum_OfNothing_IsZero() =>
        OnDevice.Same("empty", 0, (b, a) => b.Reduce(ReduceKind.Sum, ScalarType.Float32, a.At(0), a.At(1), 2, 0, 3), new float[1], OnDevice.Random<float>(1, 6));

    [Fact]
    public void ArgReduce_TiesAndNaN_MatchReference()
    {
        foreach (bool max in new[] { true, false })
            foreach ((long outer, long n, long inner) in Shapes())
            {
                float[] x = OnDevice.Random<float>(1, outer * n * inner).Select(value => MathF.Round(value)).ToArray();
                if (n == 300)
                    x[100] = x[200] = float.NaN;
                OnDevice.Same($"arg {max}", 0, (b, a) => b.ArgReduce(max, ScalarType.Float32, a.At(0), (long*)a.At(1), outer, n, inner), x, new long[outer * inner]);
                OnDevice.Same($"arg {max}", 0, (b, a) => b.ArgReduce(max, ScalarType.Int64, a.At(0), (long*)a.At(1), outer, n, inner), OnDevice.Random<long>(2, outer * n * inner), new long[outer * inner]);
            }
    }

    [Fact]
    public void Moments_AnyShape_MatchReference()
    {
        foreach ((long outer, long n, long inner) in Shapes())
        {
            OnDevice.Same("moments", 1e-5, (b, a) => b.MeanAndSquares(ScalarType.Float32, a.At(0), a.At(1), a.At(2), outer, n, inner), OnDevice.Random<float>(1, outer * n * inner), new float[outer * inner], new float[outer * inner]);
            OnDevice.Same("moments", 1e-12, (b, a) => b.MeanAndSquares(ScalarType.Float64, a.At(0), a.At(1), a.At(2), outer, n, inner), OnDevice.Random<double>(1, outer * n * inner), new double[outer * inner], new double[outer * inner]);
        }
    }

    [Fact]
    public void Softmax_AndItsGradient_MatchReference()
    {
        foreach (bool log in new[] { false, true })
            foreach ((long outer, long n, long inner) in Shapes())
            {
                long count = outer * n * inner;
                OnDevice.Same("softmax", 3e-6, (b, a) => b.Softmax(log, ScalarType.Float32, a.At(0), a.At(1), outer, n, inner), OnDevice.Random<float>(1, count, -30, 90), new float[count]);
                OnDevice.Same("softmax", 1e-12, (b, a) => b.Softmax(log, ScalarType.Float64, a.At(0), a.At(0), outer, n, inner), OnDevice.Random<double>(2, count));
                OnDevice.Same("softmax gradient", 1e-5, (b, a) => b.SoftmaxBackward(log, ScalarType.Float32, a.At(0), a.At(1), a.At(2), outer, n, inner), OnDevice.Random<float>(3, count, -1, 1), OnDevice.Random<float>(4, count, -3, 0), new float[count]);
            }
    }

    [Fact]
    public void AffineAndProjections_WithAndWithoutTheirOptions_MatchReference()
    {
        foreach ((long batch, long channels, long positions) in new[] { (1L, 1L, 1L), (5L, 3L, 1L), (2L, 4L, 37L) })
            foreach (bool second in new[] { true, false })
                foreach (bool center in new[] { true, false })
                {
                    long count = batch * channels * positions;
                    OnDevice.Same("affine", 1e-6, (b, a) => b.Affine(ScalarType.Float32, a.At(0), second ? a.At(1) : null, a.At(2), a.At(3), second ? a.At(4) : null, center ? a.At(5) : null, a.At(6), batch, channels, positions),
                        OnDevice.Random<float>(1, count), OnDevice.Random<float>(2, count), new float[count], OnDevice.Random<float>(3, channels), OnDevice.Random<float>(4, channels), OnDevice.Random<float>(5, channels), OnDevice.Random<float>(6, channels));
                    if (second)
                        OnDevice.Same("projections", 1e-12, (b, a) => b.Projections(ScalarType.Float64, a.At(0), a.At(1), center ? a.At(2) : null, a.At(3), a.At(4), batch, channels, positions),
                            OnDevice.Random<double>(1, count), OnDevice.Random<double>(2, count), OnDevice.Random<double>(3, channels), new double[channels], new double[channels]);
                }
    }

    [Fact]
    public void StepsOfOptimisers_WithAndWithoutTheirOptions_MatchReference()
    {
        for (int options = 0; options < 8; options++)
        {
            bool one = (options & 1) != 0, two = (options & 2) != 0, three = (options & 4) != 0;
            var adam = new AdamRule(0.9, 0.999, 0.01, 0.7, 1e-8, one ? 0.1 : 0, two ? 0.99 : 1, three);
            OnDevice.Same("Adam", 2e-6, (b, a) => b.AdamStep(ScalarType.Float32, adam, a.At(0), a.At(1), a.At(2), a.At(3), one ? a.At(4) : null, 50),
                OnDevice.Random<float>(1, 50), OnDevice.Random<float>(2, 50), OnDevice.Random<float>(3, 50), OnDevice.Random<float>(4, 50, 0, 1), OnDevice.Random<float>(5, 50, 0, 1));
            var sgd = new SgdRule(0.9, 0.8, 0.01, one ? 0.1 : 0, two, three);
            OnDevice.Same("SGD", 1e-12, (b, a) => b.SgdStep(ScalarType.Float64, sgd, a.At(0), a.At(1), one ? a.At(2) : null, 50),
                OnDevice.Random<double>(1, 50), OnDevice.Random<double>(2, 50), OnDevice.Random<double>(3, 50));
            foreach (bool momentum in new[] { true, false })
            {
                var rms = new RmsPropRule(0.9, 0.01, 1e-8, 0.8, one ? 0.1 : 0, two);
                OnDevice.Same("RMSProp", 5e-6, (b, a) => b.RmsPropStep(ScalarType.Float32, rms, a.At(0), a.At(1), a.At(2), three ? a.At(3) : null, momentum ? a.At(4) : null, 50),
                    OnDevice.Random<float>(1, 50), OnDevice.Random<float>(2, 50), OnDevice.Random<float>(3, 50, 0.1, 1), OnDevice.Random<float>(4, 50, -0.1, 0.1), OnDevice.Random<float>(5, 50));
                OnDevice.Same("RMSProp", 1e-12, (b, a) => b.RmsPropStep(ScalarType.Float64, rms, a.At(0), a.At(1), a.At(2), three ? a.At(3) : null, momentum ? a.At(4) : null, 50),
                    OnDevice.Random<double>(1, 50), OnDevice.Random<double>(2, 50), OnDevice.Random<double>(3, 50, 0.1, 1), OnDevice.Random<double>(4, 50, -0.1, 0.1), OnDevice.Random<double>(5, 50));
            }
        }
    }
}
