namespace TorchSharp.Gpu;

/// <summary>The drivers through which a device is reached.</summary>
internal enum GpuKind
{
    /// <summary>NVIDIA's; nothing but the driver is needed.</summary>
    Cuda,

    /// <summary>OpenCL 2 or newer, with generic address spaces.</summary>
    OpenCL,

    /// <summary>ILGPU's own processor on threads of the CPU: for finding mistakes in kernels, not for speed.</summary>
    Emulated,
}
