using TorchSharp.Cpu;
using static TorchSharp.torch;

namespace TorchSharp.Managed.Tests.Cpu;

/// <summary>The vector functions against double precision: over their whole range, at the special values, and at lengths that end amid a register.</summary>
public sealed unsafe class VectorMathTests
{
    private static readonly IBackend Fast = new CpuBackend();

    /// <summary>Relative tolerance, and an absolute one for functions whose terms cancel; both in floats' own precision 2⁻²³ ≈ 1.2·10⁻⁷.</summary>
    private static readonly Dictionary<UnaryKind, (Func<double, double> Function, double From, double To, double Relative, double Absolute)> Functions = new()
    {
        [UnaryKind.Exp] = (Math.Exp, -110, 95, 2.5e-7, 2e-45),
        [UnaryKind.Expm1] = (SpecialFunctions.Expm1, -110, 95, 3e-7, 0),
        [UnaryKind.Log] = (Math.Log, 0, 1e6, 2.5e-7, 0),
        [UnaryKind.Log1p] = (SpecialFunctions.Log1p, -1, 1e6, 3e-7, 0),
        [UnaryKind.Sin] = (Math.Sin, -20_000, 20_000, 1.5e-7, 1.2e-7),
        [UnaryKind.Cos] = (Math.Cos, -20_000, 20_000, 1.5e-7, 1.2e-7),
        [UnaryKind.Tanh] = (Math.Tanh, -12, 12, 5e-7, 0),
        [UnaryKind.Sigmoid] = (x => 1 / (1 + Math.Exp(-x)), -87, 90, 5e-7, 1e-38),
        [UnaryKind.LogSigmoid] = (x => -SpecialFunctions.Log1p(Math.Exp(-Math.Abs(x))) + Math.Min(x, 0), -90, 80, 6e-7, 0),
        [UnaryKind.Silu] = (x => x / (1 + Math.Exp(-x)), -80, 90, 6e-7, 1e-36),
        [UnaryKind.Erf] = (SpecialFunctions.Erf, -6, 6, 8e-7, 0),
        [UnaryKind.Gelu] = (x => 0.5 * x * SpecialFunctions.Erfc(-x * Math.Sqrt(0.5)), -10, 10, 8e-7, 1e-6),
    };

    public static TheoryData<string> Kinds() => new(Functions.Keys.Select(kind => $"{kind}"));

    [Theory, MemberData(nameof(Kinds))]
    public void Unary_OverItsRange_IsWithinTolerance(string name)
    {
        var kind = Enum.Parse<UnaryKind>(name);
        var (function, from, to, relative, absolute) = Functions[kind];
        const int count = 200_003;
        using var x = new Native<float>(count);
        using var y = new Native<float>(count);
        var random = new System.Random(3);
        for (int i = 0; i < count; i++)
            x.Span[i] = (i % 3) switch
            {
                0 => (float)(from + (to - from) * i / count),
                // Every magnitude, denormal numbers included.
                1 => (float)Math.Clamp(Math.Pow(10, random.NextDouble() * 50 - 44) * (random.Next(2) == 0 ? 1 : -1), from, to),
                _ => (float)Math.Clamp(random.NextDouble() * 4 - 2, from, to),
            };
        Fast.Unary(kind, ScalarType.Float32, x.Data, y.Data, count);
        for (int i = 0; i < count; i++)
        {
            double expected = function(x.Span[i]), actual = y.Span[i];
            if ((float)expected is var rounded && (float.IsInfinity(rounded) || float.IsNaN(rounded)))
                Assert.Equal(rounded, y.Span[i]);
            else
                Assert.True(Math.Abs(actual - expected) <= relative * Math.Abs(expected) + Math.Max(absolute, 1.5e-45), $"{kind}({x.Span[i]:R}) is {actual:R}, expected {expected:R}");
        }
        Assert.True(y.GuardIntact);
    }

    [Theory, MemberData(nameof(Kinds))]
    public void Unary_SpecialValues_AreThoseOfTheDefinition(string name)
    {
        var kind = Enum.Parse<UnaryKind>(name);
        float[] values = [float.NaN, float.PositiveInfinity, float.NegativeInfinity, 0f, -0f, float.Epsilon, -float.Epsilon, 1e-40f, -1e-40f, float.MaxValue, -float.MaxValue, 1f, -1f, 88.7f, 88.8f, -87.4f, -103.9f, -104.1f];
        foreach (float value in values)
            for (int length = 1; length <= 9; length += 4)
            {
                using var x = new Native<float>(length);
                using var y = new Native<float>(length);
                x.Span.Fill(value);
                Fast.Unary(kind, ScalarType.Float32, x.Data, y.Data, length);
                float expected = ReferenceBackend.Apply(kind, value), actual = y.Span[length - 1];
                if (float.IsNaN(expected))
                    Assert.True(float.IsNaN(actual), $"{kind}({value:R}) is {actual:R}, expected NaN");
                else
                    Assert.True(actual == expected || Math.Abs(actual - (double)expected) <= 1e-6 * Math.Abs(expected) + 1.5e-45 || (kind is UnaryKind.Sigmoid or UnaryKind.Silu && Math.Abs(actual - expected) < 1e-36),
                        $"{kind}({value:R}) is {actual:R}, expected {expected:R}");
                if (expected == 0 && value == 0)
                    Assert.Equal(float.IsNegative(expected), float.IsNegative(actual));
            }
    }

    [Fact]
    public void Unary_AnyPositionInARow_GivesTheSameBits()
    {
        const int count = 131;
        using var x = Fill.Random<float>(new System.Random(8), count);
        // Several registers with a value that the logarithms do not expect are worked on one by one; those of the second half have none.
        for (int i = count / 2; i < count; i++)
            x.Span[i] = Math.Abs(x.Span[i]) + 1e-3f;
        using var whole = new Native<float>(count);
        using var one = new Native<float>(1);
        foreach (var kind in Functions.Keys)
        {
            Fast.Unary(kind, ScalarType.Float32, x.Data, whole.Data, count);
            for (int i = 0; i < count; i++)
            {
                Fast.Unary(kind, ScalarType.Float32, x.Data + i, one.Data, 1);
                Assert.Equal(BitConverter.SingleToInt32Bits(whole.Span[i]), BitConverter.SingleToInt32Bits(one.Span[0]));
            }
        }
    }

    [Fact]
    public void Pow_AnyExponent_IsWithinToleranceOfDouble()
    {
        var random = new System.Random(4);
        const int count = 1031;
        using var a = new Native<float>(count);
        using var b = new Native<float>(count);
        using var y = new Native<float>(count);
        foreach (float exponent in new[] { 0f, 1f, 2f, 3f, 0.5f, -0.5f, -1f, 1.7f, -3.25f, 11f, float.NaN, float.PositiveInfinity })
        {
            for (int i = 0; i < count; i++)
            {
                a.Span[i] = i % 7 == 0 ? -(float)random.NextDouble() * 3 : (float)Math.Pow(10, random.NextDouble() * 8 - 4);
                b.Span[i] = exponent;
            }
            (a.Span[1], a.Span[2], a.Span[3]) = (0f, float.PositiveInfinity, float.NaN);
            foreach (bool scalar in new[] { true, false })
            {
                Fast.Binary(BinaryKind.Pow, ScalarType.Float32, a.Data, 1, b.Data, scalar ? 0 : 1, y.Data, count);
                for (int i = 0; i < count; i++)
                {
                    float expected = (float)Math.Pow(a.Span[i], exponent), actual = y.Span[i];
                    Assert.True(float.IsNaN(expected) ? float.IsNaN(actual) : actual == expected || Math.Abs(actual - (double)expected) <= 3e-7 * Math.Abs(expected), $"{a.Span[i]:R} to the power {exponent:R} is {actual:R}, expected {expected:R}");
                }
            }
        }
    }

    [Fact]
    public void Max_RowsOfAnyLength_CarriesNaN()
    {
        for (int length = 1; length < 80; length++)
        {
            using var x = Fill.Random<float>(new System.Random(length), length);
            float expected = x.Span[0];
            foreach (float value in x.Span)
                expected = Math.Max(expected, value);
            Assert.Equal(expected, Extremes<MaximumFunction<float>, float>.Of(x.Data, length));
            x.Span[length / 2] = float.NaN;
            Assert.True(float.IsNaN(Extremes<MaximumFunction<float>, float>.Of(x.Data, length)), $"length {length}");
        }
    }

    [Theory, InlineData(131), InlineData(72), InlineData(5)]
    public void Softmax_ResultTooLargeForTheCaches_IsThatOfEachRow(int n)
    {
        long rows = Elementwise.StreamBytes / sizeof(float) / n + 3;
        using var x = Fill.Random<float>(new System.Random(n), (int)(rows * n));
        using var whole = new Native<float>((int)(rows * n));
        using var one = new Native<float>(n);
        // Masked positions, and a difference whose power is not a normal number.
        (x.Span[n / 2], x.Span[n], x.Span[2 * n + 1]) = (float.NegativeInfinity, -95, float.NaN);
        foreach (bool log in new[] { false, true })
        {
            Fast.Softmax(log, ScalarType.Float32, x.Data, whole.Data, rows, n, 1);
            for (long r = 0; r < rows; r += r is > 40 && r < rows - 40 ? 997 : 1)
            {
                Fast.Softmax(log, ScalarType.Float32, x.Data + r * n, one.Data, 1, n, 1);
                Assert.True(one.Span.SequenceEqual(whole.Span.Slice((int)(r * n), n)), $"row {r} of {rows}");
            }
            Assert.True(whole.GuardIntact);
        }
    }

    [Fact]
    public void Pow_ResultsOfEveryMagnitude_AreWithinToleranceAndTheSameAlone()
    {
        var random = new System.Random(6);
        const int count = 20_011;
        using var a = new Native<float>(count);
        using var b = new Native<float>(count);
        using var y = new Native<float>(count);
        using var one = new Native<float>(1);
        for (int i = 0; i < count; i++)
        {
            // Bases of every magnitude and near 1; exponents that lead to any result from 0 to infinity.
            a.Span[i] = i % 2 == 0 ? (float)Math.Pow(10, random.NextDouble() * 70 - 35) : 1 + (random.NextSingle() - 0.5f) / (1 << random.Next(20));
            b.Span[i] = (float)((random.NextDouble() * 290 - 155) / (Math.Log2(a.Span[i]) + 1e-9));
        }
        Fast.Binary(BinaryKind.Pow, ScalarType.Float32, a.Data, 1, b.Data, 1, y.Data, count);
        for (int i = 0; i < count; i++)
        {
            float expected = (float)Math.Pow(a.Span[i], b.Span[i]), actual = y.Span[i];
            Assert.True(actual == expected || Math.Abs(actual - (double)expected) <= 3e-7 * Math.Abs((double)expected) + 1.5e-45, $"{a.Span[i]:R} to the power {b.Span[i]:R} is {actual:R}, expected {expected:R}");
            Fast.Binary(BinaryKind.Pow, ScalarType.Float32, a.Data + i, 1, b.Data + i, 1, one.Data, 1);
            Assert.Equal(BitConverter.SingleToInt32Bits(actual), BitConverter.SingleToInt32Bits(one.Span[0]));
        }
        Assert.True(y.GuardIntact);
    }
}
