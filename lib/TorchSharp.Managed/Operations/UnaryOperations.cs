
namespace TorchSharp;

/// <summary>All functions of one variable with their derivatives: (dy, x or y) → dx.</summary>
internal static class UnaryOperations
{
    internal static readonly UnaryOperation
        Neg = new("neg", UnaryKind.Neg, Keeps.Nothing, static (dy, _) => -dy, OnIntegers: true),
        Abs = new("abs", UnaryKind.Abs, Keeps.Input, static (dy, x) => dy * x.sign(), OnIntegers: true),
        Sign = new("sign", UnaryKind.Sign, Keeps.Nothing, static (dy, _) => torch.zeros_like(dy), OnIntegers: true),
        Square = new("pow", UnaryKind.Square, Keeps.Input, static (dy, x) => dy * (x * 2), OnIntegers: true),
        Relu = new("relu", UnaryKind.Relu, Keeps.Output, static (dy, y) => Operations.Binary(BinaryOperations.ReluBackward, dy, y), OnIntegers: true),
        Reciprocal = new("reciprocal", UnaryKind.Reciprocal, Keeps.Output, static (dy, y) => -dy * (y * y)),
        Sqrt = new("sqrt", UnaryKind.Sqrt, Keeps.Output, static (dy, y) => dy / (y * 2)),
        Rsqrt = new("rsqrt", UnaryKind.Rsqrt, Keeps.Output, static (dy, y) => dy * -0.5 * y.pow(3)),
        Exp = new("exp", UnaryKind.Exp, Keeps.Output, static (dy, y) => dy * y),
        Exp2 = new("exp2", UnaryKind.Exp2, Keeps.Output, static (dy, y) => dy * y * Math.Log(2)),
        Expm1 = new("expm1", UnaryKind.Expm1, Keeps.Output, static (dy, y) => dy * (y + 1)),
        Log = new("log", UnaryKind.Log, Keeps.Input, static (dy, x) => dy / x),
        Log2 = new("log2", UnaryKind.Log2, Keeps.Input, static (dy, x) => dy / (x * Math.Log(2))),
        Log10 = new("log10", UnaryKind.Log10, Keeps.Input, static (dy, x) => dy / (x * Math.Log(10))),
        Log1p = new("log1p", UnaryKind.Log1p, Keeps.Input, static (dy, x) => dy / (x + 1)),
        Sin = new("sin", UnaryKind.Sin, Keeps.Input, static (dy, x) => dy * x.cos()),
        Cos = new("cos", UnaryKind.Cos, Keeps.Input, static (dy, x) => dy * -x.sin()),
        Tan = new("tan", UnaryKind.Tan, Keeps.Output, static (dy, y) => dy * (y * y + 1)),
        Asin = new("asin", UnaryKind.Asin, Keeps.Input, static (dy, x) => dy * (1 - x * x).rsqrt()),
        Acos = new("acos", UnaryKind.Acos, Keeps.Input, static (dy, x) => dy * -(1 - x * x).rsqrt()),
        Atan = new("atan", UnaryKind.Atan, Keeps.Input, static (dy, x) => dy / (x * x + 1)),
        Sinh = new("sinh", UnaryKind.Sinh, Keeps.Input, static (dy, x) => dy * x.cosh()),
        Cosh = new("cosh", UnaryKind.Cosh, Keeps.Input, static (dy, x) => dy * x.sinh()),
        Tanh = new("tanh", UnaryKind.Tanh, Keeps.Output, static (dy, y) => Operations.Binary(BinaryOperations.TanhBackward, dy, y)),
        Asinh = new("asinh", UnaryKind.Asinh, Keeps.Input, static (dy, x) => dy * (x * x + 1).rsqrt()),
        Acosh = new("acosh", UnaryKind.Acosh, Keeps.Input, static (dy, x) => dy * (x * x - 1).rsqrt()),
        Atanh = new("atanh", UnaryKind.Atanh, Keeps.Input, static (dy, x) => dy / (1 - x * x)),
        Sigmoid = new("sigmoid", UnaryKind.Sigmoid, Keeps.Output, static (dy, y) => Operations.Binary(BinaryOperations.SigmoidBackward, dy, y)),
        LogSigmoid = new("log_sigmoid", UnaryKind.LogSigmoid, Keeps.Input, static (dy, x) => dy * (-x).sigmoid()),
        Silu = new("silu", UnaryKind.Silu, Keeps.Input, static (dy, x) =>
        {
            if (!GradMode.Enabled)
                return Operations.Binary(BinaryOperations.SiluBackward, dy, x);
            var s = x.sigmoid();
            return dy * (s * (1 + x * (1 - s)));
        }),
        // Φ(x) + x·φ(x) with the normal distribution's Φ and φ.
        Gelu = new("gelu", UnaryKind.Gelu, Keeps.Input, static (dy, x) => !GradMode.Enabled ? Operations.Binary(BinaryOperations.GeluBackward, dy, x) :
            dy * ((x * Math.Sqrt(0.5)).erf() * 0.5 + 0.5 + x * (x * x * -0.5).exp() * (1 / Math.Sqrt(2 * Math.PI)))),
        // x·s with s = σ(t) and t = √(8/π)·(x + 0.044715·x³): s + x·s·(1 − s)·t′.
        GeluTanh = new("gelu", UnaryKind.GeluTanh, Keeps.Input, static (dy, x) =>
        {
            if (!GradMode.Enabled)
                return Operations.Binary(BinaryOperations.GeluTanhBackward, dy, x);
            double slope = Math.Sqrt(8 / Math.PI);
            var s = (x * (x * x * (0.044715 * slope) + slope)).sigmoid();
            return dy * (s + x * s * (1 - s) * (x * x * (3 * 0.044715 * slope) + slope));
        }),
        Erf = new("erf", UnaryKind.Erf, Keeps.Input, static (dy, x) => dy * (-(x * x)).exp() * (2 / Math.Sqrt(Math.PI))),
        Erfc = new("erfc", UnaryKind.Erfc, Keeps.Input, static (dy, x) => dy * (-(x * x)).exp() * (-2 / Math.Sqrt(Math.PI))),
        Erfinv = new("erfinv", UnaryKind.Erfinv, Keeps.Output, static (dy, y) => dy * (y * y).exp() * (Math.Sqrt(Math.PI) / 2)),
        Lgamma = new("lgamma", UnaryKind.Lgamma, Keeps.Input, static (dy, x) => dy * x.digamma()),
        Digamma = new("digamma", UnaryKind.Digamma, Keeps.Input, static (dy, x) => dy * x.polygamma(1)),
        I0 = new("i0", UnaryKind.I0, Keeps.Input, static (dy, x) => dy * Operations.BesselI1(x)),
        Ceil = new("ceil", UnaryKind.Ceil, Keeps.Nothing, static (dy, _) => torch.zeros_like(dy), OnIntegers: true),
        Floor = new("floor", UnaryKind.Floor, Keeps.Nothing, static (dy, _) => torch.zeros_like(dy), OnIntegers: true),
        Round = new("round", UnaryKind.Round, Keeps.Nothing, static (dy, _) => torch.zeros_like(dy), OnIntegers: true),
        Trunc = new("trunc", UnaryKind.Trunc, Keeps.Nothing, static (dy, _) => torch.zeros_like(dy), OnIntegers: true);
}
