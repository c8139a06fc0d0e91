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

        public Tensor sin() => Operations.Unary(UnaryOperations.Sin, this);

        public Tensor sin_() => Operations.UnaryInto(UnaryOperations.Sin, this);

        public Tensor cos() => Operations.Unary(UnaryOperations.Cos, this);

        public Tensor cos_() => Operations.UnaryInto(UnaryOperations.Cos, this);

        public Tensor tan() => Operations.Unary(UnaryOperations.Tan, this);

        public Tensor tan_() => Operations.UnaryInto(UnaryOperations.Tan, this);

        public Tensor asin() => Operations.Unary(UnaryOperations.Asin, this);

        public Tensor asin_() => Operations.UnaryInto(UnaryOperations.Asin, this);

        public Tensor arcsin() => Operations.Unary(UnaryOperations.Asin, this);

        public Tensor arcsin_() => Operations.UnaryInto(UnaryOperations.Asin, this);

        public Tensor acos() => Operations.Unary(UnaryOperations.Acos, this);

        public Tensor acos_() => Operations.UnaryInto(UnaryOperations.Acos, this);

        public Tensor arccos() => Operations.Unary(UnaryOperations.Acos, this);

        public Tensor arccos_() => Operations.UnaryInto(UnaryOperations.Acos, this);

        public Tensor atan() => Operations.Unary(UnaryOperations.Atan, this);

        public Tensor atan_() => Operations.UnaryInto(UnaryOperations.Atan, this);

        public Tensor arctan() => Operations.Unary(UnaryOperations.Atan, this);

        public Tensor arctan_() => Operations.UnaryInto(UnaryOperations.Atan, this);

        public Tensor sinh() => Operations.Unary(UnaryOperations.Sinh, this);

        public Tensor sinh_() => Operations.UnaryInto(UnaryOperations.Sinh, this);

        public Tensor cosh() => Operations.Unary(UnaryOperations.Cosh, this);

        public Tensor cosh_() => Operations.UnaryInto(UnaryOperations.Cosh, this);

        public Tensor tanh() => Operations.Unary(UnaryOperations.Tanh, this);

        public Tensor tanh_() => Operations.UnaryInto(UnaryOperations.Tanh, this);

        public Tensor asinh() => Operations.Unary(UnaryOperations.Asinh, this);

        public Tensor asinh_() => Operations.UnaryInto(UnaryOperations.Asinh, this);

        public Tensor arcsinh() => Operations.Unary(UnaryOperations.Asinh, this);

        public Tensor arcsinh_() => Operations.UnaryInto(UnaryOperations.Asinh, this);

        public Tensor acosh() => Operations.Unary(UnaryOperations.Acosh, this);

        public Tensor acosh_() => Operations.UnaryInto(UnaryOperations.Acosh, this);

        public Tensor arccosh() => Operations.Unary(UnaryOperations.Acosh, this);

        public Tensor arccosh_() => Operations.UnaryInto(UnaryOperations.Acosh, this);

        public Tensor atanh() => Operations.Unary(UnaryOperations.Atanh, this);

        public Tensor atanh_() => Operations.UnaryInto(UnaryOperations.Atanh, this);

        public Tensor arctanh() => Operations.Unary(UnaryOperations.Atanh, this);

        public Tensor arctanh_() => Operations.UnaryInto(UnaryOperations.Atanh, this);

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
}
