using System.Numerics;
using System.Runtime.CompilerServices;

namespace TorchSharp.Cpu;

/// <summary>y = f(x) on registers of doubles.</summary>
internal interface IDoubleFunction
{
    static abstract Vector<double> Of(Vector<double> x);
}

/// <summary>
/// Transcendental functions of contiguous rows of doubles, by the polynomials of the runtime's own vectors.
/// </summary>
/// <remarks>
/// No package does this: what TorchSharp.dll refers to beyond the framework would have to be the same file in every notebook that
/// references it, and a package that brings another version of it splits <c>Tensor</c> into two types in .NET Interactive.
/// </remarks>
internal static unsafe class DoubleMath
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Row<F>(double* x, double* y, long count) where F : IDoubleFunction
    {
        long i = 0;
        for (; i <= count - Vector<double>.Count; i += Vector<double>.Count)
            F.Of(Vector.Load(x + i)).Store(y + i);
        if (i == count)
            return;
        // What is left at the end goes through a register that ones fill up.
        uint bytes = (uint)((count - i) * sizeof(double));
        var value = Vector<double>.One;
        Unsafe.CopyBlockUnaligned(&value, x + i, bytes);
        value = F.Of(value);
        Unsafe.CopyBlockUnaligned(y + i, &value, bytes);
    }
}

internal readonly struct DoubleExp : IDoubleFunction
{
    public static Vector<double> Of(Vector<double> x) => Vector.Exp(x);
}

internal readonly struct DoubleLog : IDoubleFunction
{
    public static Vector<double> Of(Vector<double> x) => Vector.Log(x);
}

internal readonly struct DoubleSin : IDoubleFunction
{
    public static Vector<double> Of(Vector<double> x) => Vector.Sin(x);
}

internal readonly struct DoubleCos : IDoubleFunction
{
    public static Vector<double> Of(Vector<double> x) => Vector.Cos(x);
}

/// <summary>With e = e⁻²ˡˣˡ − 1: tanh |x| = −e / (e + 2), and x gives the sign.</summary>
internal readonly struct DoubleTanh : IDoubleFunction
{
    public static Vector<double> Of(Vector<double> x)
    {
        var e = Vector.Exp(Vector.Abs(x) * -2) - Vector<double>.One;
        return -e / (e + Vector.Create(2.0)) ^ x & Vector.Create(-0.0);
    }
}

/// <summary>1 / (1 + e⁻ˣ).</summary>
internal readonly struct DoubleSigmoid : IDoubleFunction
{
    public static Vector<double> Of(Vector<double> x) => Vector<double>.One / (Vector<double>.One + Vector.Exp(-x));
}
