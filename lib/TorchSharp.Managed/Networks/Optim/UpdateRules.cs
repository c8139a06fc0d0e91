using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>
/// One step of Adam: g = ±gradient + Decay·p; m = β₁m + (1−β₁)g; v = β₂v + (1−β₂)g²; p = Shrink·p − Rate·m / (√v / Root + ε).
/// </summary>
/// <param name="Rate">Learning rate / (1 − β₁ᵗ).</param>
/// <param name="Root">√(1 − β₂ᵗ).</param>
/// <param name="Decay">Weight decay within the gradient (Adam), or 0.</param>
/// <param name="Shrink">Factor of weight decay beside the gradient (AdamW), or 1.</param>
internal readonly record struct AdamRule(double Beta1, double Beta2, double Rate, double Root, double Epsilon, double Decay, double Shrink, bool Ascend)
{
    /// <summary>The step number t, from 1, without any weight decay.</summary>
    internal static AdamRule At(long t, double beta1, double beta2, double rate, double epsilon, bool? ascend) =>
        new(beta1, beta2, rate / (1 - Math.Pow(beta1, t)), Math.Sqrt(1 - Math.Pow(beta2, t)), epsilon, 0, 1, ascend == true);
}

/// <summary>One step of gradient descent: g = ±gradient + Decay·p; v = Momentum·v + Fresh·g; p −= Rate·v, or Rate·(g + Momentum·v) with Nesterov's; without momentum p −= Rate·g.</summary>
/// <param name="Fresh">1 − dampening.</param>
internal readonly record struct SgdRule(double Momentum, double Fresh, double Rate, double Decay, bool Nesterov, bool Ascend);

/// <summary>
/// One step of RMSProp: g = ±gradient + Decay·p; v = Alpha·v + (1−Alpha)g²; p −= Rate·g / (√v + ε). Centred, m = Alpha·m + (1−Alpha)g and
/// √(v − m²) for √v; with momentum b = Momentum·b + g / (√v + ε) and p −= Rate·b.
/// </summary>
internal readonly record struct RmsPropRule(double Alpha, double Rate, double Epsilon, double Momentum, double Decay, bool Ascend);

/// <summary>
/// A whole step of a common optimiser for each parameter of a group, without temporaries: they are gathered while the rule is the same, and
/// go to what computes on them together, which may take them in one pass.
/// </summary>
internal abstract unsafe class GroupUpdate<TRule> where TRule : struct, IEquatable<TRule>
{
    private readonly List<(Tensor Parameter, Tensor Packed, Tensor Gradient, Tensor PackedGradient)> _tensors = [];
    private readonly List<StepOperands> _operands = [];
    private TRule _rule;

    /// <summary>Forgets what a step that failed left behind.</summary>
    internal void Begin()
    {
        _tensors.Clear();
        _operands.Clear();
    }

    /// <param name="first">What the optimiser keeps, in the order of <see cref="StepOperands"/>; null where the rule has none, likewise the others.</param>
    /// <exception cref="ArgumentException">The state has another shape than its parameter.</exception>
    internal void Add(in TRule rule, Tensor parameter, Tensor gradient, Tensor? first, Tensor? second = null, Tensor? third = null)
    {
        if (_tensors.Count > 0 && !(_rule.Equals(rule) && _tensors[0].Parameter is var before && before.dtype == parameter.dtype && ReferenceEquals(before.Place, parameter.Place)))
            Finish();
        _rule = rule;
        // Contiguous forms, usually they themselves; a parameter's copy is written back at the end.
        var packed = Operations.Packed(parameter);
        var packedGradient = Operations.Packed(gradient, parameter.dtype);
        Follow(parameter, first);
        Follow(parameter, second);
        Follow(parameter, third);
        parameter.Changed(null);
        _tensors.Add((parameter, packed, gradient, packedGradient));
        if (parameter.HasData)
            _operands.Add(new StepOperands((nint)packed.On(parameter), (nint)packedGradient.On(parameter), Address(first), Address(second), Address(third), parameter.Layout.Count));

        nint Address(Tensor? state) => state is null ? 0 : (nint)state.On(parameter);
    }

    /// <summary>Steps what has been gathered.</summary>
    internal void Finish()
    {
        if (_tensors.Count == 0)
            return;
        if (_operands.Count > 0)
            Step(_tensors[0].Parameter.Backend, _tensors[0].Parameter.dtype, _rule, System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_operands));
        foreach (var (parameter, packed, gradient, packedGradient) in _tensors)
        {
            if (!ReferenceEquals(packed, parameter))
                Transfers.Copy(packed, parameter);
            Operations.Free(packed, parameter);
            Operations.Free(packedGradient, gradient);
        }
        Begin();
    }

    private protected abstract void Step(IBackend backend, ScalarType type, in TRule rule, ReadOnlySpan<StepOperands> parameters);

    /// <summary>A module may have been converted to another type, or moved, after its optimizer was made: the state follows its parameter.</summary>
    private static void Follow(Tensor parameter, Tensor? state)
    {
        if (state is null)
            return;
        if (!state.Layout.SameShape(parameter.Layout))
            throw new ArgumentException($"The optimizer's state has shape {state.Layout}, its parameter {parameter.Layout}.");
        if (state.dtype == parameter.dtype && state.Layout.IsContiguous && ReferenceEquals(state.Place, parameter.Place))
            return;
        var packed = Operations.Move(state, parameter.dtype, parameter.Place);
        state.ReplaceData(packed);
        packed.Discard();
    }
}

/// <summary>Adam and AdamW.</summary>
internal sealed unsafe class AdamUpdate : GroupUpdate<AdamRule>
{
    private protected override void Step(IBackend backend, ScalarType type, in AdamRule rule, ReadOnlySpan<StepOperands> parameters)
    {
        if (backend.AdamSteps(type, rule, parameters))
            return;
        foreach (ref readonly var one in parameters)
            backend.AdamStep(type, rule, (void*)one.Parameter, (void*)one.Gradient, (void*)one.First, (void*)one.Second, (void*)one.Third, one.Count);
    }
}

/// <summary>Gradient descent, with or without a velocity.</summary>
internal sealed unsafe class SgdUpdate : GroupUpdate<SgdRule>
{
    private protected override void Step(IBackend backend, ScalarType type, in SgdRule rule, ReadOnlySpan<StepOperands> parameters)
    {
        if (backend.SgdSteps(type, rule, parameters))
            return;
        foreach (ref readonly var one in parameters)
            backend.SgdStep(type, rule, (void*)one.Parameter, (void*)one.Gradient, (void*)one.First, one.Count);
    }
}

/// <summary>RMSProp, centred or not, with or without a velocity.</summary>
internal sealed unsafe class RmsPropUpdate : GroupUpdate<RmsPropRule>
{
    private protected override void Step(IBackend backend, ScalarType type, in RmsPropRule rule, ReadOnlySpan<StepOperands> parameters)
    {
        if (backend.RmsPropSteps(type, rule, parameters))
            return;
        foreach (ref readonly var one in parameters)
            backend.RmsPropStep(type, rule, (void*)one.Parameter, (void*)one.Gradient, (void*)one.First, (void*)one.Second, (void*)one.Third, one.Count);
    }
}
