using System.Globalization;
using System.Runtime.InteropServices;

namespace TorchSharp.Gpu;

/// <summary>What NVIDIA's driver itself answers. ILGPU asks it too, and shows no device where it refuses, whatever the reason was.</summary>
internal static unsafe class CudaDriver
{
    /// <summary>CUDA 11.0, as drivers number it.</summary>
    private const int Oldest = 11_000;

    internal static string Library => OperatingSystem.IsWindows() ? "nvcuda.dll" : "libcuda.so.1";

    /// <summary>Under which ILGPU looks for it: a link that comes with some drivers, and with others only for building programs.</summary>
    internal const string LibraryOfIlgpu = "cuda";

    /// <summary>Why the driver shows no device; null where it shows one, or is not there.</summary>
    internal static string? Refusal()
    {
        if (!NativeLibrary.TryLoad(Library, out nint driver))
            return null;
        int version = 0, count = 0;
        // The version first: an old driver tells it, and nothing else that helps.
        if (NativeLibrary.TryGetExport(driver, "cuDriverGetVersion", out nint entry) && ((delegate* unmanaged<int*, int>)entry)(&version) == 0 && version < Oldest)
            return $"the driver is one for CUDA {Words(version)}, too old. Install a newer one";
        if (!NativeLibrary.TryGetExport(driver, "cuInit", out entry))
            return $"{Library} has no cuInit, so it is no driver of NVIDIA";
        int error = ((delegate* unmanaged<uint, int>)entry)(0);
        if (error == 0 && NativeLibrary.TryGetExport(driver, "cuDeviceGetCount", out entry))
            error = ((delegate* unmanaged<int*, int>)entry)(&count);
        if (error == 0 && count > 0)
            return null;
        return error is 0 or NoDevice ? $"the driver sees no GPU. {Advice(NoDevice)}" : $"the driver refuses with error {error}, {Text(driver, error)}. {Advice(error)}";
    }

    private const int NoDevice = 100;

    /// <summary>By the numbers of the driver API's CUresult.</summary>
    private static string Advice(int error) => error switch
    {
        34 => "This is the library that CUDA's toolkit brings for building programs: take its folder out of LD_LIBRARY_PATH",
        NoDevice => $"{(Environment.GetEnvironmentVariable("CUDA_VISIBLE_DEVICES") is { } visible ? $"CUDA_VISIBLE_DEVICES is '{visible}', which hides all but those" : "In a container the GPU must be passed (docker run --gpus all)")}",
        802 => "On a machine with NVSwitch the service nvidia-fabricmanager must run",
        803 => "The library and the kernel's module are of different versions, as after an update: restart the machine, or in a container use the driver of the host",
        804 => "A library for compatibility with newer toolkits is in front of the driver's, and this GPU cannot use it: take its folder out of LD_LIBRARY_PATH",
        _ => "See with nvidia-smi whether the driver works at all; loading its modules again or restarting the machine often helps",
    };

    private static string Text(nint driver, int error)
    {
        nint text = 0;
        return NativeLibrary.TryGetExport(driver, "cuGetErrorString", out nint entry) && ((delegate* unmanaged<int, nint*, int>)entry)(error, &text) == 0 && text != 0
            ? Marshal.PtrToStringUTF8(text)! : "which it does not explain";
    }

    private static string Words(int version) => string.Create(CultureInfo.InvariantCulture, $"{version / 1000}.{version % 1000 / 10}");
}
