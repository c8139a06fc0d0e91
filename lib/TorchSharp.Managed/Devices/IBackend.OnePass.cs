using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>
/// What a device does in one pass, where every pass costs a launch. False: this backend does not, nothing was touched, and the operation
/// does it by the other methods.
/// </summary>
internal unsafe partial interface IBackend
{
    /// <summary><see cref="AdamStep"/> for several parameters under one rule.</summary>
    bool AdamSteps(ScalarType type, in AdamRule rule, ReadOnlySpan<StepOperands> parameters) => false;

    /// <summary><see cref="SgdStep"/> for several parameters under one rule.</summary>
    bool SgdSteps(ScalarType type, in SgdRule rule, ReadOnlySpan<StepOperands> parameters) => false;

    /// <summary><see cref="RmsPropStep"/> for several parameters under one rule.</summary>
    bool RmsPropSteps(ScalarType type, in RmsPropRule rule, ReadOnlySpan<StepOperands> parameters) => false;

    /// <summary>y = (x − mean)·scale for each row of [rows, n], with scale = 1/√(variance + ε).</summary>
    bool NormaliseRows(ScalarType type, void* x, void* y, void* scale, long rows, long n, double epsilon) => false;

    /// <summary>dx = (dy − mean(dy) − y·mean(dy·y))·scale for each row, from the output y.</summary>
    bool NormaliseRowsBackward(ScalarType type, void* dy, void* y, void* scale, void* dx, long rows, long n) => false;

    /// <summary>y = (x − mean[c])·scale[c]·weight[c] + bias[c] over [batch, channels, positions], with scale = 1/√(variance + ε); writes mean, biased variance and scale of each channel too.</summary>
    /// <param name="weight">Null: ones.</param>
    /// <param name="bias">Null: zeros.</param>
    bool NormaliseChannels(ScalarType type, void* x, void* weight, void* bias, void* y, void* mean, void* variance, void* scale, long batch, long channels, long positions, double epsilon) => false;

    /// <summary>The gradients of <see cref="NormaliseChannels"/>: dbias = Σ dy, dweight = Σ dy·x̂ and dx = (dy − dbias/n − x̂·dweight/n)·scale·weight with x̂ = (x − mean)·scale.</summary>
    /// <param name="dparameters">dweight and after it dbias: [2, channels].</param>
    bool NormaliseChannelsBackward(ScalarType type, void* dy, void* x, void* weight, void* mean, void* scale, void* dx, void* dparameters, long batch, long channels, long positions) => false;

    /// <summary>y = −Σ x[s, target[s, i], i] over [batch, classes, positions], or its mean; targets equal to <paramref name="ignored"/> do not count. A target that is no class is told with the next value that is read.</summary>
    /// <param name="share">What the sum was multiplied by.</param>
    bool NegativeLog(ScalarType type, void* x, long* target, void* y, void* share, long batch, long classes, long positions, long ignored, bool mean) => false;

    /// <summary>dx = −dy·share at the targets that count, else 0.</summary>
    bool NegativeLogBackward(ScalarType type, void* dy, void* share, long* target, void* dx, long batch, long classes, long positions, long ignored) => false;
}
