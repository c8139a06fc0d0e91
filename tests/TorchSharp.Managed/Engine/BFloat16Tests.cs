using System.Runtime.InteropServices;
using Xunit;
using static TorchSharp.torch;

namespace TorchSharp.Managed.Tests.Engine;

/// <summary>Numbers of 16 bits with the exponent of Float32; every value is libtorch 2.10's.</summary>
public class BFloat16Tests
{
    private static double[] Numbers(Tensor x) => x.detach().to(ScalarType.Float64).contiguous().data<double>().ToArray();

    private static Tensor Random(Func<Tensor> draw)
    {
        manual_seed(1);
        return draw();
    }

    [Theory]
    [InlineData(1.00390625f, 0x3F80)]
    [InlineData(1.01171875f, 0x3F82)]
    [InlineData(3.14159f, 0x4049)]
    [InlineData(float.MaxValue, 0x7F80)]
    [InlineData(float.Epsilon, 0)]
    [InlineData(-0f, 0x8000)]
    public void Conversion_RoundsToTheNearestAndTheEvenOfTwo(float number, int bits)
    {
        Assert.Equal(BFloat16.FromRawValue((ushort)bits), new BFloat16(number));
        Assert.Equal(BFloat16.FromRawValue((ushort)bits), tensor(new[] { number }).bfloat16().data<BFloat16>()[0]);
        Assert.Equal((ushort)bits, MemoryMarshal.Read<ushort>(tensor(new[] { (double)number, 0 }).to(bfloat16).bytes));
    }

    [Fact]
    public void Struct_ComparesAndPrintsAsItsFloat()
    {
        Assert.False(BFloat16.NaN.Equals(BFloat16.NaN));
        Assert.Equal(-1, BFloat16.NaN.CompareTo(BFloat16.One));
        Assert.Equal(BFloat16.Zero, new BFloat16(-0f));
        Assert.Equal(BFloat16.Zero.GetHashCode(), new BFloat16(-0f).GetHashCode());
        Assert.Equal("3.14", new BFloat16(3.14159f).ToString("F2", null));
        Assert.Throws<ArgumentException>(() => BFloat16.One.CompareTo("1"));
        BFloat16 three = (BFloat16)3f, half = (BFloat16)0.5;
        Assert.Equal([3.5f, 2.5f, 1.5f, 6f, 0f, -3f], new[] { three + half, three - half, three * half, three / half, three % half, -three }.Select(number => (float)number));
        Assert.True(three > half && half < three && three >= half && half <= three && three != half);
    }

    [Fact]
    public void Promotion_OfBothTypesOf16Bits_IsFloat32()
    {
        Assert.Equal(ScalarType.Float32, promote_types(bfloat16, float16));
        Assert.Equal(ScalarType.Float32, (ones(2, bfloat16) + ones(2)).dtype);
        Assert.Equal(ScalarType.Float64, promote_types(bfloat16, float64));
        Assert.Equal(bfloat16, (ones(2, bfloat16) + 1.5).dtype);
        Assert.Equal(bfloat16, (ones(2, int32) * tensor(new BFloat16(1f))).dtype);
        Assert.Equal(ScalarType.Float32, (ones(2, int32) + new BFloat16(1f)).dtype);
    }

    [Fact]
    public void Forms_OfTensor_TakeArraysListsAndNumbers()
    {
        BFloat16[] two = [new(1.5f), new(2f)];
        foreach (var x in new[] { tensor(two), tensor(two.ToList()), tensor(two, [2]), as_tensor(two), as_tensor(two.ToList()), from_array(two), tensor(two.AsMemory(), [2]), tensor(two.ToList(), 1, 2), tensor(new[,] { { two[0], two[1] } }) })
        {
            Assert.Equal(bfloat16, x.dtype);
            Assert.Equal([1.5, 2], Numbers(x));
        }
        Assert.Equal(bfloat16, two[0].ToTensor().dtype);
        Assert.Equal(new BFloat16(1.703125f), tensor(1.7f).ToBFloat16());
        Assert.Equal(new BFloat16(2f), tensor(two)[1].item<BFloat16>());
        Assert.Equal(2f, tensor(two).ReadCpuBFloat16(1));
        Assert.Equal(bfloat16, nn.Linear(3, 2).bfloat16().weight.dtype);
    }

    [Fact]
    public void Limits_AreThoseOfTheType()
    {
        var limits = finfo(bfloat16);
        Assert.Equal((16, 0.0078125, (double)BFloat16.MaxValue, 0.01), (limits.bits, limits.eps, limits.max, limits.resolution));
        Assert.Throws<ExternalException>(() => full(new[] { 2L }, 1e39, bfloat16));
    }

    [Fact]
    public void Sums_AreCarriedInSinglePrecision()
    {
        Assert.Equal(1000, ones(1000, bfloat16).sum().ToDouble());
        Assert.Equal(300, ones(300, bfloat16).cumsum(0)[299].ToDouble());
        Assert.Equal(300, ones(2, 300, bfloat16).mm(ones(300, 2, bfloat16))[1, 1].ToDouble());
        Assert.Equal(31.625, ones(1000, bfloat16).norm().ToDouble());
        Assert.Equal([0.031982421875, 0.0869140625, 0.2373046875, 0.64453125], Numbers(arange(0, 4, 1, bfloat16).softmax(0)));
        Assert.Equal([0, 0.1669921875, 0.333984375, 0.5, 0.6640625, 0.83203125, 1], Numbers(linspace(0, 1, 7, bfloat16)));
    }

    [Fact]
    public void Gradient_HasTheType()
    {
        var x = ones(3, bfloat16, requires_grad: true);
        (x * x * 1.3).sum().backward();
        Assert.Equal(bfloat16, x.grad!.dtype);
        Assert.Equal([2.59375, 2.59375, 2.59375], Numbers(x.grad));
    }

    [Fact]
    public void RandomNumbers_HaveAsManyBitsAsTheType()
    {
        Assert.Equal([0.14453125, 0.91796875, 0.546875], Numbers(Random(() => rand(3, dtype: bfloat16))));
        Assert.Equal([0.51806640625, 0.11474609375, 0.943359375, 0.53515625], Numbers(Random(() => rand(4, dtype: float16))));
        Assert.Equal([0.66015625, 0.267578125, 0.061767578125], Numbers(Random(() => randn(3, dtype: bfloat16))));
        Assert.Equal([-0.201171875, 0.451171875, 1.3203125, -0.3125, -2.34375], Numbers(Random(() => randn(17, dtype: bfloat16)))[..5]);
        Assert.Equal([-1.033203125, 1.01953125, -0.0902099609375, -0.65283203125], Numbers(Random(() => randn(17, dtype: float16)))[..4]);
        Assert.Equal([-0.41015625, 0.482421875, 0.05419921875], Numbers(Random(() => nn.Linear(3, 2, dtype: bfloat16).weight!))[..3]);
    }

    [Fact]
    public void Printing_ShowsTypeAndNumbers() =>
        Assert.Equal("[4], type = BFloat16, device = cpu, value = bfloat16 [] {1.5f, 2f, 3.1406f, 1000f}", tensor(new[] { 1.5f, 2f, 3.14159f, 1000f }).bfloat16().ToString(TorchSharp.TensorStringStyle.CSharp));

    [Fact]
    public void File_HasTheTypesNumberAndTheBytes()
    {
        using MemoryStream file = new();
        using BinaryWriter writer = new(file);
        tensor(new[] { 1.5f, 2f }).bfloat16().Save(writer);
        Assert.Equal([15, 1, 2, 0xC0, 0x3F, 0, 0x40], file.ToArray());
    }

    [Fact]
    public void Lcm_OfTheSmallestInteger_DoesNotThrow() => Assert.Equal(long.MinValue, tensor(new[] { long.MinValue }).lcm(tensor(new[] { 1L })).ToInt64());

    [Fact]
    public void Xlog1py_WithIntegers_HasTheRealType() => Assert.Equal(bfloat16, special.xlog1py(ones(2, bfloat16), ones(2, int32)).dtype);

    [Fact]
    public void HuberLoss_HasTheTypeOfTheInput() => Assert.Equal(float32, nn.functional.huber_loss(ones(2), ones(2, float64)).dtype);
}
