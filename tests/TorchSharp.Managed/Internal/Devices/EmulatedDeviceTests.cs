using System.Runtime.InteropServices;
using TorchSharp.Gpu;
using TorchSharp.Managed.Tests.Golden;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Managed.Tests.Devices;

/// <summary>Tensors on ILGPU's emulated device: our kernels as a GPU would run them, through the whole engine.</summary>
public sealed class EmulatedDeviceTests : IDisposable
{
    private readonly DisposeScope scope = NewDisposeScope();

    public EmulatedDeviceTests() => DevicePlaces.Install(DeviceType.CUDA, DevicePlaces.Devices(GpuKind.Emulated, DeviceType.CUDA));

    public void Dispose()
    {
        set_default_device(CPU);
        scope.Dispose();
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
            Tensor loss = functional.cross_entropy(net.call(x), y);
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
        Tensor x = arange(6, ScalarType.Float32, CUDA).view(3, 2);
        Assert.Equal(5, x.index_select(0, tensor(new long[] { 2, 0 }, device: CUDA)).sum().item<float>() - 5);
        Tensor beyond = x.index_select(0, tensor(new long[] { 1, 3 }, device: CUDA));
        Assert.Contains("index out of bounds", Assert.Throws<ExternalException>(() => beyond.sum().item<float>()).Message);
        Assert.Equal(15, x.sum().item<float>());
    }

    [Fact]
    public void Transfers_OfEveryType_AreTheHosts()
    {
        Tensor x = tensor(new[] { -1.5, 0, 2.25, 300 }).view(2, 2);
        ScalarType[] types = [ScalarType.Bool, ScalarType.Byte, ScalarType.Int8, ScalarType.Int16, ScalarType.Int32, ScalarType.Int64, ScalarType.Float16, ScalarType.BFloat16, ScalarType.Float32, ScalarType.Float64];
        foreach (ScalarType from in types)
            foreach (ScalarType to in types)
            {
                Tensor here = x.abs().to_type(from), there = here.cuda();
                Assert.True(here.t().to_type(to).Equals(there.t().to_type(to).cpu()), $"{from} to {to}");
                Assert.True(where(here.gt(1), here, here.t()).Equals(where(there.gt(1), there, there.t()).cpu()), $"where of {from}");
            }
    }
}
