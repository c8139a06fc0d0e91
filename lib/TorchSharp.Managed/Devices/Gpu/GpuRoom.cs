using static TorchSharp.torch;

namespace TorchSharp.Gpu;

/// <summary>A device's memory for the length of a call. The queue keeps order, so it may be given away before the kernels have run.</summary>
internal sealed unsafe class GpuRoom(GpuDevice device) : Room
{
    internal override long Part => long.MaxValue;

    internal override void* Rent(long bytes) => device.Memory.Allocate(bytes, "widened numbers");

    internal override void Return(void* memory, long bytes) => device.Memory.Free(memory, bytes);

    internal override void Convert(ScalarType typeX, void* x, ReadOnlySpan<long> stridesX, ScalarType typeY, void* y, ReadOnlySpan<long> stridesY, ReadOnlySpan<long> shape) =>
        device.Backend.Copy(typeX, x, stridesX, typeY, y, stridesY, shape);
}
