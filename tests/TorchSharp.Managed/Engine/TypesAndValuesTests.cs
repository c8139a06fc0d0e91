using System.Runtime.InteropServices;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace TorchSharp.Managed.Tests;

/// <summary>Operations with types and values at their limits: what tests/fuzz found, as cases of their own.</summary>
public sealed class TypesAndValuesTests
{
    private static double[] Numbers(Tensor x) => x.to(float64).flatten().data<double>().ToArray();

    [Fact]
    public void Add_OfIntegersWithAFactor_StaysInteger() => Assert.Equal(int64, tensor(new[] { 1L, 2L }).add(1, 2).dtype);

    [Fact]
    public void IndexAdd_OfIntegersWithAFraction_CountsWholeTimes() =>
        Assert.Equal([-3, 0], Numbers(zeros(2, dtype: int32).index_add(0, tensor(new[] { 0L, 0L }), tensor(new[] { 1, 2 }), -1.5)));

    [Fact]
    public void IndexAdd_OfTruthValues_IsTheirOr() =>
        Assert.Equal([1, 0], Numbers(tensor(new[] { true, false }).index_add(0, tensor(new[] { 0L, 0L }), tensor(new[] { true, true }), true).to(int64)));

    [Fact]
    public void Conv2d_WithABiasOfAnotherType_IsRefused() =>
        Assert.Throws<ExternalException>(() => F.conv2d(ones(1, 1, 2, 2, dtype: float64), ones(1, 1, 1, 1, dtype: float64), ones(1)));

    [Fact]
    public void Shift_ByMoreThanTheBits_LeavesTheSignOnly()
    {
        Tensor x = tensor(new[] { 5, -5 }), by = tensor(new[] { 33, -1 });
        Assert.Equal([0, 0], Numbers(x.bitwise_left_shift(by)));
        Assert.Equal([0, -1], Numbers(x.bitwise_right_shift(by)));
    }

    [Fact]
    public void Angle_OfIntegersAndNaN_IsReal() =>
        Assert.Equal([0, Math.PI, double.NaN], [.. Numbers(tensor(new[] { 1, -1 }).angle()).Select(a => Math.Round(a, 6) == 3.141593 ? Math.PI : a), .. Numbers(tensor(new[] { double.NaN }).angle())]);

    [Fact]
    public void ScaledBessel_OfALargeArgument_IsFinite()
    {
        Assert.Equal(0.0126171, Numbers(special.i0e(tensor(new[] { 1000.0 })))[0], 6);
        Assert.Equal(-0.0126108, Numbers(special.i1e(tensor(new[] { -1000.0 })))[0], 6);
    }

    [Fact]
    public void LayerNorm_OfLargeFloat16_HasUnitVariance() =>
        Assert.Equal([-1.3418, -0.4473, 0.4473, 1.3418], Numbers(F.layer_norm(tensor(new float[] { -3000, -1000, 1000, 3000 }).to(float16), [4])), (a, b) => Math.Abs(a - b) < 2e-3);

    [Fact]
    public void Nearest_BesideAnInfinity_StaysWhatItIs() =>
        Assert.Equal([1, 1, double.PositiveInfinity, double.PositiveInfinity], Numbers(F.interpolate(tensor(new[] { 1, float.PositiveInfinity }).reshape(1, 1, 2), [4])));

    [Fact]
    public void Bilinear_OfBytes_IsRounded() =>
        Assert.Equal([0, 3, 8, 10], Numbers(F.interpolate(tensor(new byte[] { 0, 10, 0, 10 }).reshape(1, 1, 2, 2), [1, 4], mode: InterpolationMode.Bilinear)), (a, b) => Math.Abs(a - b) <= 1);

    [Fact]
    public void Pad_ByOneNumber_PadsEveryDimension() => Assert.Equal([4L, 5L], F.pad(ones(2, 3), 1).shape);

    [Fact]
    public void EntropyTerms_OfIntegers_AreReal() => Assert.Equal([0, double.NegativeInfinity], Numbers(special.entr(tensor(new[] { 1, -1 }))));

    [Fact]
    public void Xlog1py_OfATinyArgument_KeepsItsDigits() => Assert.Equal(1, Numbers(special.xlog1py(ones(1, dtype: float64), tensor(new[] { 1e-20 })))[0] / 1e-20, 6);

    [Fact]
    public void Log1p_OfTheLargestNumber_IsItsLogarithm() => Assert.Equal(709.78, Numbers(tensor(new[] { double.MaxValue }).log1p())[0], 2);

    [Fact]
    public void Threshold_OfNaN_IsNaN() => Assert.Equal([double.NaN, 7], Numbers(F.threshold(tensor(new[] { double.NaN, 0 }), 1, 7)));

    [Fact]
    public void WindowsOfAnEmptyBatch_AreEmpty()
    {
        var none = zeros(0, 2, 5, 5);
        Assert.Equal([0L, 2L, 2L, 2L], F.adaptive_max_pool2d(none, [2L, 2L]).shape);
        Assert.Equal([0L, 8L, 16L], F.unfold(none, 2).shape);
        Assert.Equal([0L, 2L, 5L], F.local_response_norm(zeros(0, 2, 5), 2).shape);
    }

    [Fact]
    public void IsIntegral_OfTruthValues_Holds() => Assert.True(tensor(true).is_integral());

    [Fact]
    public void Dot_OfDifferentLengths_IsAnInvalidOperation() => Assert.Throws<InvalidOperationException>(() => ones(3).dot(ones(4)));
}
