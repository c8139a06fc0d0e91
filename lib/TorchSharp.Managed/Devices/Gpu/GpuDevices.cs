using System.Runtime.InteropServices;
using System.Runtime.Loader;
using ILGPU;
using ILGPU.IR.Intrinsics;
using ILGPU.IR;
using ILGPU.Runtime;
using ILGPU.Runtime.CPU;
using ILGPU.Runtime.Cuda;
using ILGPU.Runtime.OpenCL;

namespace TorchSharp.Gpu;

/// <summary>The devices of a driver, looked for once, when somebody first asks.</summary>
internal sealed class GpuDevices
{
    /// <summary>Emulated devices: two, so that what concerns several can be tried; four threads a group keep a launch short.</summary>
    private const int EmulatedDevices = 2, EmulatedThreads = 4;

    private static readonly Lazy<GpuDevices>[] Found = [.. Enum.GetValues<GpuKind>().Select(kind => new Lazy<GpuDevices>(() => new GpuDevices(kind)))];

    private GpuDevices(GpuKind kind)
    {
        if (kind == GpuKind.Cuda && CudaDriver.Refusal() is { } refusal)
        {
            WhyNone = None(kind, refusal);
            return;
        }
        try
        {
            var context = Context.Create(builder => Ask(kind, builder));
            var devices = context.Devices.Where(device => IsOf(kind, device)).ToList();
            if (kind == GpuKind.Emulated)
                devices = [.. Enumerable.Repeat(devices[0], EmulatedDevices)];
            Devices = [.. devices.Select((device, index) => new GpuDevice(kind, index, context, device))];
            if (Devices.Count == 0)
                WhyNone = None(kind, kind == GpuKind.Cuda ? "ILGPU can use none of those that the driver shows" : "it names no device that can be used");
        }
        // No driver, one that is too old, or one that refuses: then there is no such device, and the reason is kept for who asks.
        catch (Exception exception) when (exception is AcceleratorException or DllNotFoundException or EntryPointNotFoundException or NotSupportedException or TypeInitializationException)
        {
            WhyNone = None(kind, (exception.InnerException ?? exception).Message);
        }
    }

    internal IReadOnlyList<GpuDevice> Devices { get; } = [];

    /// <summary>Why there is no device, and what to do; null where there is one.</summary>
    internal string? WhyNone { get; }

    internal static GpuDevices Of(GpuKind kind) => Found[(int)kind].Value;

    /// <summary>What kernels do otherwise on some devices.</summary>
    internal static void Register(IntrinsicImplementationManager manager)
    {
        CudaMath.Register(manager);
        GroupFold.Register(manager);
    }

    private static void Ask(GpuKind kind, Context.Builder builder)
    {
        builder.Optimize(OptimizationLevel.O2);
        Register(builder.GetIntrinsicManager());
        switch (kind)
        {
            case GpuKind.Cuda:
                AssemblyLoadContext.GetLoadContext(typeof(Context).Assembly)!.ResolvingUnmanagedDll += static (_, name) =>
                    name == CudaDriver.LibraryOfIlgpu && NativeLibrary.TryLoad(CudaDriver.Library, out nint driver) ? driver : 0;
                builder.Cuda();
                break;
            case GpuKind.OpenCL: builder.OpenCL(); break;
            default: builder.CPU(new CPUDevice(EmulatedThreads, 1, 1)); break;
        }
    }

    private static bool IsOf(GpuKind kind, Device device) => kind switch
    {
        GpuKind.Cuda => device.AcceleratorType == AcceleratorType.Cuda,
        GpuKind.OpenCL => device.AcceleratorType == AcceleratorType.OpenCL,
        _ => device.AcceleratorType == AcceleratorType.CPU,
    };

    private static string None(GpuKind kind, string reason) => kind switch
    {
        GpuKind.Cuda => $"no CUDA device: {reason}. A driver of NVIDIA for CUDA 11 or newer is needed (nvidia-smi shows it), nothing else.",
        GpuKind.OpenCL => $"no OpenCL device: {reason}. A driver for OpenCL 2 with generic address spaces is needed (clinfo shows it); PoCL has them from version 4 on.",
        _ => $"no emulated device: {reason}",
    };
}
