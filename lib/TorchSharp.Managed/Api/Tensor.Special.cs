namespace TorchSharp;

public static partial class torch
{
    // NaN, infinities, closeness and functions of special kinds.
    public partial class Tensor
    {
        public Tensor isnan() => ne(this);

        public Tensor isinf()
        {
            if (!dtype.IsFloating())
                return Factories.Full(Layout.Shape, false, ScalarType.Bool, device, false);
            using Tensor plain = detach().AsTemporary(), magnitude = plain.abs().AsTemporary();
            return magnitude.eq(double.PositiveInfinity);
        }

        public Tensor isposinf() => dtype.IsFloating() ? eq(double.PositiveInfinity) : isinf();

        public Tensor isneginf() => dtype.IsFloating() ? eq(double.NegativeInfinity) : isinf();

        public Tensor isfinite()
        {
            if (!dtype.IsFloating())
                return Factories.Full(Layout.Shape, true, ScalarType.Bool, device, false);
            using Tensor plain = detach().AsTemporary(), magnitude = plain.abs().AsTemporary();
            return magnitude.lt(double.PositiveInfinity);
        }

        public Tensor isreal() => Factories.Full(Layout.Shape, true, ScalarType.Bool, device, false);

        /// <summary>|this − other| ≤ atol + rtol·|other|, element by element.</summary>
        public Tensor isclose(Tensor other, double rtol = 1e-5, double atol = 1e-8, bool nanEqual = false)
        {
            using var scope = DisposeScope.ForTemporaries();
            using var mode = GradMode.Set(false);
            if (dtype != other.dtype)
                throw new System.Runtime.InteropServices.ExternalException($"{dtype} did not match {other.dtype}");
            var close = eq(other);
            if (nanEqual)
                close = close.logical_or(isnan().logical_and(other.isnan()));
            if (rtol == 0 && atol == 0)
                return scope.MoveToOuter(close);
            Tensor a = dtype.IsFloating() ? this : @double(), b = dtype.IsFloating() ? other : other.@double();
            var error = (a - b).abs();
            return scope.MoveToOuter(close.logical_or((error <= b.abs() * rtol + atol).logical_and(error.isfinite())));
        }

        public bool allclose(Tensor target, double rtol = 1e-5, double atol = 1e-8, bool equal_nan = false)
        {
            using var close = isclose(target, rtol, atol, equal_nan).AsTemporary();
            using var all = close.all().AsTemporary();
            return all.ToBoolean();
        }

        /// <summary>Element-wise equality, as TorchSharp's <c>equal</c>.</summary>
        public Tensor equal(Tensor target) => eq(target);

        /// <summary>The regularised lower incomplete gamma function P(this, other).</summary>
        public Tensor igamma(Tensor other) => special.gammainc(this, other);

        /// <summary>1 − igamma, without cancellation.</summary>
        public Tensor igammac(Tensor other) => special.gammaincc(this, other);

        public Tensor polygamma(long p) => Operations.Polygamma(this, p);

        public Tensor polygamma_(long p) => Operations.Update(this, x => x.polygamma(p));
    }

    public static Tensor polygamma(Tensor input, long p) => input.polygamma(p);

    public static Tensor polygamma_(Tensor input, long p) => input.polygamma_(p);

    public static Tensor equal(Tensor tensor, Tensor target) => tensor.equal(target);

    public static Tensor igamma(Tensor input, Tensor other) => input.igamma(other);

    public static Tensor igammac(Tensor input, Tensor other) => input.igammac(other);

    public static Tensor isclose(Tensor tensor, Tensor other, double rtol = 1E-05, double atol = 1E-08, bool nanEqual = false) => tensor.isclose(other, rtol, atol, nanEqual);

    public static Tensor isfinite(Tensor tensor) => tensor.isfinite();

    public static Tensor isinf(Tensor tensor) => tensor.isinf();

    public static Tensor isnan(Tensor input) => input.isnan();

    public static Tensor isneginf(Tensor tensor) => tensor.isneginf();

    public static Tensor isposinf(Tensor tensor) => tensor.isposinf();

    public static Tensor isreal(Tensor tensor) => tensor.isreal();

    public static bool allclose(Tensor tensor, Tensor target, double rtol = 1E-05, double atol = 1E-08, bool equal_nan = false) => tensor.allclose(target, rtol, atol, equal_nan);
}
