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

/// <summary>Whole steps of the common optimisers in one pass over the parameter, its gradient and its moments, without temporaries.</summary>
internal static unsafe class UpdateRules
{
    /// <param name="largest">With amsgrad: the largest v so far, used in its place.</param>
    internal static void Adam(in AdamRule rule, Tensor p, Tensor gradient, Tensor m, Tensor v, Tensor? largest)
    {
        using var work = new InPlace(p, gradient, m, v, largest);
        if (p.HasData)
            p.Backend.AdamStep(p.dtype, rule, work.Parameter.On(p), work.Gradient.On(p), m.On(p), v.On(p), largest is null ? null : largest.On(p), p.Layout.Count);
        GC.KeepAlive(gradient);
        GC.KeepAlive(m);
        GC.KeepAlive(v);
        GC.KeepAlive(largest);
    }

    /// <param name="velocity">Null without momentum.</param>
    internal static void Sgd(in SgdRule rule, Tensor p, Tensor gradient, Tensor? velocity)
    {
        using var work = new InPlace(p, gradient, velocity);
        if (p.HasData)
            p.Backend.SgdStep(p.dtype, rule, work.Parameter.On(p), work.Gradient.On(p), velocity is null ? null : velocity.On(p), p.Layout.Count);
        GC.KeepAlive(gradient);
        GC.KeepAlive(velocity);
    }

    /// <summary>Contiguous forms of the parameter and its gradient (usually they themselves); a parameter's copy is written back at the end.</summary>
    private readonly ref struct InPlace : IDisposable
    {
        private readonly Tensor _parameter, _gradient;

        internal InPlace(Tensor parameter, Tensor gradient, params ReadOnlySpan<Tensor?> states)
        {
            (_parameter, _gradient) = (parameter, gradient);
            Parameter = Operations.Packed(parameter);
            Gradient = Operations.Packed(gradient, parameter.dtype);
            foreach (var state in states)
            {
                if (state is null)
                    continue;
                if (!state.Layout.SameShape(parameter.Layout))
                    throw new ArgumentException($"The optimizer's state has shape {state.Layout}, its parameter {parameter.Layout}.");
                // A module may have been converted to another type, or moved, after its optimizer was made.
                if (state.dtype == parameter.dtype && state.Layout.IsContiguous && ReferenceEquals(state.Place, parameter.Place))
                    continue;
                var packed = Operations.Move(state, parameter.dtype, parameter.Place);
                state.ReplaceData(packed);
                packed.Discard();
            }
            parameter.Changed(null);
        }

        internal Tensor Parameter { get; }

        internal Tensor Gradient { get; }

        public void Dispose()
        {
            if (!ReferenceEquals(Parameter, _parameter))
                Transfers.Copy(Parameter, _parameter);
            GC.KeepAlive(Parameter);
            Operations.Free(Parameter, _parameter);
            Operations.Free(Gradient, _gradient);
        }
    }
}
