using System.Runtime.InteropServices;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace TorchSharp.Managed.Tests.Engine;

/// <summary>What PyTorch refuses, and gradients at places where a formula alone would give another one or NaN. Group "corners" of the golden files has the values.</summary>
public sealed class CornerTests
{
    private static readonly Tensor Bytes = tensor(new byte[] { 1, 2, 3 }), Longs = tensor(new long[] { 1, 2, 3 }), Singles = tensor(new[] { 1f, 2, 3 }), Flags = tensor(new[] { true, false, true });

    private static readonly Dictionary<string, (Func<object?> Call, string Message)> RefusedCases = new()
    {
        ["a mask subtracted"] = (() => Singles - Flags, "with a bool tensor is not supported"),
        ["a truth value subtracted"] = (() => Singles - true, "with a bool tensor is not supported"),
        ["a real alpha for integers"] = (() => Longs.add(Longs, 0.5), "argument alpha must not be a floating point number"),
        ["addcdiv of integers"] = (() => Singles.addcdiv(Longs, Longs, 1), "Integer division with addcdiv"),
        ["heaviside of two types"] = (() => Singles.heaviside(Longs), "different dtypes"),
        ["nanmean of integers"] = (() => Longs.nanmean(), "floating point"),
        ["hardtanh of truth values"] = (() => Flags.hardtanh(0, 1), "Bool inputs not supported"),
        ["relu of truth values"] = (() => Flags.relu(), "Boolean inputs not supported"),
        ["a number beyond the type"] = (() => Bytes.clone().fill_(300), "without overflow"),
        ["a negative real number in bytes"] = (() => full(2, -1.5, uint8), "without overflow"),
        ["a mask filled beyond the type"] = (() => Bytes.masked_fill(Flags, 1e3), "without overflow"),
        ["real numbers put into integers"] = (() => Longs.clone().index_put_(Singles, Longs - 1), "source and destination dtypes match"),
        ["a real result in place of integers"] = (() => Longs.clone().xlogy_(Singles), "can't be cast"),
        ["integers in place of truth values"] = (() => Flags.clone().gcd_(Longs), "can't be cast"),
        ["real numbers as indices"] = (() => Longs[Singles], "tensors used as indices must be"),
        ["a mask of real numbers"] = (() => Longs.masked_select(Singles), "expected BoolTensor or ByteTensor"),
        ["take with short indices"] = (() => Longs.take(tensor(new[] { 0 })), "Expected a long tensor"),
        ["classes of 32 bits"] = (() => F.cross_entropy(zeros(3, 2), tensor(new[] { 0, 1, 0 })), "expected scalar type Long"),
        ["a stretched tensor in place"] = (() => zeros(1).expand(3).add_(1), "refers to a single memory location"),
        ["a stretched tensor as target"] = (() => zeros(1).expand(3).copy_(Singles), "refers to a single memory location"),
        ["a window of another size"] = (() => Singles.slice_scatter(zeros(1), 0, 0, 2), "size equal to the slice"),
        ["reflection of too many dimensions"] = (() => F.pad(zeros(3, 3), [1, 1, 1, 1], PaddingModes.Reflect), "Only 2D, 3D, 4D, 5D padding"),
        ["the size of a point"] = (() => tensor(1f).size(-1), "no dimensions"),
        ["a point split"] = (() => tensor(1f).split([1L]), "at least a 1-dimensional"),
        ["a point in chunks"] = (() => tensor(1f).chunk(2), "at least a 1-dimensional"),
        ["a point in parts"] = (() => tensor(1f).tensor_split(2), "at least a 1-dimensional"),
        ["differences of a point"] = (() => tensor(1f).diff(), "at least one-dimensional"),
        ["the diagonal of a point"] = (() => tensor(1f).diag_embed(), "at least one dimension"),
        ["a vector turned"] = (() => Singles.rot90(), "total dims >= 2"),
        ["quantiles of nothing"] = (() => zeros(0).quantile(tensor(0.5f)), "non-empty"),
        ["the largest of nothing"] = (() => linalg.vector_norm(zeros(0), double.PositiveInfinity), "does not have an identity"),
        ["a singular matrix, errors checked"] = (() => linalg.inv_ex(zeros(2, 2), check_errors: true), "singular"),
    };

    public static TheoryData<string> Refused() => new(RefusedCases.Keys);

    [Theory, MemberData(nameof(Refused))]
    public void Operation_ThatPyTorchRefuses_ThrowsItsMessage(string name)
    {
        var failure = Assert.Throws<ExternalException>(() => RefusedCases[name].Call());
        Assert.Contains(RefusedCases[name].Message, failure.Message);
    }

    [Fact]
    public void NumberOverBytes_IsNotCutToABytesWidth() => Assert.Equal(150, (300 / tensor((byte)2)).ToSingle());

    [Fact]
    public void PlainInteger_WithTruthValues_GivesLongs()
    {
        Assert.Equal(int64, (Flags + 1).dtype);
        Assert.Equal(int64, (Flags * (byte)2).dtype);
        Assert.Equal(int32, (tensor(1) + 1L).dtype);
    }

    [Fact]
    public void ClampOfBytes_BelowZeroAndToARealNumber_KeepsBothBounds() => Assert.Equal([1f, 2, 2.5f], Bytes.clamp(-1, 2.5).data<float>().ToArray());

    [Fact]
    public void MedianOfNoIntegers_IsNoError() => Assert.Equal(int16, zeros(0, int16).median().dtype);

    [Fact]
    public void SingleValueUnderAMask_IsConverted()
    {
        var x = arange(4, dtype: float32);
        x[x > 1] = 7;
        Assert.Equal([0f, 1, 7, 7], x.data<float>().ToArray());
    }

    [Fact]
    public void TensorWithoutDimensions_AsIndex_SelectsLikeANumber()
    {
        Tensor x = arange(24).view(2, 3, 4), one = tensor(1L), rows = tensor(new long[] { 0, 2 });
        // As a number it takes its dimension away first, so that the other index stays in its place: [3, 2], not [2, 3].
        Assert.Equal([3L, 2], x[TensorIndex.Tensor(one), TensorIndex.Colon, TensorIndex.Tensor(rows)].shape);
        Assert.Equal(x[1].index_select(1, rows).data<long>().ToArray(), x[TensorIndex.Tensor(one), TensorIndex.Colon, TensorIndex.Tensor(rows)].data<long>().ToArray());
    }

    [Fact]
    public void IndexFill_OfAPoint_FillsIt()
    {
        var x = tensor(1f);
        Assert.Equal(2, x.index_fill_(0, tensor(new long[] { 0 }), 2).ToSingle());
        Assert.Equal(2, x.ToSingle());
    }

    [Fact]
    public void SingularMatrix_IsReportedAndNotANumber_AndTheOthersAreSolved()
    {
        var a = stack([zeros(2, 2), 2 * eye(2)]);
        var (inverse, info) = linalg.inv_ex(a);
        Assert.Equal([1, 0], info.data<int>().ToArray());
        Assert.True(inverse[0].isnan().all().ToBoolean());
        Assert.Equal([0.5f, 0, 0, 0.5f], inverse[1].data<float>().ToArray());
    }

    [Fact]
    public void StandardDeviation_OfEqualValues_HasGradientZero()
    {
        var x = ones(4, requires_grad: true);
        (x.std() * 3).backward();
        Assert.Equal([0f, 0, 0, 0], x.grad!.data<float>().ToArray());
    }

    [Fact]
    public void Clamp_WithBoundsThatChangedPlaces_GivesTheGradientToTheUpper()
    {
        Tensor x = zeros(1, requires_grad: true), low = ones(1, requires_grad: true), high = full(1, -1f, requires_grad: true);
        x.clamp(low, high).backward();
        Assert.Equal((0f, 0f, 1f), (x.grad!.item<float>(), low.grad!.item<float>(), high.grad!.item<float>()));
    }

    [Fact]
    public void Hardswish_AtItsBounds_HasTheSlopesOutside()
    {
        var x = tensor(new[] { -3f, 3 }, requires_grad: true);
        F.hardswish(x).sum().backward();
        Assert.Equal([0f, 1], x.grad!.data<float>().ToArray());
    }

    [Fact]
    public void Maximum_BesideNaN_GivesBothTheGradient()
    {
        Tensor a = tensor(new[] { double.NaN, 1 }, requires_grad: true), b = tensor(new[] { 0.0, 1 }, requires_grad: true);
        a.maximum(b).sum().backward();
        Assert.Equal([1.0, 0.5], a.grad!.data<double>().ToArray());
        Assert.Equal([1.0, 0.5], b.grad!.data<double>().ToArray());
    }

    [Fact]
    public void Logit_AtZeroAndBeyond_HasInfiniteSlopeAndNone()
    {
        Tensor x = tensor(new[] { 0.0, 2 }, requires_grad: true), cut = tensor(new[] { 0.0, 0.5 }, requires_grad: true);
        x.logit().sum().backward();
        cut.logit(0.1).sum().backward();
        Assert.Equal([double.PositiveInfinity, double.NaN], x.grad!.data<double>().ToArray());
        Assert.Equal([0.0, 4], cut.grad!.data<double>().ToArray());
    }

    [Fact]
    public void Xlogy_AtZero_HasTheSlopeOfTheLogarithm()
    {
        var x = zeros(1, float64, requires_grad: true);
        x.xlogy(3).backward();
        Assert.Equal(Math.Log(3), x.grad!.item<double>(), 1e-15);
    }

    [Fact]
    public void CopyOfAWiderType_KeepsItsGradientsType()
    {
        Tensor x = zeros(2, float16), value = ones(2, float64, requires_grad: true);
        x.copy_(value);
        x.sum().backward();
        Assert.Equal(float64, value.grad!.dtype);
    }
}
