using System.Runtime.CompilerServices;
using System.Numerics;
using static TorchSharp.torch;

namespace TorchSharp;

internal unsafe partial class ReferenceBackend
{
    public virtual void BinaryRows(BinaryKind kind, ScalarType type, void* a, long strideA, long rowA, void* b, long strideB, long rowB, void* y, long rowY, long count, long rows)
    {
        int size = type.Size();
        for (long r = 0; r < rows; r++)
            Binary(kind, type, (byte*)a + r * rowA * size, strideA, (byte*)b + r * rowB * size, strideB, (byte*)y + r * rowY * size, count);
    }

    public virtual void Binary(BinaryKind kind, ScalarType type, void* a, long strideA, void* b, long strideB, void* y, long count)
    {
        if (type == ScalarType.Bool)
            OverBools(kind, (byte*)a, strideA, (byte*)b, strideB, (byte*)y, count);
        else if (type.IsFloating())
            OverFloats(type, new BinaryLoop(kind, a, strideA, b, strideB, y, count));
        else
        {
            switch (type)
            {
                case ScalarType.Byte: OverIntegers(kind, (byte*)a, strideA, (byte*)b, strideB, (byte*)y, count); break;
                case ScalarType.Int8: OverIntegers(kind, (sbyte*)a, strideA, (sbyte*)b, strideB, (sbyte*)y, count); break;
                case ScalarType.Int16: OverIntegers(kind, (short*)a, strideA, (short*)b, strideB, (short*)y, count); break;
                case ScalarType.Int32: OverIntegers(kind, (int*)a, strideA, (int*)b, strideB, (int*)y, count); break;
                case ScalarType.Int64: OverIntegers(kind, (long*)a, strideA, (long*)b, strideB, (long*)y, count); break;
                default: throw ScalarTypes.Unsupported(type);
            }
        }
    }

    private readonly struct BinaryLoop(BinaryKind kind, void* a, long strideA, void* b, long strideB, void* y, long count) : IFloatAction
    {
        public void Run<T>() where T : unmanaged, IFloatingPointIeee754<T>
        {
            T* left = (T*)a, right = (T*)b, to = (T*)y;
            switch (kind)
            {
                // The four that everything is made of do not ask "which operation" for every element.
                case BinaryKind.Add:
                    for (long i = 0; i < count; i++)
                        to[i] = left[i * strideA] + right[i * strideB];
                    break;
                case BinaryKind.Sub:
                    for (long i = 0; i < count; i++)
                        to[i] = left[i * strideA] - right[i * strideB];
                    break;
                case BinaryKind.Mul:
                    for (long i = 0; i < count; i++)
                        to[i] = left[i * strideA] * right[i * strideB];
                    break;
                case BinaryKind.Div:
                    for (long i = 0; i < count; i++)
                        to[i] = left[i * strideA] / right[i * strideB];
                    break;
                default:
                    for (long i = 0; i < count; i++)
                        to[i] = Apply(kind, left[i * strideA], right[i * strideB]);
                    break;
            }
        }
    }

    /// <summary>The scalar definition of every function of two floating-point variables.</summary>
    internal static T Apply<T>(BinaryKind kind, T a, T b) where T : unmanaged, IFloatingPointIeee754<T> => kind switch
    {
        BinaryKind.Add => a + b,
        BinaryKind.Sub => a - b,
        BinaryKind.Mul => a * b,
        BinaryKind.Div => a / b,
        BinaryKind.Pow => T.Pow(a, b),
        BinaryKind.Maximum => T.Max(a, b),
        BinaryKind.Minimum => T.Min(a, b),
        BinaryKind.Fmax => T.MaxNumber(a, b),
        BinaryKind.Fmin => T.MinNumber(a, b),
        BinaryKind.Fmod => a % b,
        BinaryKind.Remainder => Remainder(a, b),
        BinaryKind.FloorDivide => FloorDivide(a, b),
        BinaryKind.TruncDivide => T.Truncate(a / b),
        BinaryKind.Atan2 => T.Atan2(a, b),
        BinaryKind.Hypot => T.Hypot(a, b),
        BinaryKind.Copysign => T.CopySign(a, b),
        BinaryKind.Nextafter => T.IsNaN(a) || T.IsNaN(b) ? T.NaN : a == b ? b : a < b ? T.BitIncrement(a) : T.BitDecrement(a),
        BinaryKind.ReluBackward => b > T.Zero ? a : T.Zero,
        BinaryKind.SigmoidBackward => a * (T.One - b) * b,
        BinaryKind.TanhBackward => a * (T.One - b * b),
        BinaryKind.GeluBackward => a * Wide(b, static v => 0.5 * SpecialFunctions.Erfc(-v * 0.70710678118654752440) + v * Math.Exp(-0.5 * v * v) * 0.39894228040143267794),
        BinaryKind.GeluTanhBackward => a * Wide(b, static v =>
        {
            double s = 1 / (1 + Math.Exp(-1.5957691216057308 * (v + 0.044715 * v * v * v)));
            return s + v * s * (1 - s) * 1.5957691216057308 * (1 + 0.134145 * v * v);
        }),
        BinaryKind.SiluBackward => a * Wide(b, static v => (1 + v / (1 + Math.Exp(v))) / (1 + Math.Exp(-v))),
        _ => throw new System.Runtime.InteropServices.ExternalException($"{kind} is not implemented for floating-point types"),
    };

    /// <summary>The remainder with the sign of the divisor.</summary>
    private static T Remainder<T>(T a, T b) where T : unmanaged, IFloatingPointIeee754<T>
    {
        var r = a % b;
        return r != T.Zero && (b < T.Zero) != (r < T.Zero) ? r + b : r;
    }

    /// <summary>⌊a / b⌋, exact where the rounded quotient would jump over an integer (Python's rule).</summary>
    private static T FloorDivide<T>(T a, T b) where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (b == T.Zero)
            return a / b;
        var r = a % b;
        var q = (a - r) / b;
        if (r != T.Zero && (b < T.Zero) != (r < T.Zero))
            q -= T.One;
        if (q == T.Zero)
            return T.CopySign(T.Zero, a / b);
        var floor = T.Floor(q);
        return q - floor > T.One / (T.One + T.One) ? floor + T.One : floor;
    }

    private static void OverIntegers<T>(BinaryKind kind, T* a, long strideA, T* b, long strideB, T* y, long count) where T : unmanaged, IBinaryInteger<T>
    {
        for (long i = 0; i < count; i++)
            y[i] = ApplyInteger(kind, a[i * strideA], b[i * strideB]);
    }

    /// <summary>Whether a number of this type has as many bits as it is shifted by.</summary>
    private static bool IsShift<T>(T count) where T : unmanaged, IBinaryInteger<T> => count >= T.Zero && count < T.CreateTruncating(8 * Unsafe.SizeOf<T>());

    private static T ApplyInteger<T>(BinaryKind kind, T a, T b) where T : unmanaged, IBinaryInteger<T>
    {
        switch (kind)
        {
            case BinaryKind.Add: return a + b;
            case BinaryKind.Sub: return a - b;
            case BinaryKind.Mul: return a * b;
            case BinaryKind.Pow: return IntegerPower(a, b);
            case BinaryKind.Maximum or BinaryKind.Fmax: return T.Max(a, b);
            case BinaryKind.Minimum or BinaryKind.Fmin: return T.Min(a, b);
            case BinaryKind.BitAnd: return a & b;
            case BinaryKind.BitOr: return a | b;
            case BinaryKind.BitXor: return a ^ b;
            case BinaryKind.ShiftLeft: return IsShift(b) ? a << int.CreateTruncating(b) : T.Zero;
            case BinaryKind.ShiftRight: return IsShift(b) ? a >> int.CreateTruncating(b) : T.IsNegative(a) ? -T.One : T.Zero;
            case BinaryKind.ReluBackward: return b > T.Zero ? a : T.Zero;
        }
        if (kind is not (BinaryKind.FloorDivide or BinaryKind.TruncDivide or BinaryKind.Fmod or BinaryKind.Remainder))
            throw new System.Runtime.InteropServices.ExternalException($"{kind} is not implemented for integers");
        if (T.IsZero(b))
            throw new System.Runtime.InteropServices.ExternalException("ZeroDivisionError");
        // The one overflow of division: the smallest number by −1.
        if (b == T.Zero - T.One && T.IsNegative(b))
            return kind is BinaryKind.Fmod or BinaryKind.Remainder ? T.Zero : T.Zero - a;
        var (q, r) = T.DivRem(a, b);
        bool adjust = !T.IsZero(r) && T.IsNegative(r) != T.IsNegative(b);
        return kind switch
        {
            BinaryKind.TruncDivide => q,
            BinaryKind.FloorDivide => adjust ? q - T.One : q,
            BinaryKind.Fmod => a % b,
            _ => adjust ? r + b : r,
        };
    }

    private static T IntegerPower<T>(T a, T exponent) where T : unmanaged, IBinaryInteger<T>
    {
        if (T.IsNegative(exponent))
            return a == T.One ? a : T.IsNegative(a) && T.IsZero(a + T.One) ? (T.IsEvenInteger(exponent) ? T.One : a) : T.Zero;
        var result = T.One;
        for (; !T.IsZero(exponent); exponent >>= 1)
        {
            if (T.IsOddInteger(exponent))
                result *= a;
            a *= a;
        }
        return result;
    }

    private static void OverBools(BinaryKind kind, byte* a, long strideA, byte* b, long strideB, byte* y, long count)
    {
        for (long i = 0; i < count; i++)
        {
            bool left = a[i * strideA] != 0, right = b[i * strideB] != 0;
            bool result = kind switch
            {
                BinaryKind.Add or BinaryKind.BitOr or BinaryKind.Maximum or BinaryKind.Fmax => left || right,
                BinaryKind.Mul or BinaryKind.BitAnd or BinaryKind.Minimum or BinaryKind.Fmin => left && right,
                BinaryKind.BitXor => left != right,
                BinaryKind.Pow => left || !right,
                _ => throw new System.Runtime.InteropServices.ExternalException($"{kind} is not implemented for 'Bool'"),
            };
            y[i] = result ? (byte)1 : (byte)0;
        }
    }

    public virtual void Compare(CompareKind kind, ScalarType type, void* a, long strideA, void* b, long strideB, byte* y, long count) =>
        OverNumbers(type, new CompareLoop(kind, a, strideA, b, strideB, y, count));

    private readonly struct CompareLoop(CompareKind kind, void* a, long strideA, void* b, long strideB, byte* y, long count) : INumberAction
    {
        public void Run<T>() where T : unmanaged, INumber<T>
        {
            T* left = (T*)a, right = (T*)b;
            for (long i = 0; i < count; i++)
            {
                T u = left[i * strideA], v = right[i * strideB];
                bool holds = kind switch
                {
                    CompareKind.Eq => u == v,
                    CompareKind.Ne => u != v,
                    CompareKind.Lt => u < v,
                    CompareKind.Le => u <= v,
                    CompareKind.Gt => u > v,
                    _ => u >= v,
                };
                y[i] = holds ? (byte)1 : (byte)0;
            }
        }
    }
}
