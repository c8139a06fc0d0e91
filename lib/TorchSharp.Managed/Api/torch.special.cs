namespace TorchSharp;

public static partial class torch
{
    /// <summary>Special functions of mathematics.</summary>
    public static class special
    {
        public static Tensor digamma(Tensor input) => input.digamma();

        public static Tensor psi(Tensor input) => input.digamma();

        public static Tensor polygamma(long n, Tensor input) => input.polygamma(n);

        /// <summary>The regularised lower incomplete gamma function P(input, other): the share of Γ(input)'s integral below other.</summary>
        public static Tensor gammainc(Tensor input, Tensor other) => Operations.IncompleteGammaOf(input, other, upper: false);

        /// <summary>1 − gammainc, without cancellation.</summary>
        public static Tensor gammaincc(Tensor input, Tensor other) => Operations.IncompleteGammaOf(input, other, upper: true);

        public static Tensor gammaln(Tensor input) => input.lgamma();

        public static Tensor multigammaln(Tensor input, long p) => input.mvlgamma(p);

        public static Tensor erf(Tensor input) => input.erf();

        public static Tensor erfc(Tensor input) => input.erfc();

        public static Tensor erfinv(Tensor input) => input.erfinv();

        public static Tensor exp2(Tensor input) => input.exp2();

        public static Tensor expm1(Tensor input) => input.expm1();

        public static Tensor expit(Tensor input) => input.sigmoid();

        public static Tensor sigmoid(Tensor input) => input.sigmoid();

        public static Tensor sigmoid_(Tensor input) => input.sigmoid_();

        public static Tensor logit(Tensor input) => input.logit();

        public static Tensor sinc(Tensor input) => input.sinc();

        public static Tensor i0(Tensor input) => input.i0();

        public static Tensor i1(Tensor input) => Operations.BesselI1(input);

        public static Tensor i0e(Tensor input) => Operations.ScaledBessel(input, 0);

        public static Tensor i1e(Tensor input) => Operations.ScaledBessel(input, 1);

        public static Tensor log_softmax(Tensor input, long dim, ScalarType? dtype = null) => input.log_softmax(dim, dtype);

        public static Tensor softmax(Tensor input, long dim, ScalarType? dtype = null) => input.softmax(dim, dtype);

        /// <summary>−x·ln x, 0 at 0, −∞ below.</summary>
        public static Tensor entr(Tensor input) => Compose(() =>
        {
            var x = Real(input);
            return where(x < 0, full_like(x, double.NegativeInfinity), -x.xlogy(x));
        });

        /// <summary>The normal distribution's Φ.</summary>
        public static Tensor ndtr(Tensor input) => Compose(() => (input * -Math.Sqrt(0.5)).erfc() * 0.5);

        /// <summary>Φ⁻¹.</summary>
        public static Tensor ndtri(Tensor input) => Compose(() => (Real(input) * 2 - 1).erfinv() * Math.Sqrt(2));

        /// <summary>Whole numbers as real ones.</summary>
        private static Tensor Real(Tensor x) => x.dtype.IsFloating() ? x : x.to(get_default_dtype());

        public static Tensor xlog1py(Tensor input, Tensor other) => Compose(() =>
        {
            var common = promote_types(input.dtype, other.dtype);
            var wide = other.to(common.IsFloating() ? common : get_default_dtype());
            var product = input * wide.log1p();
            return where(input.eq(0).logical_and(other.isnan().logical_not()), zeros_like(product), product);
        });

        /// <summary>Hurwitz's zeta function Σ (k + q)⁻ˣ.</summary>
        public static Tensor zeta(Tensor x, Tensor q) => Compose(() => Operations.Map(x.detach(), q.detach(), SpecialFunctions.Zeta));
    }
}
