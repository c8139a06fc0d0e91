using System.Numerics;
using static TorchSharp.torch;

namespace TorchSharp;

internal unsafe partial class ReferenceBackend
{
    public virtual void Unary(UnaryKind kind, ScalarType type, void* x, void* y, long count)
    {
        if (type.IsFloating())
            OverFloats(type, new UnaryLoop(kind, x, y, count));
        else
            OverNumbers(type, new IntegerUnaryLoop(kind, x, y, count));
    }

    private readonly struct IntegerUnaryLoop(UnaryKind kind, void* x, void* y, long count) : INumberAction
    {
        public void Run<T>() where T : unmanaged, INumber<T>
        {
            T* from = (T*)x, to = (T*)y;
            for (long i = 0; i < count; i++)
            {
                var value = from[i];
                to[i] = kind switch
                {
                    UnaryKind.Neg => unchecked(T.Zero - value),
                    // The smallest number has no positive counterpart and stays itself, as in C.
                    UnaryKind.Abs => T.IsNegative(value) ? T.Zero - value : value,
                    UnaryKind.Sign => T.IsZero(value) ? T.Zero : T.IsNegative(value) ? -T.One : T.One,
                    UnaryKind.Square => value * value,
                    UnaryKind.Relu => T.IsNegative(value) ? T.Zero : value,
                    UnaryKind.Ceil or UnaryKind.Floor or UnaryKind.Round or UnaryKind.Trunc => value,
                    _ => throw new System.Runtime.InteropServices.ExternalException($"{kind} is not implemented for integers"),
                };
            }
        }
    }

    private readonly struct UnaryLoop(UnaryKind kind, void* x, void* y, long count) : IFloatAction
    {
        public void Run<T>() where T : unmanaged, IFloatingPointIeee754<T>
        {
            T* from = (T*)x, to = (T*)y;
            for (long i = 0; i < count; i++)
                to[i] = Apply(kind, from[i]);
        }
    }

    /// <summary>The scalar definition of every function of one variable.</summary>
    internal static T Apply<T>(UnaryKind kind, T x) where T : unmanaged, IFloatingPointIeee754<T> => kind switch
    {
        UnaryKind.Neg => -x,
        UnaryKind.Abs => T.Abs(x),
        UnaryKind.Sign => x > T.Zero ? T.One : x < T.Zero ? -T.One : T.Zero,
        UnaryKind.Square => x * x,
        UnaryKind.Relu => x < T.Zero ? T.Zero : x,
        UnaryKind.Reciprocal => T.One / x,
        UnaryKind.Sqrt => T.Sqrt(x),
        UnaryKind.Rsqrt => T.One / T.Sqrt(x),
        UnaryKind.Exp => T.Exp(x),
        UnaryKind.Exp2 => T.Exp2(x),
        UnaryKind.Expm1 => Wide(x, SpecialFunctions.Expm1),
        UnaryKind.Log => T.Log(x),
        UnaryKind.Log2 => T.Log2(x),
        UnaryKind.Log10 => T.Log10(x),
        UnaryKind.Log1p => Wide(x, SpecialFunctions.Log1p),
        UnaryKind.Sin => T.Sin(x),
        UnaryKind.Cos => T.Cos(x),
        UnaryKind.Tan => T.Tan(x),
        UnaryKind.Asin => T.Asin(x),
        UnaryKind.Acos => T.Acos(x),
        UnaryKind.Atan => T.Atan(x),
        UnaryKind.Sinh => T.Sinh(x),
        UnaryKind.Cosh => T.Cosh(x),
        UnaryKind.Tanh => T.Tanh(x),
        UnaryKind.Asinh => Wide(x, SpecialFunctions.Asinh),
        UnaryKind.Acosh => T.Acosh(x),
        UnaryKind.Atanh => Wide(x, SpecialFunctions.Atanh),
        UnaryKind.Sigmoid => T.One / (T.One + T.Exp(-x)),
        // min(0, x) − ln(1 + e^−|x|): no overflow on either side.
        UnaryKind.LogSigmoid => T.Min(T.Zero, x) - Wide(T.Exp(-T.Abs(x)), SpecialFunctions.Log1p),
        UnaryKind.Silu => x / (T.One + T.Exp(-x)),
        UnaryKind.GeluTanh => Wide(x, static v => v / (1 + Math.Exp(-1.5957691216057308 * (v + 0.044715 * v * v * v)))),
        UnaryKind.Gelu => Wide(x, static v => 0.5 * v * SpecialFunctions.Erfc(-v * 0.70710678118654752440)),
        UnaryKind.Erf => Wide(x, SpecialFunctions.Erf),
        UnaryKind.Erfc => Wide(x, SpecialFunctions.Erfc),
        UnaryKind.Erfinv => Wide(x, SpecialFunctions.Erfinv),
        UnaryKind.Lgamma => Wide(x, SpecialFunctions.Lgamma),
        UnaryKind.Digamma => Wide(x, SpecialFunctions.Digamma),
        UnaryKind.Ceil => T.Ceiling(x),
        UnaryKind.Floor => T.Floor(x),
        UnaryKind.Round => T.Round(x, MidpointRounding.ToEven),
        UnaryKind.Trunc => T.Truncate(x),
        UnaryKind.I0 => Wide(x, SpecialFunctions.I0),
        UnaryKind.Sinc => x == T.Zero ? T.One : Wide(x, static v => Math.Sin(Math.PI * v) / (Math.PI * v)),
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    /// <summary>Computes in double precision and rounds once.</summary>
    private static T Wide<T>(T x, Func<double, double> function) where T : unmanaged, IFloatingPointIeee754<T> => T.CreateTruncating(function(double.CreateTruncating(x)));
}
