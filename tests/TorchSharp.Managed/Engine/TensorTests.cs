using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace TorchSharp.Managed.Tests;

public class TensorTests
{
    private static float[] F(Tensor x) => x.to(float32).data<float>().ToArray();

    [Fact]
    public void Tensor_FromARectangularArray_KeepsItsShapeAndType()
    {
        var x = tensor(new[,] { { 1L, 2, 3 }, { 4, 5, 6 } });
        Assert.Equal([2, 3], x.shape);
        Assert.Equal(ScalarType.Int64, x.dtype);
        Assert.Equal(6, x[1, 2].ToInt64());
    }

    [Fact]
    public void Disposed_TensorUsedAgain_Throws()
    {
        var x = ones(2);
        x.Dispose();
        Assert.Throws<InvalidOperationException>(() => x + 1);
        Assert.Throws<InvalidOperationException>(() => x.shape);
        Assert.Throws<InvalidOperationException>(() => x.data<float>());
        x.Dispose();
    }

    [Fact]
    public void DisposeScope_DisposesAllButWhatIsMovedOut()
    {
        Tensor kept, lost;
        using (var scope = NewDisposeScope())
        {
            lost = ones(2);
            kept = (lost + 1).MoveToOuterDisposeScope();
            Assert.Equal(1, scope.DisposablesCount);
        }
        Assert.True(lost.IsInvalid);
        Assert.False(kept.IsInvalid);
        Assert.Equal([2f, 2], F(kept));
    }

    [Fact]
    public void Add_OfIncompatibleShapes_NamesBoth()
    {
        var error = Assert.Throws<ExternalException>(() => ones(2, 3) + ones(4, 3));
        Assert.Contains("[2, 3]", error.Message);
        Assert.Contains("[4, 3]", error.Message);
    }

    [Fact]
    public void Matmul_OfIncompatibleShapes_NamesBoth() =>
        Assert.Contains("(2x3 and 2x3)", Assert.Throws<ExternalException>(() => ones(2, 3).matmul(ones(2, 3))).Message);

    [Theory]
    [InlineData(ScalarType.Int64, ScalarType.Float32, ScalarType.Float32)]
    [InlineData(ScalarType.Byte, ScalarType.Int8, ScalarType.Int16)]
    [InlineData(ScalarType.Bool, ScalarType.Int32, ScalarType.Int32)]
    [InlineData(ScalarType.Float32, ScalarType.Float64, ScalarType.Float64)]
    public void Arithmetic_OfTwoTypes_Promotes(ScalarType a, ScalarType b, ScalarType expected) => Assert.Equal(expected, (ones(2, dtype: a) + ones(2, dtype: b)).dtype);

    [Fact]
    public void Arithmetic_WithNumbers_KeepsTheTensorsTypeWithinItsCategory()
    {
        Assert.Equal(ScalarType.Float32, (ones(2) * 2.5).dtype);
        Assert.Equal(ScalarType.Float32, (ones(2, dtype: int64) * 2.5).dtype);
        Assert.Equal(ScalarType.Int32, (ones(2, dtype: int32) * 2L).dtype);
        Assert.Equal(ScalarType.Float32, (ones(2, dtype: int64) / 2).dtype);
        Assert.Equal(ScalarType.Float32, (ones(2) + tensor(1.0)).dtype);
        Assert.Equal(ScalarType.Float64, (ones(2) + tensor(new[] { 1.0 })).dtype);
    }

    [Fact]
    public void Broadcasting_OverSeveralDimensions_EqualsLoops()
    {
        var a = arange(24, dtype: float32).reshape(2, 3, 4).permute(2, 0, 1);
        var b = arange(3, dtype: float32);
        var sum = a + b;
        Assert.Equal([4, 2, 3], sum.shape);
        for (int i = 0; i < 4; i++)
            for (int j = 0; j < 2; j++)
                for (int k = 0; k < 3; k++)
                    Assert.Equal(j * 12 + k * 4 + i + k, sum[i, j, k].ToSingle());
    }

    [Fact]
    public void View_OfTransposed_IsRefusedAndReshapeCopies()
    {
        var x = arange(6).reshape(2, 3).t();
        Assert.Throws<ExternalException>(() => x.view(6));
        Assert.Equal([0f, 3, 1, 4, 2, 5], F(x.reshape(6)));
        Assert.Equal([3, 2, 1], x.view(3, 2, 1).shape);
    }

    [Fact]
    public void Views_ShareMemory()
    {
        var x = zeros(2, 3);
        x[1].fill_(7);
        x[TensorIndex.Colon, 0] = tensor(new[] { 1f, 2 });
        x.t()[2, 0] = 5;
        Assert.Equal([1f, 0, 5, 2, 7, 7], F(x));
    }

    [Fact]
    public void Indexing_AsPythonDoes()
    {
        var x = arange(24).reshape(2, 3, 4);
        Assert.Equal([2, 2], x[TensorIndex.Colon, 1, 1..3].shape);
        Assert.Equal([2, 3], x[TensorIndex.Ellipsis, -1].shape);
        Assert.Equal([1, 2, 3, 4], x[TensorIndex.None].shape);
        Assert.Equal([2, 3, 2], x[TensorIndex.Ellipsis, TensorIndex.Slice(step: 2)].shape);
        Assert.Equal(23, x[-1, -1, -1].ToInt64());
        Assert.Equal(12, x[x > 11].numel());
        Assert.Equal([2, 2, 4], x[TensorIndex.Colon, TensorIndex.Tensor(tensor(new long[] { 2, 0 }))].shape);
        Assert.Equal([2, 3], x[TensorIndex.Tensor(tensor(new long[] { 0, 1 })), TensorIndex.Colon, TensorIndex.Tensor(tensor(new long[] { 0, 1 }))].shape);
        Assert.Contains("out of range", Assert.Throws<ExternalException>(() => x[2]).Message);
        Assert.Contains("too many indices", Assert.Throws<ExternalException>(() => x[0, 0, 0, (TensorIndex)0]).Message);
    }

    [Fact]
    public void MaskAssignment_WritesWhereTrue()
    {
        var x = arange(6, dtype: float32);
        x[x > 2.5] = 0;
        Assert.Equal([0f, 1, 2, 0, 0, 0], F(x));
    }

    [Fact]
    public void EmptyTensors_PassThroughOperations()
    {
        var x = zeros(0, 3);
        Assert.Equal([0, 3], (x + 1).shape);
        Assert.Equal([3], x.sum(0L).shape);
        Assert.Equal(0, x.sum().ToSingle());
        Assert.Equal([0, 5], x.matmul(ones(3, 5)).shape);
        Assert.Equal([4, 5], zeros(4, 0).matmul(zeros(0, 5)).shape);
        Assert.Equal([2, 3], cat([x, ones(2, 3)]).shape);
        Assert.True(double.IsNaN(x.mean().ToDouble()));
        Assert.Throws<ExternalException>(() => x.max());
        Assert.Equal([0, 2], x.nonzero().shape);
        Assert.Equal([0, 3], x.softmax(1).shape);
        Assert.Equal([0, 3], x[x.sum(1) > 0].shape);
    }

    [Fact]
    public void NaN_IsCarriedByMaxAndComparedFalse()
    {
        var x = tensor(new[] { 1f, float.NaN, 3 });
        Assert.True(float.IsNaN(x.max().ToSingle()));
        Assert.Equal(1, x.argmax().ToInt64());
        Assert.False(x.eq(x).all().ToBoolean());
        Assert.Equal(1, x.isnan().sum().ToInt64());
        Assert.Equal([1f, 3, float.NaN], F(x.sort().Values));
    }

    [Fact]
    public void IntegerDivision_RoundsAsAsked()
    {
        var x = tensor(new[] { -7L, 7 });
        Assert.Equal([-4f, 3], F(x.div(2, RoundingMode.floor)));
        Assert.Equal([-3f, 3], F(x.div(2, RoundingMode.trunc)));
        Assert.Equal([1f, 1], F(x.remainder(2)));
        Assert.Equal([-1f, 1], F(x.fmod(2)));
        Assert.Equal([-3.5f, 3.5f], F(x / 2));
    }

    [Fact]
    public void Item_OfAnotherType_IsRefused()
    {
        Assert.Throws<ArgumentException>(() => ones(1).item<double>());
        Assert.Throws<ArgumentException>(() => ones(2).item<float>());
        Assert.Equal(1f, ones(1).item<float>());
    }

    [Fact]
    public void Rand_OfSeed_IsPyTorchsStream()
    {
        manual_seed(0);
        Assert.Equal([0.4962566f, 0.7682218f, 0.0884774f], F(rand(3)), (a, b) => Math.Abs(a - b) < 1e-6);
        manual_seed(0);
        Assert.Equal([1.5409961f, -0.2934289f, -2.1787894f], F(randn(3)), (a, b) => Math.Abs(a - b) < 1e-6);
        manual_seed(0);
        Assert.Equal([44f, 39, 33], F(randint(0, 100, [3])));
    }

    [Fact]
    public void RngState_Restored_RepeatsTheNumbers()
    {
        manual_seed(3);
        randn(1);
        var state = get_rng_state();
        float[] first = F(randn(5));
        set_rng_state(state);
        Assert.Equal(first, F(randn(5)));
    }

    [Fact]
    public void Requesting2To31ElementsAndMore_IsHandledOrRefused()
    {
        Assert.Throws<ExternalException>(() => zeros(1L << 40, 1L << 40));
        using var view = zeros(1, dtype: uint8).expand(1L << 33);
        Assert.Equal(1L << 33, view.numel());
    }

    [Fact]
    public void MoreThan2To31Elements_InMemory_AreReadAndWrittenAtTheirEnd()
    {
        // Untouched memory costs nothing: only the last elements are used.
        const long n = (1L << 31) + 5;
        using var x = empty(n, dtype: uint8);
        using var end = x.narrow(0, n - 3, 3);
        end.copy_(tensor(new byte[] { 1, 2, 3 }));
        x[n - 1] += tensor((byte)4);
        Assert.Equal(7, x.data<byte>()[n - 1]);
        Assert.Equal([7, 2], x.index_select(0, tensor(new[] { n - 1, n - 2 })).data<byte>().ToArray());
        Assert.Equal(10, end.sum().item<long>());
        Assert.Contains("do not fit", Assert.Throws<OverflowException>(() => x.bytes.Length).Message);
        Assert.Contains("do not fit", Assert.Throws<InvalidOperationException>(() => x.data<byte>().ToArray()).Message);
    }

    [Fact]
    public void Cuda_IsRefusedWithAHint() => Assert.Contains("torchsharp-cuda", Assert.Throws<InvalidOperationException>(() => ones(1).cuda()).Message);
}
