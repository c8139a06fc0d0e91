using System.Runtime.InteropServices;
using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.CPU;
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

    /// <summary>What a program reads that asks for a device where none is.</summary>
    [Theory, InlineData(DeviceType.CUDA, "libcuda.so.1", "nvcuda.dll"), InlineData(DeviceType.OPENCL, "libOpenCL.so", "OpenCL.dll")]
    public void WithoutADriver_TheMissingLibraryIsNamed(DeviceType type, string library, string onWindows)
    {
        string file = OperatingSystem.IsWindows() ? onWindows : library;
        Assert.SkipWhen(Environment.GetEnvironmentVariable("COURSE_GPU") is "none" or "emulated", "COURSE_GPU hides the drivers");
        Assert.SkipWhen(NativeLibrary.TryLoad(file, out _), $"{file} is installed");
        string refusal = Assert.Throws<InvalidOperationException>(() => torch.zeros(1, device: new torch.Device(type, 0))).Message;
        Assert.Contains($"there is no driver of {(type == DeviceType.CUDA ? "NVIDIA" : "OpenCL")}, {file} is missing", refusal);
    }

    /// <summary>A driver's report of a fault, as ILGPU hands it on.</summary>
    private sealed class Report(string text) : AcceleratorException(text)
    {
        public override AcceleratorType AcceleratorType => AcceleratorType.CPU;
    }

    /// <summary>The emulated processor in the place of a driver's device.</summary>
    private static GpuDevice As(GpuKind kind)
    {
        var context = Context.Create(builder => builder.CPU(new CPUDevice(4, 1, 1)));
        return new GpuDevice(kind, 0, context, context.Devices[0]);
    }

    /// <summary>A CUDA context answers nothing after a fault in a kernel, whatever it is asked.</summary>
    [Fact]
    public void AfterAFault_ACudaDeviceIsLost_AndEverythingThatIsAskedOfItSaysSo()
    {
        using var device = As(GpuKind.Cuda);
        device.Synchronize();
        string[] told =
        [
            Assert.Throws<ExternalException>(() => device.Guard("matrix product", _ => throw new Report("an illegal memory access"))).Message,
            Assert.Throws<ExternalException>(device.Synchronize).Message,
            Assert.Throws<ExternalException>(() => (nint)device.Memory.Allocate(8)).Message,
        ];
        Assert.All(told, text => Assert.Equal("cuda:0 (CPUAccelerator) does not answer any more since matrix product failed (an illegal memory access). Restart the session; what lay on the device is lost.", text));
    }

    [Fact]
    public void AfterAFault_OtherDevicesGoOn()
    {
        using var device = As(GpuKind.OpenCL);
        string told = Assert.Throws<ExternalException>(() => device.Guard("matrix product", _ => throw new Report("out of resources"))).Message;
        Assert.StartsWith("matrix product failed on opencl:0", told);
        device.Synchronize();
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
