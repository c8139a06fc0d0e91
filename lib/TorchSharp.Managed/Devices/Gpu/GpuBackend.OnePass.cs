using ILGPU;
using static TorchSharp.torch;

namespace TorchSharp.Gpu;

internal sealed unsafe partial class GpuBackend
{
    /// <summary>More targets than one group of threads should walk alone.</summary>
    private const long ManyTargets = 1 << 16;

    private bool IsPass(string operation, ScalarType type, long count) => count > 0 && Supports(operation, type);

    public bool NormaliseRows(ScalarType type, void* x, void* y, void* scale, long rows, long n, double epsilon)
    {
        if (!IsPass(nameof(NormaliseRows), type, rows * n))
            return false;
        OverReals(nameof(NormaliseRows), type, new RowPass(this, x, y, scale, rows, n, epsilon));
        return true;
    }

    private readonly struct RowPass(GpuBackend on, void* x, void* y, void* scale, long rows, long n, double epsilon) : IRealAction
    {
        public void Run<T, TReal>() where T : unmanaged where TReal : struct, IReal<T> =>
            on._device.RunGroups<ArrayView<T>, ArrayView<T>, ArrayView<T>, int, double>(
                OnePassKernels.NormaliseRows<T, TReal>, on.Rows(rows, n), on.View<T>(x), on.View<T>(y), on.View<T>(scale), GpuDevice.Count(n), epsilon);
    }

    public bool NormaliseRowsBackward(ScalarType type, void* dy, void* y, void* scale, void* dx, long rows, long n)
    {
        if (!IsPass(nameof(NormaliseRowsBackward), type, rows * n))
            return false;
        OverReals(nameof(NormaliseRowsBackward), type, new RowGradientPass(this, dy, y, scale, dx, rows, n));
        return true;
    }

    private readonly struct RowGradientPass(GpuBackend on, void* dy, void* y, void* scale, void* dx, long rows, long n) : IRealAction
    {
        public void Run<T, TReal>() where T : unmanaged where TReal : struct, IReal<T> =>
            on._device.RunGroups<ArrayView<T>, ArrayView<T>, ArrayView<T>, ArrayView<T>, int>(
                OnePassKernels.NormaliseRowsBackward<T, TReal>, on.Rows(rows, n), on.View<T>(dy), on.View<T>(y), on.View<T>(scale), on.View<T>(dx), GpuDevice.Count(n));
    }

    public bool NormaliseChannels(ScalarType type, void* x, void* weight, void* bias, void* y, void* mean, void* variance, void* scale, long batch, long channels, long positions, double epsilon)
    {
        if (!IsPass(nameof(NormaliseChannels), type, batch * channels * positions))
            return false;
        OverReals(nameof(NormaliseChannels), type, new ChannelsPass(this, x, weight, bias, y, mean, variance, scale, batch, channels, positions, epsilon));
        return true;
    }

    private readonly struct ChannelsPass(GpuBackend on, void* x, void* weight, void* bias, void* y, void* mean, void* variance, void* scale, long batch, long channels, long positions, double epsilon) : IRealAction
    {
        public void Run<T, TReal>() where T : unmanaged where TReal : struct, IReal<T> =>
            on._device.RunGroups<ArrayView<T>, ArrayView<T>, ArrayView<T>, ArrayView<T>, ArrayView<T>, ArrayView<T>, ArrayView<T>, ChannelPass>(
                OnePassKernels.NormaliseChannels<T, TReal>, on.Rows(channels, batch * positions), on.View<T>(x), on.View<T>(weight == null ? x : weight), on.View<T>(bias == null ? x : bias), on.View<T>(y),
                on.View<T>(mean), on.View<T>(variance), on.View<T>(scale), new ChannelPass(new ChannelShape(batch, channels, positions), epsilon, weight != null, bias != null));
    }

    public bool NormaliseChannelsBackward(ScalarType type, void* dy, void* x, void* weight, void* mean, void* scale, void* dx, void* dparameters, long batch, long channels, long positions)
    {
        if (!IsPass(nameof(NormaliseChannelsBackward), type, batch * channels * positions))
            return false;
        OverReals(nameof(NormaliseChannelsBackward), type, new ChannelsGradientPass(this, dy, x, weight, mean, scale, dx, dparameters, batch, channels, positions));
        return true;
    }

    private readonly struct ChannelsGradientPass(GpuBackend on, void* dy, void* x, void* weight, void* mean, void* scale, void* dx, void* dparameters, long batch, long channels, long positions) : IRealAction
    {
        public void Run<T, TReal>() where T : unmanaged where TReal : struct, IReal<T> =>
            on._device.RunGroups<ArrayView<T>, ArrayView<T>, ArrayView<T>, ArrayView<T>, ArrayView<T>, ArrayView<T>, ArrayView<T>, ChannelPass>(
                OnePassKernels.NormaliseChannelsBackward<T, TReal>, on.Rows(channels, batch * positions), on.View<T>(dy), on.View<T>(x), on.View<T>(weight == null ? x : weight),
                on.View<T>(mean), on.View<T>(scale), on.View<T>(dx), on.View<T>(dparameters), new ChannelPass(new ChannelShape(batch, channels, positions), 0, weight != null, false));
    }

    public bool NegativeLog(ScalarType type, void* x, long* target, void* y, void* share, long batch, long classes, long positions, long ignored, bool mean)
    {
        if (!IsPass(nameof(NegativeLog), type, batch * classes * positions) || batch * positions > ManyTargets)
            return false;
        OverReals(nameof(NegativeLog), type, new NegativeLogOf(this, x, target, y, share, new ClassPass(batch, classes, positions, ignored, mean)));
        return true;
    }

    private readonly struct NegativeLogOf(GpuBackend on, void* x, long* target, void* y, void* share, ClassPass pass) : IRealAction
    {
        public void Run<T, TReal>() where T : unmanaged where TReal : struct, IReal<T> =>
            on._device.RunGroups<ArrayView<T>, ArrayView<long>, ArrayView<T>, ArrayView<T>, ClassPass, ArrayView<int>>(
                OnePassKernels.NegativeLog<T, TReal>, on.Rows(1, pass.Count), on.View<T>(x), on.View<long>(target), on.View<T>(y), on.View<T>(share), pass, on.FaultFlag());
    }

    public bool NegativeLogBackward(ScalarType type, void* dy, void* share, long* target, void* dx, long batch, long classes, long positions, long ignored)
    {
        if (!IsPass(nameof(NegativeLogBackward), type, batch * classes * positions))
            return false;
        OverReals(nameof(NegativeLogBackward), type, new NegativeLogGradient(this, dy, share, target, dx, new ClassPass(batch, classes, positions, ignored, false)));
        return true;
    }

    private readonly struct NegativeLogGradient(GpuBackend on, void* dy, void* share, long* target, void* dx, ClassPass pass) : IRealAction
    {
        public void Run<T, TReal>() where T : unmanaged where TReal : struct, IReal<T> =>
            on._device.Run<ArrayView<T>, ArrayView<T>, ArrayView<long>, ArrayView<T>, ClassPass>(
                OnePassKernels.NegativeLogBackward<T, TReal>, (long)pass.Count * pass.Classes, on.View<T>(dy), on.View<T>(share), on.View<long>(target), on.View<T>(dx), pass);
    }
}
