namespace TorchSharp;

public static partial class torch
{
    // Cutting to a range.
    public partial class Tensor
    {
        public Tensor clamp(Scalar? min = null, Scalar? max = null)
        {
            using var low = Bound(min, max)?.AsTemporary();
            using var high = Bound(max, min)?.AsTemporary();
            return Operations.Clamp(this, low, high);
        }

        /// <summary>A bound in the type of the result: beside a real one, −1 stays −1 also for bytes.</summary>
        private Tensor? Bound(Scalar? bound, Scalar? other) => bound is null ? null
            : !dtype.IsFloating() && (bound.IsFloating || other is { IsFloating: true }) ? Operations.Number(bound, get_default_dtype()) : Operations.NumberFor(this, bound);

        public Tensor clamp(Tensor? min = null, Tensor? max = null) => Operations.Clamp(this, min, max);

        public Tensor clamp_(Scalar? min = null, Scalar? max = null) => Operations.Update(this, x => x.clamp(min, max));

        public Tensor clamp_(Tensor? min = null, Tensor? max = null) => Operations.Update(this, x => x.clamp(min, max));

        public Tensor clip(Scalar? min = null, Scalar? max = null) => clamp(min, max);

        public Tensor clamp_max(Scalar max) => clamp((Scalar?)null, max);

        public Tensor clamp_max_(Scalar max) => clamp_((Scalar?)null, max);

        public Tensor clamp_min(Scalar min) => clamp(min, (Scalar?)null);

        public Tensor clamp_min_(Scalar min) => clamp_(min, (Scalar?)null);
    }

    public static Tensor clamp(Tensor input, Scalar? min = null, Scalar? max = null) => input.clamp(min, max);

    public static Tensor clamp(Tensor input, Tensor? min = null, Tensor? max = null) => input.clamp(min, max);

    public static Tensor clamp_(Tensor input, Scalar? min = null, Scalar? max = null) => input.clamp_(min, max);

    public static Tensor clamp_(Tensor input, Tensor? min = null, Tensor? max = null) => input.clamp_(min, max);

    public static Tensor clamp_max(Tensor input, Scalar max) => input.clamp_max(max);

    public static Tensor clamp_max_(Tensor input, Scalar max) => input.clamp_max_(max);

    public static Tensor clamp_min(Tensor input, Scalar min) => input.clamp_min(min);

    public static Tensor clamp_min_(Tensor input, Scalar min) => input.clamp_min_(min);

    public static Tensor clip(Tensor input, Scalar? min = null, Scalar? max = null) => input.clip(min, max);
}
