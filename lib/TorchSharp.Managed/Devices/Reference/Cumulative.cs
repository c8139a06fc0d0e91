using System.Numerics;
using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>Running results along the middle of three dimensions.</summary>
internal static unsafe class Cumulative
{
    internal static void Run(CumulativeKind kind, ScalarType type, void* x, void* y, long outer, long n, long inner)
    {
        switch (type)
        {
            case ScalarType.Float32 when kind == CumulativeKind.Sum: Cpu.RunningSum.Run((float*)x, (float*)y, outer, n, inner); break;
            case ScalarType.Float32: Loop(kind, (float*)x, (float*)y, outer, n, inner); break;
            case ScalarType.Float64: Loop(kind, (double*)x, (double*)y, outer, n, inner); break;
            case ScalarType.Int64: Loop(kind, (long*)x, (long*)y, outer, n, inner); break;
            case ScalarType.Int32: Loop(kind, (int*)x, (int*)y, outer, n, inner); break;
            case ScalarType.Int16: Loop(kind, (short*)x, (short*)y, outer, n, inner); break;
            case ScalarType.Int8: Loop(kind, (sbyte*)x, (sbyte*)y, outer, n, inner); break;
            case ScalarType.Byte: Loop(kind, (byte*)x, (byte*)y, outer, n, inner); break;
            default: throw new ExternalException($"cumulative operations are not implemented for '{type}'");
        }
    }

    private static void Loop<T>(CumulativeKind kind, T* x, T* y, long outer, long n, long inner) where T : unmanaged, INumber<T>
    {
        for (long o = 0; o < outer; o++)
            for (long i = 0; i < inner; i++)
            {
                long at = o * n * inner + i;
                var product = T.One;
                double sum = 0, factors = 1, log = double.NegativeInfinity;
                var whole = T.Zero;
                bool floating = typeof(T) == typeof(float) || typeof(T) == typeof(double);
                for (long k = 0; k < n; k++, at += inner)
                {
                    switch (kind)
                    {
                        case CumulativeKind.Prod:
                            if (floating)
                                y[at] = T.CreateTruncating(factors *= double.CreateTruncating(x[at]));
                            else
                                y[at] = product *= x[at];
                            break;
                        case CumulativeKind.LogSumExp:
                            double value = double.CreateTruncating(x[at]);
                            double high = Math.Max(log, value);
                            log = double.IsInfinity(high) ? high : high + SpecialFunctions.Log1p(Math.Exp(Math.Min(log, value) - high));
                            y[at] = T.CreateTruncating(log);
                            break;
                        default:
                            if (floating)
                                y[at] = T.CreateTruncating(sum += double.CreateTruncating(x[at]));
                            else
                                y[at] = whole += x[at];
                            break;
                    }
                }
            }
    }

    /// <summary>The latest position of the running maximum (minimum); NaN once met stays.</summary>
    internal static void Extreme(bool max, ScalarType type, void* x, long* positions, long outer, long n, long inner)
    {
        switch (type)
        {
            case ScalarType.Float32: ExtremeLoop(max, (float*)x, positions, outer, n, inner); break;
            case ScalarType.Float64: ExtremeLoop(max, (double*)x, positions, outer, n, inner); break;
            case ScalarType.Int64: ExtremeLoop(max, (long*)x, positions, outer, n, inner); break;
            case ScalarType.Int32: ExtremeLoop(max, (int*)x, positions, outer, n, inner); break;
            case ScalarType.Int16: ExtremeLoop(max, (short*)x, positions, outer, n, inner); break;
            case ScalarType.Int8: ExtremeLoop(max, (sbyte*)x, positions, outer, n, inner); break;
            default: ExtremeLoop(max, (byte*)x, positions, outer, n, inner); break;
        }
    }

    private static void ExtremeLoop<T>(bool max, T* x, long* positions, long outer, long n, long inner) where T : unmanaged, INumber<T>
    {
        for (long o = 0; o < outer; o++)
            for (long i = 0; i < inner; i++)
            {
                long at = o * n * inner + i;
                var best = x[at];
                long position = 0;
                for (long k = 0; k < n; k++, at += inner)
                {
                    var value = x[at];
                    if (T.IsNaN(value) || (!T.IsNaN(best) && (max ? value >= best : value <= best)))
                    {
                        best = value;
                        position = k;
                    }
                    positions[at] = position;
                }
            }
    }
}
