using static TorchSharp.torch;

namespace TorchSharp;

internal sealed unsafe partial class SinglePrecision
{
    public bool AdamSteps(ScalarType type, in AdamRule rule, ReadOnlySpan<StepOperands> parameters) => !type.IsReduced() && inner.AdamSteps(type, rule, parameters);

    public bool SgdSteps(ScalarType type, in SgdRule rule, ReadOnlySpan<StepOperands> parameters) => !type.IsReduced() && inner.SgdSteps(type, rule, parameters);

    public bool RmsPropSteps(ScalarType type, in RmsPropRule rule, ReadOnlySpan<StepOperands> parameters) => !type.IsReduced() && inner.RmsPropSteps(type, rule, parameters);

    public bool NormaliseRows(ScalarType type, void* x, void* y, void* scale, long rows, long n, double epsilon) =>
        !type.IsReduced() && inner.NormaliseRows(type, x, y, scale, rows, n, epsilon);

    public bool NormaliseRowsBackward(ScalarType type, void* dy, void* y, void* scale, void* dx, long rows, long n) =>
        !type.IsReduced() && inner.NormaliseRowsBackward(type, dy, y, scale, dx, rows, n);

    public bool NormaliseChannels(ScalarType type, void* x, void* weight, void* bias, void* y, void* mean, void* variance, void* scale, long batch, long channels, long positions, double epsilon) =>
        !type.IsReduced() && inner.NormaliseChannels(type, x, weight, bias, y, mean, variance, scale, batch, channels, positions, epsilon);

    public bool NormaliseChannelsBackward(ScalarType type, void* dy, void* x, void* weight, void* mean, void* scale, void* dx, void* dparameters, long batch, long channels, long positions) =>
        !type.IsReduced() && inner.NormaliseChannelsBackward(type, dy, x, weight, mean, scale, dx, dparameters, batch, channels, positions);

    public bool NegativeLog(ScalarType type, void* x, long* target, void* y, void* share, long batch, long classes, long positions, long ignored, bool mean) =>
        !type.IsReduced() && inner.NegativeLog(type, x, target, y, share, batch, classes, positions, ignored, mean);

    public bool NegativeLogBackward(ScalarType type, void* dy, void* share, long* target, void* dx, long batch, long classes, long positions, long ignored) =>
        !type.IsReduced() && inner.NegativeLogBackward(type, dy, share, target, dx, batch, classes, positions, ignored);
}
