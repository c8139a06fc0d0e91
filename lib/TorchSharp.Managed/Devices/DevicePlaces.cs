using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using TorchSharp.Gpu;
using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>The devices beside the CPU, found once when somebody asks.</summary>
internal static class DevicePlaces
{
    private static readonly Lock Gate = new();
    private static readonly Dictionary<DeviceType, IReadOnlyList<DevicePlace>> Found = [];

    /// <summary>All devices of a kind (CUDA, OPENCL).</summary>
    internal static IReadOnlyList<DevicePlace> Of(DeviceType type)
    {
        lock (Gate)
        {
            if (!Found.TryGetValue(type, out var devices))
                Found[type] = devices = Look(type);
            return devices;
        }
    }

    /// <summary>
    /// What the drivers show. <c>COURSE_GPU</c> decides otherwise: <c>none</c>, or <c>emulated</c>, which puts ILGPU's own processor, made for
    /// finding mistakes in kernels, in the place of CUDA's devices.
    /// </summary>
    private static IReadOnlyList<DevicePlace> Look(DeviceType type) => KindOf(type) is { } kind && (kind == GpuKind.Emulated || HasLibrary(Library(kind))) ? Devices(kind, type) : [];

    /// <summary>The kind of driver that is asked for devices of a type; null where none is.</summary>
    private static GpuKind? KindOf(DeviceType type) => (Environment.GetEnvironmentVariable("COURSE_GPU"), type) switch
    {
        ("none", _) => null,
        ("emulated", DeviceType.CUDA) => GpuKind.Emulated,
        (_, DeviceType.CUDA) => GpuKind.Cuda,
        (_, DeviceType.OPENCL) => GpuKind.OpenCL,
        _ => null,
    };

    /// <summary>The driver's library. Without it there is nothing to ask, and asking costs time at every start.</summary>
    private static string Library(GpuKind kind) => kind == GpuKind.Cuda ? CudaDriver.Library : OperatingSystem.IsWindows() ? "OpenCL.dll" : "libOpenCL.so";

    // Not inlined: who asks for devices where no driver is does not load ILGPU.
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static IReadOnlyList<DevicePlace> Devices(GpuKind kind, DeviceType type) => [.. GpuDevice.Available(kind).Select(device => new GpuPlace(device, type))];

    private static bool HasLibrary(string name)
    {
        if (!NativeLibrary.TryLoad(name, out nint handle))
            return false;
        NativeLibrary.Free(handle);
        return true;
    }

    /// <summary>Puts devices in the place of those that would be found; null: looks again.</summary>
    internal static void Install(DeviceType type, IReadOnlyList<DevicePlace>? devices)
    {
        lock (Gate)
        {
            if (devices is null)
                Found.Remove(type);
            else
                Found[type] = devices;
        }
    }

    /// <summary>A device in a line: name, maker's name, driver, memory. The course's preflight shows it.</summary>
    internal static string Describe(Device device) => Place.Of(device) is DevicePlace place
        ? string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{place.Device} ({place.Name}, {place.DriverVersion}, {place.TotalMemory / (double)(1 << 30):0.#} GiB)")
        : device.ToString();

    /// <summary>What a device's memory holds, for the course's statistics; null for the host.</summary>
    internal static (long Allocated, long Held, long Peak)? MemoryUse(Device device) => (Place.Of(device) as DevicePlace)?.MemoryUse;

    /// <exception cref="InvalidOperationException">There is no such device.</exception>
    internal static DevicePlace Find(Device device)
    {
        var devices = Of(device.type);
        int index = Math.Max(device.index, 0);
        if (index < devices.Count)
            return devices[index];
        string why = devices.Count > 0 ? $"there are {devices.Count} of its kind, counted from 0." : WhyNone(device);
        throw new InvalidOperationException($"device {device} is not available: {why} Compute on the CPU, which is the default; with a GPU the real package is an alternative, -p:Engine=torchsharp-cuda.");
    }

    /// <summary>Why there is no device of this type, as a sentence: no driver, or what the driver said. The course's library asks for it too.</summary>
    internal static string WhyNone(Device device) => KindOf(device.type) switch
    {
        null when device.type is DeviceType.CUDA or DeviceType.OPENCL => "COURSE_GPU=none hides all GPUs.",
        null => "this engine knows CPU, CUDA, OPENCL and META.",
        GpuKind.Cuda when !HasLibrary(Library(GpuKind.Cuda)) => $"there is no driver of NVIDIA, {Library(GpuKind.Cuda)} is missing (nvidia-smi comes with it).",
        GpuKind.OpenCL when !HasLibrary(Library(GpuKind.OpenCL)) => $"there is no driver of OpenCL, {Library(GpuKind.OpenCL)} is missing (clinfo lists drivers; on Debian ocl-icd-opencl-dev has the file).",
        { } kind => Refusal(kind),
    };

    // Not inlined, as above.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static string Refusal(GpuKind kind) => GpuDevices.Of(kind).WhyNone ?? "no driver shows one.";
}
