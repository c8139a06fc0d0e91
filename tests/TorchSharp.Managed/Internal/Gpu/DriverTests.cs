using TorchSharp.Gpu;
using static TorchSharp.torch;

namespace TorchSharp.Managed.Tests.Gpu;

public sealed unsafe class DriverTests
{
    [Theory, InlineData(nameof(GpuKind.Cuda), "nvidia-smi"), InlineData(nameof(GpuKind.OpenCL), "clinfo")]
    public void WhereThereIsNoDevice_TheReasonSaysWhatIsNeeded(string name, string lookWith)
    {
        var kind = Enum.Parse<GpuKind>(name);
        var found = GpuDevices.Of(kind);
        if (found.Devices.Count > 0)
            Assert.Null(found.WhyNone);
        else
            Assert.Contains(lookWith, found.WhyNone, StringComparison.Ordinal);
    }

    [Fact]
    public void ADevice_TellsWhatItIs_AndWhatItHasCompiled()
    {
        var device = OnDevice.Device;
        foreach (string text in new[] { device.Name, device.DriverVersion, device.ToString() })
            Assert.NotEqual("", text.Trim());
        Assert.True(device.TotalMemory > 1 << 20, $"{device.TotalMemory} bytes of memory");
        OnDevice.Same("one kernel at least", 0, (b, a) => b.Fill(torch.ScalarType.Float32, a.At(0), 1, 4), new float[4]);
        Assert.True(device.Compiled is { Kernels: > 0, Time.Ticks: > 0 });
    }

    [Fact]
    public void CompiledKernels_AreToldOnce_WithTheTimeTheyTook()
    {
        // The other emulated device: nobody else asks it.
        var device = GpuDevice.Available(GpuKind.Emulated)[^1];
        _ = device.NewlyCompiled(TimeSpan.Zero);
        OnDevice.Same(device, "a kernel of its own", 0, (b, a) => b.Unary(UnaryKind.Sinc, ScalarType.Float64, a.At(0), a.At(1), 1), new double[1], new double[1]);
        Assert.Null(device.NewlyCompiled(TimeSpan.FromHours(1)));
        string? news = device.NewlyCompiled(TimeSpan.Zero);
        Assert.Matches(@"^note: \d+ kernels compiled for emulated:1 in \d+\.\d s, at the first use of each: .*Unary", news);
        Assert.Null(device.NewlyCompiled(TimeSpan.Zero));
    }
}
