namespace TorchSharp;

public static partial class torch
{
    // What complex numbers have; real ones have it too, and nothing is left to do.
    public partial class Tensor
    {
        /// <summary>Of real numbers: 0, π where negative, NaN where not a number.</summary>
        public Tensor angle() => Compose(() =>
        {
            if (!dtype.IsFloating())
                return to(get_default_dtype()).angle();
            return where(isnan(), this, where(lt(0), torch.full_like(this, Math.PI), torch.zeros_like(this)));
        });

        public Tensor conj() => SameVariable();

        public Tensor conj_physical() => clone();

        public Tensor conj_physical_() => this;

        /// <summary>Whether conjugation is still to be done: never, for real numbers.</summary>
        public bool is_conj() => false;

        public Tensor resolve_conj() => SameVariable();

        /// <summary>Whether negation is still to be done: never, for real numbers.</summary>
        public bool is_neg() => false;

        public Tensor resolve_neg() => SameVariable();
    }

    public static Tensor angle(Tensor input) => input.angle();

    public static Tensor conj(Tensor input) => input.conj();

    /// <summary>Whether conjugation is still to be done: never, for real numbers.</summary>
    public static bool is_conj(Tensor input) => input.is_conj();

    public static Tensor resolve_conj(Tensor input) => input.resolve_conj();

    public static Tensor resolve_neg(Tensor input) => input.resolve_neg();

    public static Tensor conj_physical_(Tensor input) => input.conj_physical_();

    public static Tensor conj_physical(Tensor input) => input.conj_physical();
}
