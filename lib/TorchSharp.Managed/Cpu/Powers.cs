using System.Numerics;
using System.Numerics.Tensors;

namespace TorchSharp.Cpu;

/// <summary>
/// aᵇ of floats. The exponents that formulas use are products and roots; any other is e^(b·ln a) in double precision, because b
/// magnifies the error of a logarithm, and the few elements that IEEE 754 treats specially are computed one by one.
/// </summary>
internal static unsafe class Powers
{
    private const int Part = 512;

    public static void Row(float* a, bool oneA, float* b, bool oneB, float* y, int count)
    {
        if (oneB && !oneA)
        {
            switch (*b)
            {
                case 2: Elementwise.Unary<SquareFunction<float>, float>(a, y, count); return;
                case 3: Elementwise.Unary<CubeFunction, float>(a, y, count); return;
                case 0.5f: Elementwise.Unary<SqrtFunction<float>, float>(a, y, count); return;
                case -0.5f: Elementwise.Unary<RsqrtFunction<float>, float>(a, y, count); return;
                case -1: Elementwise.Unary<ReciprocalFunction<float>, float>(a, y, count); return;
                case 1: Buffer.MemoryCopy(a, y, count * sizeof(float), count * sizeof(float)); return;
            }
        }
        Span<double> bases = stackalloc double[Part], exponents = stackalloc double[Part];
        Span<int> odd = stackalloc int[Part];
        Span<float> results = stackalloc float[Part];
        for (int from = 0; from < count; from += Part)
        {
            int n = Math.Min(Part, count - from), special = 0;
            for (int i = 0; i < n; i++)
            {
                float x = a[oneA ? 0 : from + i], p = b[oneB ? 0 : from + i];
                if (!(x > 0 && float.IsFinite(x) && float.IsFinite(p)))
                {
                    results[special] = MathF.Pow(x, p);
                    odd[special++] = i;
                    (x, p) = (1, 1);
                }
                bases[i] = x;
                exponents[i] = p;
            }
            Span<double> logarithms = bases[..n];
            TensorPrimitives.Log(logarithms, logarithms);
            TensorPrimitives.Multiply(logarithms, exponents[..n], logarithms);
            TensorPrimitives.Exp(logarithms, logarithms);
            for (int i = 0; i < n; i++) y[from + i] = (float)logarithms[i];
            for (int k = 0; k < special; k++) y[from + odd[k]] = results[k];
        }
    }

    private readonly struct CubeFunction : IUnaryFunction<float>
    {
        public static Vector<float> Of(Vector<float> x) => x * x * x;
    }
}
