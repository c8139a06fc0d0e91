using System.Runtime.InteropServices;
using TorchSharp.Gpu;
using TorchSharp.Managed.Tests.Golden;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Managed.Tests.Devices;

/// <summary>Tensors on ILGPU's emulated device: our kernels as a GPU would run them, through the whole engine.</summary>
public sealed class EmulatedDeviceTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public EmulatedDeviceTests() => DevicePlaces.Install(DeviceType.CUDA, DevicePlaces.Devices(GpuKind.Emulated, DeviceType.CUDA));

    public void Dispose()
    {
        set_default_device(CPU);
        _scope.Dispose();
        DevicePlaces.Install(DeviceType.CUDA, null);
    }

    public static TheoryData<string> Groups => GoldenTests.Groups;

    /// <summary>Every sixtieth case of the golden suite.</summary>
    [Theory, MemberData(nameof(Groups))]
    public void Results_OfGoldenCases_AreTheSameOnTheEmulatedDevice(string group)
    {
        set_default_device(CUDA);
        var failures = GoldenCase.Load(group).Where(item => !GoldenRunner.Draws(item)).Where((_, i) => i % 60 == 3).Select(GoldenRunner.Check).OfType<string>().ToList();
        Assert.True(failures.Count == 0, $"{failures.Count} cases differ:\n" + string.Join('\n', failures.Take(20)));
    }

    /// <summary>Every fifteenth operation against central differences of what the device computes.</summary>
    [Theory, MemberData(nameof(Groups))]
    public void Gradients_OnTheEmulatedDevice_EqualCentralDifferences(string group) =>
        GoldenGradientTests.Check(GoldenGradientTests.Small(group).Where(item => !GoldenRunner.Draws(item)).Where((_, i) => i % 15 == 4), (f, inputs) => GradientCheck.First(2, f, inputs), CUDA);

    /// <summary>What chapter 04 does in a step: each fall-back would be a copy there and back in its hot loop.</summary>
    [Fact]
    public void TrainingStep_OfAConvolutionalNetwork_NeedsNoFallBack()
    {
        manual_seed(1);
        var net = Sequential(Conv2d(1, 4, 3), ReLU(), MaxPool2d(2), Flatten(), Linear(36, 3)).to(CUDA);
        var optimizer = optim.Adam(net.parameters(), 0.01);
        Fallbacks.Clear();
        Tensor x = randn(8, 1, 8, 8, device: CUDA), y = randint(0, 3, 8, device: CUDA);
        double before = 0, after = 0;
        for (int step = 0; step < 4; step++)
        {
            optimizer.zero_grad();
            var loss = functional.cross_entropy(net.call(x), y);
            loss.backward();
            optimizer.step();
            (before, after) = (step == 0 ? loss.item<float>() : before, loss.item<float>());
        }
        Assert.True(after < before, $"the loss went from {before} to {after}");
        Assert.True(Fallbacks.Counts.Count == 0, $"these fall back: {string.Join(", ", Fallbacks.Counts.Select(item => $"{item.Key} {item.Value} times"))}");
    }

    /// <summary>Nobody waits for the kernel that meets the index: the next value that is read tells.</summary>
    [Fact]
    public void Index_OutOfRange_IsToldWithTheNextValue()
    {
        var x = arange(6, ScalarType.Float32, CUDA).view(3, 2);
        Assert.Equal(5, x.index_select(0, tensor(new long[] { 2, 0 }, device: CUDA)).sum().item<float>() - 5);
        var beyond = x.index_select(0, tensor(new long[] { 1, 3 }, device: CUDA));
        Assert.Contains("index out of bounds", Assert.Throws<ExternalException>(() => beyond.sum().item<float>()).Message);
        Assert.Equal(15, x.sum().item<float>());
    }

    [Fact]
    public void Transfers_OfEveryType_AreTheHosts()
    {
        // Halves and ties of Float16, numbers below its normal ones and above its largest, and what is no number.
        var x = tensor(new[] { -1.5, 0, 2.25, 300, 2049, 2051, 65519, 65520, 7e-8, -3.1e-5, 1e-9, 1e12, double.NaN, double.PositiveInfinity, double.NegativeInfinity, 0.1 }).view(4, 4);
        ScalarType[] types = [ScalarType.Bool, ScalarType.Byte, ScalarType.Int8, ScalarType.Int16, ScalarType.Int32, ScalarType.Int64, ScalarType.Float16, ScalarType.BFloat16, ScalarType.Float32, ScalarType.Float64];
        foreach (var from in types)
            foreach (var to in types)
            {
                Tensor here = (from.IsFloating() ? x : x.nan_to_num(7, 100, 0).clamp(0, 250)).to_type(from), there = here.cuda();
                Assert.True(Same(here.t().to_type(to), there.t().to_type(to).cpu()), $"{from} to {to}: {there.to_type(to).str()} instead of {here.to_type(to).str()}");
                Assert.True(Same(where(here.gt(1), here, here.t()), where(there.gt(1), there, there.t()).cpu()), $"where of {from}");
            }
    }

    private static bool Same(Tensor a, Tensor b) => a.dtype == b.dtype && (a.is_floating_point() ? a.to_type(ScalarType.Float64).allclose(b.to_type(ScalarType.Float64), 0, 0, equal_nan: true) : a.Equals(b));

    /// <summary>Numbers of 16 bits are widened on the device, and each result is rounded there.</summary>
    [Theory, InlineData(ScalarType.Float16), InlineData(ScalarType.BFloat16)]
    public void NumbersOf16Bits_AreComputedWithoutAFallBack(ScalarType type)
    {
        Fallbacks.Clear();
        Tensor x = arange(24, ScalarType.Float32).sub(9).div(7).view(2, 3, 4).to_type(type), there = x.cuda();
        Func<Tensor, Tensor>[] operations =
        [
            y => y.exp(), y => y + y[0], y => y.transpose(0, 2) * y.transpose(0, 2), y => y.ge(y[0]), y => y.sum(1), y => y.amax(new long[] { 2 }), y => y.argmin(1), y => y.softmax(1), y => y.cumsum(2),
            y => y.sort(2).Values, y => y.matmul(y.transpose(1, 2)), y => nn.functional.max_pool2d(y, 2), y => nn.functional.conv1d(y, y[.., .., ..2]), y => nn.functional.layer_norm(y, [4L]), y => y[y > 0],
        ];
        for (int i = 0; i < operations.Length; i++)
        {
            Tensor expected = operations[i](x), actual = operations[i](there).cpu();
            Assert.True(expected.dtype == actual.dtype && expected.to_type(ScalarType.Float32).allclose(actual.to_type(ScalarType.Float32), 1e-2, 1e-3), $"operation {i}: {actual.str()} instead of {expected.str()}");
        }
        Assert.True(Fallbacks.Counts.Count == 0, $"these fall back: {string.Join(", ", Fallbacks.Counts.Keys)}");
    }

    /// <summary>On one device their work enters one queue, and each reads what it asked for; both are the first to index there.</summary>
    [Theory, InlineData(1), InlineData(2)]
    public void TwoThreads_OnOneDeviceAndOnTwo_GetTheirOwnResults(int devices)
    {
        float[] sums = new float[2], slopes = new float[2];
        Parallel.For(0, 2, i =>
        {
            using var own = NewDisposeScope();
            var device = new Device(DeviceType.CUDA, i % devices);
            Tensor first = full(16, 16, (float)(i + 1), device: device).requires_grad_(), x = first;
            var order = arange(16, device: device).flip(0);
            for (int k = 0; k < 10; k++)
                x = x.matmul(eye(16, device: device)).index_select(0, order);
            (x * (i + 3)).sum().backward();
            sums[i] = x.sum().item<float>();
            slopes[i] = first.grad!.mean().item<float>();
            Assert.Equal(device.ToString(), first.grad!.device.ToString());
        });
        Assert.Equal([256f, 512f], sums);
        Assert.Equal([3f, 4f], slopes);
    }

    /// <summary>Seven dimensions that do not merge are more than a kernel walks; that says nothing of other shapes of the same type.</summary>
    [Fact]
    public void AShapeThatNoKernelWalks_FallsBackAlone()
    {
        Fallbacks.Clear();
        Tensor x = arange(128, ScalarType.Int32).view(2, 2, 2, 2, 2, 2, 2), plain = arange(12, ScalarType.Int32).view(3, 4);

        var turned = x.cuda().permute(6, 5, 4, 3, 2, 1, 0).contiguous();

        Assert.Equal(1, Fallbacks.Counts.Values.Sum());
        Assert.True(turned.cpu().Equals(x.permute(6, 5, 4, 3, 2, 1, 0).contiguous()), turned.str());
        Assert.True(plain.cuda().t().contiguous().cpu().Equals(plain.t().contiguous()));
        Assert.Equal(1, Fallbacks.Counts.Values.Sum());
    }
}
