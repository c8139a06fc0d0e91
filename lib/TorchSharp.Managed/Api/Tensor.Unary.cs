namespace TorchSharp;

public static partial class torch
{
    // Functions of one variable, element by element; a trailing _ changes the tensor itself.
    public partial class Tensor
    {
        public Tensor neg() => Operations.Unary(UnaryOperations.Neg, this);

        public Tensor neg_() => Operations.UnaryInto(UnaryOperations.Neg, this);

        public Tensor negative() => Operations.Unary(UnaryOperations.Neg, this);

        public Tensor abs() => Operations.Unary(UnaryOperations.Abs, this);

        public Tensor abs_() => Operations.UnaryInto(UnaryOperations.Abs, this);

        public Tensor absolute() => Operations.Unary(UnaryOperations.Abs, this);

        public Tensor absolute_() => Operations.UnaryInto(UnaryOperations.Abs, this);

        public Tensor sign() => Operations.Unary(UnaryOperations.Sign, this);

        public Tensor sign_() => Operations.UnaryInto(UnaryOperations.Sign, this);

        public Tensor sgn() => Operations.Unary(UnaryOperations.Sign, this);

        public Tensor sgn_() => Operations.UnaryInto(UnaryOperations.Sign, this);

        public Tensor square() => dtype == ScalarType.Bool ? pow(2) : Operations.Unary(UnaryOperations.Square, this);

        public Tensor relu() => Operations.Unary(UnaryOperations.Relu, RequireNumbers("relu"));

        public Tensor relu_() => Operations.UnaryInto(UnaryOperations.Relu, RequireNumbers("relu"));

        private Tensor RequireNumbers(string operation) => dtype == ScalarType.Bool ? throw new System.Runtime.InteropServices.ExternalException($"Boolean inputs not supported for {operation}") : this;

        public Tensor reciprocal() => Operations.Unary(UnaryOperations.Reciprocal, this);

        public Tensor reciprocal_() => Operations.UnaryInto(UnaryOperations.Reciprocal, this);

        public Tensor sqrt() => Operations.Unary(UnaryOperations.Sqrt, this);

        public Tensor sqrt_() => Operations.UnaryInto(UnaryOperations.Sqrt, this);

        public Tensor rsqrt() => Operations.Unary(UnaryOperations.Rsqrt, this);

        public Tensor rsqrt_() => Operations.UnaryInto(UnaryOperations.Rsqrt, this);

        public Tensor exp() => Operations.Unary(UnaryOperations.Exp, this);

        public Tensor exp_() => Operations.UnaryInto(UnaryOperations.Exp, this);

        public Tensor exp2() => Operations.Unary(UnaryOperations.Exp2, this);

        public Tensor exp2_() => Operations.UnaryInto(UnaryOperations.Exp2, this);

        public Tensor expm1() => Operations.Unary(UnaryOperations.Expm1, this);

        public Tensor expm1_() => Operations.UnaryInto(UnaryOperations.Expm1, this);

        public Tensor log() => Operations.Unary(UnaryOperations.Log, this);

        public Tensor log_() => Operations.UnaryInto(UnaryOperations.Log, this);

        public Tensor log2() => Operations.Unary(UnaryOperations.Log2, this);

        public Tensor log2_() => Operations.UnaryInto(UnaryOperations.Log2, this);

        public Tensor log10() => Operations.Unary(UnaryOperations.Log10, this);

        public Tensor log10_() => Operations.UnaryInto(UnaryOperations.Log10, this);

        public Tensor log1p() => Operations.Unary(UnaryOperations.Log1p, this);

        public Tensor log1p_() => Operations.UnaryInto(UnaryOperations.Log1p, this);

        public Tensor sigmoid() => Operations.Unary(UnaryOperations.Sigmoid, this);

        public Tensor sigmoid_() => Operations.UnaryInto(UnaryOperations.Sigmoid, this);

        public Tensor log_sigmoid() => Operations.Unary(UnaryOperations.LogSigmoid, this);

        public Tensor silu() => Operations.Unary(UnaryOperations.Silu, this);

        public Tensor silu_() => Operations.UnaryInto(UnaryOperations.Silu, this);

        public Tensor gelu() => Operations.Unary(UnaryOperations.Gelu, this);

        public Tensor gelu_() => Operations.UnaryInto(UnaryOperations.Gelu, this);

        /// <param name="approximate">none: x·Φ(x) with the normal distribution function Φ; tanh: ½·x·(1 + tanh(√(2/π)·(x + 0.044715·x³))), as GPT-2 has it.</param>
        public Tensor gelu(Modules.GELU.Approximate approximate) => Operations.Unary(Gelu(approximate), this);

        public Tensor gelu_(Modules.GELU.Approximate approximate) => Operations.UnaryInto(Gelu(approximate), this);

        private static UnaryOperation Gelu(Modules.GELU.Approximate approximate) =>
            approximate == Modules.GELU.Approximate.tanh ? UnaryOperations.GeluTanh : UnaryOperations.Gelu;

        public Tensor erf() => Operations.Unary(UnaryOperations.Erf, this);

        public Tensor erf_() => Operations.UnaryInto(UnaryOperations.Erf, this);

        public Tensor erfc() => Operations.Unary(UnaryOperations.Erfc, this);

        public Tensor erfc_() => Operations.UnaryInto(UnaryOperations.Erfc, this);

        public Tensor erfinv() => Operations.Unary(UnaryOperations.Erfinv, this);

        public Tensor erfinv_() => Operations.UnaryInto(UnaryOperations.Erfinv, this);

        public Tensor lgamma() => Operations.Unary(UnaryOperations.Lgamma, this);

        public Tensor lgamma_() => Operations.UnaryInto(UnaryOperations.Lgamma, this);

        public Tensor digamma() => Operations.Unary(UnaryOperations.Digamma, this);

        public Tensor digamma_() => Operations.UnaryInto(UnaryOperations.Digamma, this);

        public Tensor ceil() => Operations.Unary(UnaryOperations.Ceil, this);

        public Tensor ceil_() => Operations.UnaryInto(UnaryOperations.Ceil, this);

        public Tensor floor() => Operations.Unary(UnaryOperations.Floor, this);

        public Tensor floor_() => Operations.UnaryInto(UnaryOperations.Floor, this);

        public Tensor trunc() => Operations.Unary(UnaryOperations.Trunc, this);

        public Tensor trunc_() => Operations.UnaryInto(UnaryOperations.Trunc, this);

        public Tensor fix() => Operations.Unary(UnaryOperations.Trunc, this);

        public Tensor fix_() => Operations.UnaryInto(UnaryOperations.Trunc, this);
    }

    public static Tensor sgn(Tensor input) => input.sgn();

    public static Tensor sgn_(Tensor input) => input.sgn_();

    public static Tensor sigmoid(Tensor input) => input.sigmoid();

    public static Tensor sigmoid_(Tensor input) => input.sigmoid_();

    public static Tensor sign(Tensor input) => input.sign();

    public static Tensor sign_(Tensor input) => input.sign_();

    public static Tensor sqrt(Tensor input) => input.sqrt();

    public static Tensor sqrt_(Tensor input) => input.sqrt_();

    public static Tensor square(Tensor input) => input.square();

    public static Tensor trunc(Tensor input) => input.trunc();

    public static Tensor trunc_(Tensor input) => input.trunc_();

    public static Tensor lgamma(Tensor input) => input.lgamma();

    public static Tensor lgamma_(Tensor input) => input.lgamma_();

    public static Tensor log(Tensor input) => input.log();

    public static Tensor log_(Tensor input) => input.log_();

    public static Tensor log10(Tensor input) => input.log10();

    public static Tensor log10_(Tensor input) => input.log10_();

    public static Tensor log1p(Tensor input) => input.log1p();

    public static Tensor log1p_(Tensor input) => input.log1p_();

    public static Tensor log2(Tensor input) => input.log2();

    public static Tensor log2_(Tensor input) => input.log2_();

    public static Tensor neg(Tensor input) => input.neg();

    public static Tensor neg_(Tensor input) => input.neg_();

    public static Tensor negative(Tensor input) => input.negative();

    public static Tensor reciprocal(Tensor input) => input.reciprocal();

    public static Tensor reciprocal_(Tensor input) => input.reciprocal_();

    public static Tensor rsqrt(Tensor input) => input.rsqrt();

    public static Tensor rsqrt_(Tensor input) => input.rsqrt_();

    public static Tensor exp2_(Tensor input) => input.exp2_();

    public static Tensor digamma(Tensor input) => input.digamma();

    public static Tensor digamma_(Tensor input) => input.digamma_();

    public static Tensor erf(Tensor input) => input.erf();

    public static Tensor erf_(Tensor input) => input.erf_();

    public static Tensor erfc(Tensor input) => input.erfc();

    public static Tensor erfc_(Tensor input) => input.erfc_();

    public static Tensor erfinv(Tensor input) => input.erfinv();

    public static Tensor erfinv_(Tensor input) => input.erfinv_();

    public static Tensor exp(Tensor input) => input.exp();

    public static Tensor exp_(Tensor input) => input.exp_();

    public static Tensor exp2(Tensor input) => input.exp2();

    public static Tensor expm1(Tensor input) => input.expm1();

    public static Tensor expm1_(Tensor input) => input.expm1_();

    public static Tensor fix(Tensor input) => input.fix();

    public static Tensor fix_(Tensor input) => input.fix_();

    public static Tensor floor(Tensor input) => input.floor();

    public static Tensor floor_(Tensor input) => input.floor_();

    public static Tensor abs(Tensor input) => input.abs();

    public static Tensor abs_(Tensor input) => input.abs_();

    public static Tensor absolute(Tensor input) => input.absolute();

    public static Tensor absolute_(Tensor input) => input.absolute_();

    public static Tensor ceil(Tensor input) => input.ceil();

    public static Tensor ceil_(Tensor input) => input.ceil_();
}
