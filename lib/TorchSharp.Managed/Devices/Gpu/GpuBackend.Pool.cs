using ILGPU;
using static TorchSharp.torch;

namespace TorchSharp.Gpu;

internal sealed unsafe partial class GpuBackend
{
    public void MaxPool(ScalarType type, in PoolShape shape, void* x, void* y, long* indices) => OverReals(nameof(MaxPool), type, new MaxPoolOf(this, shape, x, y, indices));

    private readonly struct MaxPoolOf(GpuBackend on, PoolShape s, void* x, void* y, long* indices) : IRealAction
    {
        public void Run<T, TReal>() where T : unmanaged where TReal : struct, IReal<T> =>
            on._device.Run<ArrayView<T>, ArrayView<T>, ArrayView<long>, PoolWindow, int>(PoolKernels.Max<T, TReal>, s.Planes * s.OutHeight * s.OutWidth,
                on.View<T>(x), on.View<T>(y), indices == null ? on.View<long>((void*)((nint)x & ~7)) : on.View<long>(indices), new PoolWindow(s, false, 0), indices != null ? 1 : 0);
    }

    public void MaxPoolBackward(ScalarType type, long planes, long inputSize, long outputSize, void* dy, long* indices, void* dx) =>
        OverReals(nameof(MaxPoolBackward), type, new MaxPoolGradient(this, planes, inputSize, outputSize, dy, indices, dx));

    private readonly struct MaxPoolGradient(GpuBackend on, long planes, long inputs, long outputs, void* dy, long* indices, void* dx) : IRealAction
    {
        public void Run<T, TReal>() where T : unmanaged where TReal : struct, IReal<T> =>
            on._device.Run<ArrayView<T>, ArrayView<long>, ArrayView<T>, int, int>(PoolKernels.MaxBackward<T, TReal>, planes, on.View<T>(dy), on.View<long>(indices), on.View<T>(dx), GpuDevice.Count(inputs), GpuDevice.Count(outputs));
    }

    public void AvgPool(ScalarType type, in PoolShape shape, bool countIncludePad, long divisor, void* x, void* y) =>
        OverReals(nameof(AvgPool), type, new AvgPoolOf(this, shape, countIncludePad, divisor, x, y));

    private readonly struct AvgPoolOf(GpuBackend on, PoolShape s, bool countPad, long divisor, void* x, void* y) : IRealAction
    {
        public void Run<T, TReal>() where T : unmanaged where TReal : struct, IReal<T> =>
            on._device.Run<ArrayView<T>, ArrayView<T>, PoolWindow>(PoolKernels.Average<T, TReal>, s.Planes * s.OutHeight * s.OutWidth, on.View<T>(x), on.View<T>(y), new PoolWindow(s, countPad, divisor));
    }

    public void AvgPoolBackward(ScalarType type, in PoolShape shape, bool countIncludePad, long divisor, void* dy, void* dx) =>
        OverReals(nameof(AvgPoolBackward), type, new AvgPoolGradient(this, shape, countIncludePad, divisor, dy, dx));

    private readonly struct AvgPoolGradient(GpuBackend on, PoolShape s, bool countPad, long divisor, void* dy, void* dx) : IRealAction
    {
        public void Run<T, TReal>() where T : unmanaged where TReal : struct, IReal<T> =>
            on._device.Run<ArrayView<T>, ArrayView<T>, PoolWindow>(PoolKernels.AverageBackward<T, TReal>, s.Planes * s.Height * s.Width, on.View<T>(dy), on.View<T>(dx), new PoolWindow(s, countPad, divisor));
    }
}
