using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>Where numbers of 16 bits are widened: memory of a place, and its conversion.</summary>
internal abstract unsafe class Room
{
    /// <summary>The memory of the process.</summary>
    internal static readonly Room Host = new HostRoom();

    /// <summary>As many elements of an element-wise operation as are widened at a time.</summary>
    internal abstract long Part { get; }

    internal abstract void* Rent(long bytes);

    internal abstract void Return(void* memory, long bytes);

    /// <summary>See <see cref="IBackend.Copy"/>.</summary>
    internal abstract void Convert(ScalarType typeX, void* x, ReadOnlySpan<long> stridesX, ScalarType typeY, void* y, ReadOnlySpan<long> stridesY, ReadOnlySpan<long> shape);

    internal void Convert(ScalarType typeX, void* x, long strideX, ScalarType typeY, void* y, long strideY, long count) => Convert(typeX, x, [strideX], typeY, y, [strideY], [count]);

    private sealed class HostRoom : Room
    {
        /// <summary>What the processor's cache holds.</summary>
        internal override long Part => 4096;

        internal override void* Rent(long bytes) => NativeMemory.Alloc((nuint)bytes);

        internal override void Return(void* memory, long bytes) => NativeMemory.Free(memory);

        internal override void Convert(ScalarType typeX, void* x, ReadOnlySpan<long> stridesX, ScalarType typeY, void* y, ReadOnlySpan<long> stridesY, ReadOnlySpan<long> shape) =>
            Copying.Run(typeX, (byte*)x, stridesX, typeY, (byte*)y, stridesY, shape);
    }
}
