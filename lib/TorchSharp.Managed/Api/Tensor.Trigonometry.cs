namespace TorchSharp;

public static partial class torch
{
    // Functions of angles and their hyperbolic kin, element by element.
    public partial class Tensor
    {
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
    }

    public static Tensor sin(Tensor input) => input.sin();

    public static Tensor sin_(Tensor input) => input.sin_();

    public static Tensor sinh(Tensor input) => input.sinh();

    public static Tensor sinh_(Tensor input) => input.sinh_();

    public static Tensor tan(Tensor input) => input.tan();

    public static Tensor tan_(Tensor input) => input.tan_();

    public static Tensor tanh(Tensor input) => input.tanh();

    public static Tensor tanh_(Tensor input) => input.tanh_();

    public static Tensor acos(Tensor input) => input.acos();

    public static Tensor acos_(Tensor input) => input.acos_();

    public static Tensor acosh(Tensor input) => input.acosh();

    public static Tensor acosh_(Tensor input) => input.acosh_();

    public static Tensor arccos(Tensor input) => input.arccos();

    public static Tensor arccos_(Tensor input) => input.arccos_();

    public static Tensor arccosh(Tensor input) => input.arccosh();

    public static Tensor arccosh_(Tensor input) => input.arccosh_();

    public static Tensor arcsin(Tensor input) => input.arcsin();

    public static Tensor arcsin_(Tensor input) => input.arcsin_();

    public static Tensor arcsinh(Tensor input) => input.arcsinh();

    public static Tensor arcsinh_(Tensor input) => input.arcsinh_();

    public static Tensor arctanh(Tensor input) => input.arctanh();

    public static Tensor arctanh_(Tensor input) => input.arctanh_();

    public static Tensor asin(Tensor input) => input.asin();

    public static Tensor asin_(Tensor input) => input.asin_();

    public static Tensor asinh(Tensor input) => input.asinh();

    public static Tensor asinh_(Tensor input) => input.asinh_();

    public static Tensor atan(Tensor input) => input.atan();

    public static Tensor atan_(Tensor input) => input.atan_();

    public static Tensor atanh(Tensor input) => input.atanh();

    public static Tensor atanh_(Tensor input) => input.atanh_();

    public static Tensor cos(Tensor input) => input.cos();

    public static Tensor cos_(Tensor input) => input.cos_();

    public static Tensor cosh(Tensor input) => input.cosh();

    public static Tensor cosh_(Tensor input) => input.cosh_();
}
