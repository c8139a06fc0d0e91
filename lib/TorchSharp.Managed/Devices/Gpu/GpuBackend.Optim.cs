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

    public bool AdamSteps(ScalarType type, in AdamRule rule, ReadOnlySpan<StepOperands> parameters)
    {
        if (!AreSeveral(nameof(AdamStep), type, parameters))
            return false;
        var arguments = new AdamArguments(rule, parameters[0].Largest != 0);
        while (!parameters.IsEmpty)
            OverReals(nameof(AdamStep), type, new AdamOfGroup(this, arguments, StepTable.Take(ref parameters, type.Size())));
        return true;
    }

    private readonly struct AdamOfGroup(GpuBackend on, AdamArguments rule, StepTable table) : IRealAction
    {
        public void Run<T, TReal>() where T : unmanaged where TReal : struct, IReal<T>
        {
            using var rows = new Scratch(on, sizeof(long) * table.Rows.Length);
            on._device.Run<ArrayView<long>, int, StepSegments<T>, AdamArguments>(OptimKernels.AdamGroup<T, TReal>, table.Count, on.Upload(table, rows.Address), table.Parameters, table.Segments<T>(on._device.Memory), rule);
        }
    }

    public bool SgdSteps(ScalarType type, in SgdRule rule, ReadOnlySpan<StepOperands> parameters)
    {
        if (!AreSeveral(nameof(SgdStep), type, parameters))
            return false;
        var arguments = new SgdArguments(rule, parameters[0].First != 0);
        while (!parameters.IsEmpty)
            OverReals(nameof(SgdStep), type, new SgdOfGroup(this, arguments, StepTable.Take(ref parameters, type.Size())));
        return true;
    }

    private readonly struct SgdOfGroup(GpuBackend on, SgdArguments rule, StepTable table) : IRealAction
    {
        public void Run<T, TReal>() where T : unmanaged where TReal : struct, IReal<T>
        {
            using var rows = new Scratch(on, sizeof(long) * table.Rows.Length);
            on._device.Run<ArrayView<long>, int, StepSegments<T>, SgdArguments>(OptimKernels.SgdGroup<T, TReal>, table.Count, on.Upload(table, rows.Address), table.Parameters, table.Segments<T>(on._device.Memory), rule);
        }
    }

    private bool AreSeveral(string operation, ScalarType type, ReadOnlySpan<StepOperands> parameters) => parameters.Length > 1 && Supports(operation, type);

    private ArrayView<long> Upload(StepTable table, void* address)
    {
        fixed (long* rows = table.Rows)
            _device.Memory.CopyToDevice(rows, address, sizeof(long) * table.Rows.Length);
        return View<long>(address);
    }
}
