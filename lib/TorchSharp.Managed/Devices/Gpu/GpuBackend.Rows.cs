using ILGPU;
using static TorchSharp.torch;

namespace TorchSharp.Gpu;

internal sealed unsafe partial class GpuBackend
{
    private interface IRealAction
    {
        void Run<T, TReal>() where T : unmanaged where TReal : struct, IReal<T>;
    }

    private void OverReals<TAction>(string operation, ScalarType type, in TAction action) where TAction : IRealAction, allows ref struct
    {
        Require(operation, type);
        if (type == ScalarType.Float32)
            action.Run<float, Element.Float32>();
        else
            action.Run<double, Element.Float64>();
    }

    private KernelConfig Rows(long rows, long n) => new(GpuDevice.Count(rows), Threads(n));

    public void MeanAndSquares(ScalarType type, void* x, void* mean, void* m2, long outer, long n, long inner) =>
        OverReals(nameof(MeanAndSquares), type, new Moments(this, x, mean, m2, outer, n, inner));

    private readonly struct Moments(GpuBackend on, void* x, void* mean, void* m2, long outer, long n, long inner) : IRealAction
    {
        public void Run<T, TReal>() where T : unmanaged where TReal : struct, IReal<T>
        {
            if (outer * inner == 0)
                return;
            on._device.RunGroups<ArrayView<T>, ArrayView<T>, ArrayView<T>, FoldShape, int>(
                RowKernels.MeanAndSquares<T, TReal>, on.Rows(outer * inner, n), on.View<T>(x), on.View<T>(mean), on.View<T>(m2), new FoldShape(n, inner, 1), GpuDevice.Count(n));
        }
    }

    public void Softmax(bool log, ScalarType type, void* x, void* y, long outer, long n, long inner) =>
        OverReals(nameof(Softmax), type, new SoftmaxOf(this, log, x, y, outer, n, inner));

    private readonly struct SoftmaxOf(GpuBackend on, bool log, void* x, void* y, long outer, long n, long inner) : IRealAction
    {
        public void Run<T, TReal>() where T : unmanaged where TReal : struct, IReal<T>
        {
            if (outer * inner * n == 0)
                return;
            on._device.RunGroups<ArrayView<T>, ArrayView<T>, FoldShape, int, int>(
                RowKernels.Softmax<T, TReal>, on.Rows(outer * inner, n), on.View<T>(x), on.View<T>(y), new FoldShape(n, inner, 1), GpuDevice.Count(n), log ? 1 : 0);
        }
    }

    public void SoftmaxBackward(bool log, ScalarType type, void* dy, void* y, void* dx, long outer, long n, long inner) =>
        OverReals(nameof(SoftmaxBackward), type, new SoftmaxGradient(this, log, dy, y, dx, outer, n, inner));

    private readonly struct SoftmaxGradient(GpuBackend on, bool log, void* dy, void* y, void* dx, long outer, long n, long inner) : IRealAction
    {
        public void Run<T, TReal>() where T : unmanaged where TReal : struct, IReal<T>
        {
            if (outer * inner * n == 0)
                return;
            on._device.RunGroups<ArrayView<T>, ArrayView<T>, ArrayView<T>, FoldShape, int, int>(
                RowKernels.SoftmaxBackward<T, TReal>, on.Rows(outer * inner, n), on.View<T>(dy), on.View<T>(y), on.View<T>(dx), new FoldShape(n, inner, 1), GpuDevice.Count(n), log ? 1 : 0);
        }
    }

    public void Affine(ScalarType type, void* a, void* b, void* y, void* factorA, void* factorB, void* center, void* offset, long batch, long channels, long positions) =>
        OverReals(nameof(Affine), type, new AffineOf(this, a, b, y, factorA, factorB, center, offset, batch, channels, positions));

    private readonly struct AffineOf(GpuBackend on, void* a, void* b, void* y, void* factorA, void* factorB, void* center, void* offset, long batch, long channels, long positions) : IRealAction
    {
        public void Run<T, TReal>() where T : unmanaged where TReal : struct, IReal<T> =>
            on._device.Run<ArrayView<T>, ArrayView<T>, ArrayView<T>, ArrayView<T>, ArrayView<T>, ArrayView<T>, ArrayView<T>, AffineShape>(
                RowKernels.Affine<T, TReal>, batch * channels * positions, on.View<T>(a), on.View<T>(b == null ? a : b), on.View<T>(y), on.View<T>(factorA),
                on.View<T>(factorB == null ? a : factorB), on.View<T>(center == null ? a : center), on.View<T>(offset), new AffineShape(channels, positions, b != null, center != null));
    }

    public void Projections(ScalarType type, void* a, void* b, void* center, void* sums, void* dots, long batch, long channels, long positions) =>
        OverReals(nameof(Projections), type, new ProjectionsOf(this, a, b, center, sums, dots, batch, channels, positions));

    private readonly struct ProjectionsOf(GpuBackend on, void* a, void* b, void* center, void* sums, void* dots, long batch, long channels, long positions) : IRealAction
    {
        public void Run<T, TReal>() where T : unmanaged where TReal : struct, IReal<T>
        {
            if (channels == 0)
                return;
            on._device.RunGroups<ArrayView<T>, ArrayView<T>, ArrayView<T>, ArrayView<T>, ArrayView<T>, ChannelShape, int>(
                RowKernels.Projections<T, TReal>, on.Rows(channels, batch * positions), on.View<T>(a), on.View<T>(b), on.View<T>(center == null ? a : center),
                on.View<T>(sums), on.View<T>(dots), new ChannelShape(batch, channels, positions), center != null ? 1 : 0);
        }
    }
}
