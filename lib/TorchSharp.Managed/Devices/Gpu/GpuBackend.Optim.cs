using ILGPU;
using static TorchSharp.torch;

namespace TorchSharp.Gpu;

internal sealed unsafe partial class GpuBackend
{
    public void AdamStep(ScalarType type, in AdamRule rule, void* p, void* gradient, void* m, void* v, void* largest, long count) =>
        OverReals(nameof(AdamStep), type, new AdamOf(this, rule, p, gradient, m, v, largest, count));

    private readonly struct AdamOf(GpuBackend on, AdamRule rule, void* p, void* gradient, void* m, void* v, void* largest, long count) : IRealAction
    {
        public void Run<T, TReal>() where T : unmanaged where TReal : struct, IReal<T> =>
            on._device.Run<ArrayView<T>, ArrayView<T>, ArrayView<T>, ArrayView<T>, ArrayView<T>, AdamArguments>(
                OptimKernels.Adam<T, TReal>, count, on.View<T>(p), on.View<T>(gradient), on.View<T>(m), on.View<T>(v), on.View<T>(largest == null ? v : largest), new AdamArguments(rule, largest != null));
    }

    public void SgdStep(ScalarType type, in SgdRule rule, void* p, void* gradient, void* velocity, long count) =>
        OverReals(nameof(SgdStep), type, new SgdOf(this, rule, p, gradient, velocity, count));

    private readonly struct SgdOf(GpuBackend on, SgdRule rule, void* p, void* gradient, void* velocity, long count) : IRealAction
    {
        public void Run<T, TReal>() where T : unmanaged where TReal : struct, IReal<T> =>
            on._device.Run<ArrayView<T>, ArrayView<T>, ArrayView<T>, SgdArguments>(
                OptimKernels.Sgd<T, TReal>, count, on.View<T>(p), on.View<T>(gradient), on.View<T>(velocity == null ? p : velocity), new SgdArguments(rule, velocity != null));
    }

    public void RmsPropStep(ScalarType type, in RmsPropRule rule, void* p, void* gradient, void* squares, void* mean, void* velocity, long count) =>
        OverReals(nameof(RmsPropStep), type, new RmsPropOf(this, rule, p, gradient, squares, mean, velocity, count));

    private readonly struct RmsPropOf(GpuBackend on, RmsPropRule rule, void* p, void* gradient, void* squares, void* mean, void* velocity, long count) : IRealAction
    {
        public void Run<T, TReal>() where T : unmanaged where TReal : struct, IReal<T> =>
            on._device.Run<ArrayView<T>, ArrayView<T>, ArrayView<T>, ArrayView<T>, ArrayView<T>, RmsPropArguments>(
                OptimKernels.RmsProp<T, TReal>, count, on.View<T>(p), on.View<T>(gradient), on.View<T>(squares), on.View<T>(mean == null ? p : mean), on.View<T>(velocity == null ? p : velocity),
                new RmsPropArguments(rule, mean != null, velocity != null));
    }

    public bool AdamSteps(ScalarType type, in AdamRule rule, ReadOnlySpan<StepOperands> parameters) =>
        Steps(nameof(AdamStep), type, new AdamArguments(rule, parameters[0].Third != 0), parameters);

    public bool SgdSteps(ScalarType type, in SgdRule rule, ReadOnlySpan<StepOperands> parameters) =>
        Steps(nameof(SgdStep), type, new SgdArguments(rule, parameters[0].First != 0), parameters);

    public bool RmsPropSteps(ScalarType type, in RmsPropRule rule, ReadOnlySpan<StepOperands> parameters) =>
        Steps(nameof(RmsPropStep), type, new RmsPropArguments(rule, parameters[0].Second != 0, parameters[0].Third != 0), parameters);

    private bool Steps<TRule>(string operation, ScalarType type, TRule rule, ReadOnlySpan<StepOperands> parameters) where TRule : struct, IGroupRule<TRule>
    {
        if (parameters.Length < 2 || !Supports(operation, type))
            return false;
        while (!parameters.IsEmpty)
            OverReals(operation, type, new StepsOfGroup<TRule>(this, rule, StepTable.Take(ref parameters, type.Size())));
        return true;
    }

    private readonly struct StepsOfGroup<TRule>(GpuBackend on, TRule rule, StepTable table) : IRealAction where TRule : struct, IGroupRule<TRule>
    {
        public void Run<T, TReal>() where T : unmanaged where TReal : struct, IReal<T>
        {
            using var rows = new Scratch(on, sizeof(long) * table.Rows.Length);
            on._device.Run(TRule.Kernel<T, TReal>(), table.Count, on.Upload(table, rows.Address), table.Parameters, table.Segments<T>(on._device.Memory), rule);
        }
    }

    private ArrayView<long> Upload(StepTable table, void* address)
    {
        fixed (long* rows = table.Rows)
            _device.Memory.CopyToDevice(rows, address, sizeof(long) * table.Rows.Length);
        return View<long>(address);
    }
}
