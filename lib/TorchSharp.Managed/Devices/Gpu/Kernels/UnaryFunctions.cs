namespace TorchSharp.Gpu;

internal interface IUnary
{
    static abstract float Of(float x);

    static abstract double Of(double x);
}

/// <summary>A function computed in double precision, for floats too.</summary>
internal interface IWideUnary
{
    static abstract double Of(double x);
}

internal interface IIntegerUnary
{
    static abstract long Of(long x);
}

internal struct Wide<TFunction> : IUnary where TFunction : struct, IWideUnary
{
    public static float Of(float x) => (float)TFunction.Of((double)x);

    public static double Of(double x) => TFunction.Of(x);
}

/// <summary>The functions of one variable, as ReferenceBackend defines them. A kernel is compiled for each that is used.</summary>
internal static class UnaryFunctions
{
    internal struct Neg : IUnary, IIntegerUnary
    {
        public static float Of(float x) => -x;

        public static double Of(double x) => -x;

        public static long Of(long x) => -x;
    }

    internal struct Abs : IUnary, IIntegerUnary
    {
        public static float Of(float x) => MathF.Abs(x);

        public static double Of(double x) => Math.Abs(x);

        public static long Of(long x) => x < 0 ? -x : x;
    }

    internal struct Sign : IUnary, IIntegerUnary
    {
        public static float Of(float x) => x > 0 ? 1 : x < 0 ? -1 : 0;

        public static double Of(double x) => x > 0 ? 1 : x < 0 ? -1 : 0;

        public static long Of(long x) => x > 0 ? 1 : x < 0 ? -1 : 0;
    }

    internal struct Square : IUnary, IIntegerUnary
    {
        public static float Of(float x) => x * x;

        public static double Of(double x) => x * x;

        public static long Of(long x) => x * x;
    }

    internal struct Relu : IUnary, IIntegerUnary
    {
        public static float Of(float x) => x < 0 ? 0 : x;

        public static double Of(double x) => x < 0 ? 0 : x;

        public static long Of(long x) => x < 0 ? 0 : x;
    }

    internal struct Reciprocal : IUnary
    {
        public static float Of(float x) => 1 / x;

        public static double Of(double x) => 1 / x;
    }

    internal struct Sqrt : IUnary
    {
        public static float Of(float x) => MathF.Sqrt(x);

        public static double Of(double x) => Math.Sqrt(x);
    }

    internal struct Rsqrt : IUnary
    {
        public static float Of(float x) => 1 / MathF.Sqrt(x);

        public static double Of(double x) => 1 / Math.Sqrt(x);
    }

    internal struct Exp : IUnary
    {
        public static float Of(float x) => MathF.Exp(x);

        public static double Of(double x) => Math.Exp(x);
    }

    internal struct Exp2 : IUnary
    {
        public static float Of(float x) => MathF.Pow(2, x);

        public static double Of(double x) => Math.Pow(2, x);
    }

    internal struct Log : IUnary
    {
        public static float Of(float x) => MathF.Log(x);

        public static double Of(double x) => Math.Log(x);
    }

    /// <summary>ln x / ln 2: PoCL does not build what ILGPU writes for a logarithm to the base 2.</summary>
    internal struct Log2 : IWideUnary
    {
        public static double Of(double x) => Math.Log(x) * 1.4426950408889634;
    }

    internal struct Log10 : IUnary
    {
        public static float Of(float x) => MathF.Log10(x);

        public static double Of(double x) => Math.Log10(x);
    }

    internal struct Sin : IUnary
    {
        public static float Of(float x) => MathF.Sin(x);

        public static double Of(double x) => Math.Sin(x);
    }

    internal struct Cos : IUnary
    {
        public static float Of(float x) => MathF.Cos(x);

        public static double Of(double x) => Math.Cos(x);
    }

    internal struct Tan : IUnary
    {
        public static float Of(float x) => MathF.Tan(x);

        public static double Of(double x) => Math.Tan(x);
    }

    internal struct Tanh : IUnary
    {
        public static float Of(float x) => MathF.Tanh(x);

        public static double Of(double x) => Math.Tanh(x);
    }

    internal struct Sigmoid : IUnary
    {
        public static float Of(float x) => 1 / (1 + MathF.Exp(-x));

        public static double Of(double x) => 1 / (1 + Math.Exp(-x));
    }

    internal struct Silu : IUnary
    {
        public static float Of(float x) => x / (1 + MathF.Exp(-x));

        public static double Of(double x) => x / (1 + Math.Exp(-x));
    }

    internal struct Ceil : IUnary, IIntegerUnary
    {
        public static float Of(float x) => MathF.Ceiling(x);

        public static double Of(double x) => Math.Ceiling(x);

        public static long Of(long x) => x;
    }

    internal struct Floor : IUnary, IIntegerUnary
    {
        public static float Of(float x) => MathF.Floor(x);

        public static double Of(double x) => Math.Floor(x);

        public static long Of(long x) => x;
    }

    internal struct Trunc : IUnary, IIntegerUnary
    {
        public static float Of(float x) => x < 0 ? MathF.Ceiling(x) : MathF.Floor(x);

        public static double Of(double x) => x < 0 ? Math.Ceiling(x) : Math.Floor(x);

        public static long Of(long x) => x;
    }

    /// <summary>Halves go to the even neighbour. Devices round halves in ways of their own, so it is put together from ⌊x⌋.</summary>
    internal struct Round : IUnary, IIntegerUnary
    {
        public static float Of(float x) => (float)Of((double)x);

        public static double Of(double x)
        {
            double floor = Math.Floor(x), rest = x - floor;
            bool up = rest > 0.5 || (rest == 0.5 && Math.Floor(floor / 2) * 2 != floor);
            return up ? floor + 1 : floor;
        }

        public static long Of(long x) => x;
    }

    internal struct Expm1 : IWideUnary
    {
        public static double Of(double x) => SpecialFunctions.Expm1(x);
    }

    internal struct Log1p : IWideUnary
    {
        public static double Of(double x) => SpecialFunctions.Log1p(x);
    }

    internal struct Asin : IWideUnary
    {
        public static double Of(double x) => Math.Asin(x);
    }

    internal struct Acos : IWideUnary
    {
        public static double Of(double x) => Math.Acos(x);
    }

    internal struct Atan : IWideUnary
    {
        public static double Of(double x) => Math.Atan(x);
    }

    internal struct Sinh : IWideUnary
    {
        public static double Of(double x) => Math.Sinh(x);
    }

    internal struct Cosh : IWideUnary
    {
        public static double Of(double x) => Math.Cosh(x);
    }

    internal struct Asinh : IWideUnary
    {
        public static double Of(double x) => SpecialFunctions.Asinh(x);
    }

    /// <summary>ln(x + √(x² − 1)).</summary>
    internal struct Acosh : IWideUnary
    {
        public static double Of(double x) => SpecialFunctions.Log1p(x - 1 + Math.Sqrt((x - 1) * (x + 1)));
    }

    internal struct Atanh : IWideUnary
    {
        public static double Of(double x) => SpecialFunctions.Atanh(x);
    }

    /// <summary>min(0, x) − ln(1 + e^−|x|): no overflow on either side.</summary>
    internal struct LogSigmoid : IWideUnary
    {
        public static double Of(double x) => (x < 0 ? x : double.IsNaN(x) ? x : 0) - SpecialFunctions.Log1p(Math.Exp(-Math.Abs(x)));
    }

    internal struct GeluTanh : IWideUnary
    {
        public static double Of(double x) => x / (1 + Math.Exp(-1.5957691216057308 * (x + 0.044715 * x * x * x)));
    }

    internal struct Gelu : IWideUnary
    {
        public static double Of(double x) => 0.5 * x * SpecialFunctions.Erfc(-x * 0.70710678118654752440);
    }

    internal struct Erf : IWideUnary
    {
        public static double Of(double x) => SpecialFunctions.Erf(x);
    }

    internal struct Erfc : IWideUnary
    {
        public static double Of(double x) => SpecialFunctions.Erfc(x);
    }

    internal struct Erfinv : IWideUnary
    {
        public static double Of(double x) => SpecialFunctions.Erfinv(x);
    }

    internal struct Lgamma : IWideUnary
    {
        public static double Of(double x) => SpecialFunctions.Lgamma(x);
    }

    internal struct Digamma : IWideUnary
    {
        public static double Of(double x) => SpecialFunctions.Digamma(x);
    }

    internal struct I0 : IWideUnary
    {
        public static double Of(double x) => SpecialFunctions.I0(x);
    }

    internal struct Sinc : IWideUnary
    {
        public static double Of(double x) => x == 0 ? 1 : Math.Sin(Math.PI * x) / (Math.PI * x);
    }
}
