using ILGPU;

namespace TorchSharp.Gpu;

internal interface IBinary
{
    static abstract float Of(float a, float b);

    static abstract double Of(double a, double b);
}

internal interface IIntegerBinary
{
    /// <param name="bits">Of the type that was widened.</param>
    static abstract long Of(long a, long b, int bits);
}

internal interface ILogicBinary
{
    static abstract bool Of(bool a, bool b);
}

/// <summary>The functions of two variables, as ReferenceBackend defines them. A kernel is compiled for each that is used.</summary>
internal static class BinaryFunctions
{
    internal struct Add : IBinary, IIntegerBinary, ILogicBinary
    {
        public static float Of(float a, float b) => a + b;

        public static double Of(double a, double b) => a + b;

        public static long Of(long a, long b, int bits) => a + b;

        public static bool Of(bool a, bool b) => a || b;
    }

    internal struct Sub : IBinary, IIntegerBinary
    {
        public static float Of(float a, float b) => a - b;

        public static double Of(double a, double b) => a - b;

        public static long Of(long a, long b, int bits) => a - b;
    }

    internal struct Mul : IBinary, IIntegerBinary, ILogicBinary
    {
        public static float Of(float a, float b) => a * b;

        public static double Of(double a, double b) => a * b;

        public static long Of(long a, long b, int bits) => a * b;

        public static bool Of(bool a, bool b) => a && b;
    }

    internal struct Div : IBinary
    {
        public static float Of(float a, float b) => a / b;

        public static double Of(double a, double b) => a / b;
    }

    internal struct Maximum : IBinary, IIntegerBinary, ILogicBinary
    {
        public static float Of(float a, float b) => float.IsNaN(a) ? a : float.IsNaN(b) ? b : a > b ? a : b;

        public static double Of(double a, double b) => double.IsNaN(a) ? a : double.IsNaN(b) ? b : a > b ? a : b;

        public static long Of(long a, long b, int bits) => a > b ? a : b;

        public static bool Of(bool a, bool b) => a || b;
    }

    internal struct Minimum : IBinary, IIntegerBinary, ILogicBinary
    {
        public static float Of(float a, float b) => float.IsNaN(a) ? a : float.IsNaN(b) ? b : a < b ? a : b;

        public static double Of(double a, double b) => double.IsNaN(a) ? a : double.IsNaN(b) ? b : a < b ? a : b;

        public static long Of(long a, long b, int bits) => a < b ? a : b;

        public static bool Of(bool a, bool b) => a && b;
    }

    internal struct Fmax : IBinary, IIntegerBinary, ILogicBinary
    {
        public static float Of(float a, float b) => float.IsNaN(a) ? b : float.IsNaN(b) ? a : a > b ? a : b;

        public static double Of(double a, double b) => double.IsNaN(a) ? b : double.IsNaN(b) ? a : a > b ? a : b;

        public static long Of(long a, long b, int bits) => a > b ? a : b;

        public static bool Of(bool a, bool b) => a || b;
    }

    internal struct Fmin : IBinary, IIntegerBinary, ILogicBinary
    {
        public static float Of(float a, float b) => float.IsNaN(a) ? b : float.IsNaN(b) ? a : a < b ? a : b;

        public static double Of(double a, double b) => double.IsNaN(a) ? b : double.IsNaN(b) ? a : a < b ? a : b;

        public static long Of(long a, long b, int bits) => a < b ? a : b;

        public static bool Of(bool a, bool b) => a && b;
    }

    internal struct Pow : IBinary, IIntegerBinary, ILogicBinary
    {
        public static float Of(float a, float b) => (float)Of((double)a, (double)b);

        public static double Of(double a, double b) => Math.Pow(a, b);

        public static long Of(long a, long b, int bits) => IntegerFunctions.Power(a, b);

        public static bool Of(bool a, bool b) => a || !b;
    }

    internal struct Fmod : IBinary, IIntegerBinary
    {
        public static float Of(float a, float b) => (float)Of((double)a, (double)b);

        public static double Of(double a, double b) => RealFunctions.Remainder(a, b);

        public static long Of(long a, long b, int bits) => IntegerFunctions.Remainder(a, b);
    }

    internal struct Remainder : IBinary, IIntegerBinary
    {
        public static float Of(float a, float b) => (float)Of((double)a, (double)b);

        public static double Of(double a, double b) => RealFunctions.FloorRemainder(a, b);

        public static long Of(long a, long b, int bits) => IntegerFunctions.FloorRemainder(a, b);
    }

    internal struct FloorDivide : IBinary, IIntegerBinary
    {
        public static float Of(float a, float b) => RealFunctions.FloorQuotient(a, b);

        public static double Of(double a, double b) => RealFunctions.FloorQuotient(a, b);

        public static long Of(long a, long b, int bits) => IntegerFunctions.FloorQuotient(a, b);
    }

    internal struct TruncDivide : IBinary, IIntegerBinary
    {
        public static float Of(float a, float b) => UnaryFunctions.Trunc.Of(a / b);

        public static double Of(double a, double b) => UnaryFunctions.Trunc.Of(a / b);

        public static long Of(long a, long b, int bits) => b == -1 ? -a : a / b;
    }

    internal struct Atan2 : IBinary
    {
        public static float Of(float a, float b) => (float)Of((double)a, (double)b);

        public static double Of(double a, double b) => Math.Atan2(a, b);
    }

    internal struct Hypot : IBinary
    {
        public static float Of(float a, float b) => (float)Of((double)a, (double)b);

        public static double Of(double a, double b) => RealFunctions.Hypot(a, b);
    }

    internal struct Copysign : IBinary
    {
        public static float Of(float a, float b) => IntrinsicMath.CopySign(a, b);

        public static double Of(double a, double b) => IntrinsicMath.CopySign(a, b);
    }

    internal struct Nextafter : IBinary
    {
        public static float Of(float a, float b)
        {
            if (float.IsNaN(a) || float.IsNaN(b))
                return float.NaN;
            if (a == b)
                return b;
            if (a == 0)
                return b > 0 ? float.Epsilon : -float.Epsilon;
            uint bits = Interop.FloatAsInt(a);
            return Interop.IntAsFloat(a < b == a > 0 ? bits + 1 : bits - 1);
        }

        public static double Of(double a, double b)
        {
            if (double.IsNaN(a) || double.IsNaN(b))
                return double.NaN;
            if (a == b)
                return b;
            if (a == 0)
                return b > 0 ? double.Epsilon : -double.Epsilon;
            ulong bits = Interop.FloatAsInt(a);
            return Interop.IntAsFloat(a < b == a > 0 ? bits + 1 : bits - 1);
        }
    }

    internal struct BitAnd : IIntegerBinary, ILogicBinary
    {
        public static long Of(long a, long b, int bits) => a & b;

        public static bool Of(bool a, bool b) => a && b;
    }

    internal struct BitOr : IIntegerBinary, ILogicBinary
    {
        public static long Of(long a, long b, int bits) => a | b;

        public static bool Of(bool a, bool b) => a || b;
    }

    internal struct BitXor : IIntegerBinary, ILogicBinary
    {
        public static long Of(long a, long b, int bits) => a ^ b;

        public static bool Of(bool a, bool b) => a != b;
    }

    internal struct ShiftLeft : IIntegerBinary
    {
        public static long Of(long a, long b, int bits) => b >= 0 && b < bits ? a << (int)b : 0;
    }

    internal struct ShiftRight : IIntegerBinary
    {
        public static long Of(long a, long b, int bits) => b >= 0 && b < bits ? a >> (int)b : a < 0 ? -1 : 0;
    }

    internal struct ReluBackward : IBinary, IIntegerBinary
    {
        public static float Of(float a, float b) => b > 0 ? a : 0;

        public static double Of(double a, double b) => b > 0 ? a : 0;

        public static long Of(long a, long b, int bits) => b > 0 ? a : 0;
    }

    internal struct SigmoidBackward : IBinary
    {
        public static float Of(float a, float b) => a * (1 - b) * b;

        public static double Of(double a, double b) => a * (1 - b) * b;
    }

    internal struct TanhBackward : IBinary
    {
        public static float Of(float a, float b) => a * (1 - b * b);

        public static double Of(double a, double b) => a * (1 - b * b);
    }

    internal struct GeluBackward : IBinary
    {
        public static float Of(float a, float b) => (float)Of((double)a, (double)b);

        public static double Of(double a, double b) => a * (0.5 * SpecialFunctions.Erfc(-b * 0.70710678118654752440) + b * Math.Exp(-0.5 * b * b) * 0.39894228040143267794);
    }

    internal struct GeluTanhBackward : IBinary
    {
        public static float Of(float a, float b) => (float)Of((double)a, (double)b);

        public static double Of(double a, double b)
        {
            double s = 1 / (1 + Math.Exp(-1.5957691216057308 * (b + 0.044715 * b * b * b)));
            return a * (s + b * s * (1 - s) * 1.5957691216057308 * (1 + 0.134145 * b * b));
        }
    }

    internal struct SiluBackward : IBinary
    {
        public static float Of(float a, float b) => (float)Of((double)a, (double)b);

        public static double Of(double a, double b) => a * ((1 + b / (1 + Math.Exp(b))) / (1 + Math.Exp(-b)));
    }
}
