using System.Numerics;
using static TorchSharp.torch;

namespace TorchSharp;

internal unsafe partial class ReferenceBackend
{
    public virtual void Reduce(ReduceKind kind, ScalarType type, void* x, void* y, long outer, long n, long inner)
    {
        // Sums of floats are carried in double precision and rounded once.
        if (kind == ReduceKind.Sum && type == ScalarType.Float32)
            OverFloats(type, new WideSumLoop(x, y, outer, n, inner));
        else
            OverNumbers(type, new ReduceLoop(kind, x, y, outer, n, inner));
    }

    private readonly struct WideSumLoop(void* x, void* y, long outer, long n, long inner) : IFloatAction
    {
        public void Run<T>() where T : unmanaged, IFloatingPointIeee754<T>
        {
            T* from = (T*)x, to = (T*)y;
            for (long o = 0; o < outer; o++)
                for (long i = 0; i < inner; i++)
                {
                    double sum = 0;
                    var at = from + o * n * inner + i;
                    for (long k = 0; k < n; k++)
                        sum += double.CreateTruncating(at[k * inner]);
                    to[o * inner + i] = T.CreateTruncating(sum);
                }
        }
    }

    private readonly struct ReduceLoop(ReduceKind kind, void* x, void* y, long outer, long n, long inner) : INumberAction
    {
        public void Run<T>() where T : unmanaged, INumber<T>
        {
            T* from = (T*)x, to = (T*)y;
            for (long o = 0; o < outer; o++)
                for (long i = 0; i < inner; i++)
                {
                    var at = from + o * n * inner + i;
                    var value = kind switch { ReduceKind.Sum => T.Zero, ReduceKind.Prod => T.One, _ => at[0] };
                    for (long k = 0; k < n; k++)
                    {
                        var next = at[k * inner];
                        value = kind switch
                        {
                            ReduceKind.Sum => value + next,
                            ReduceKind.Prod => value * next,
                            ReduceKind.Max => T.Max(value, next),
                            _ => T.Min(value, next),
                        };
                    }
                    to[o * inner + i] = value;
                }
        }
    }

    public virtual void ArgReduce(bool max, ScalarType type, void* x, long* y, long outer, long n, long inner) => OverNumbers(type, new ArgReduceLoop(max, x, y, outer, n, inner));

    private readonly struct ArgReduceLoop(bool max, void* x, long* y, long outer, long n, long inner) : INumberAction
    {
        public void Run<T>() where T : unmanaged, INumber<T>
        {
            var from = (T*)x;
            for (long o = 0; o < outer; o++)
                for (long i = 0; i < inner; i++)
                {
                    var at = from + o * n * inner + i;
                    long best = 0;
                    for (long k = 1; k < n && !T.IsNaN(at[best * inner]); k++)
                    {
                        var next = at[k * inner];
                        if (T.IsNaN(next) || (max ? next > at[best * inner] : next < at[best * inner]))
                            best = k;
                    }
                    y[o * inner + i] = best;
                }
        }
    }

    public virtual void MeanAndSquares(ScalarType type, void* x, void* mean, void* m2, long outer, long n, long inner) =>
        OverFloats(type, new MeanAndSquaresLoop(x, mean, m2, outer, n, inner));

    private readonly struct MeanAndSquaresLoop(void* x, void* mean, void* m2, long outer, long n, long inner) : IFloatAction
    {
        public void Run<T>() where T : unmanaged, IFloatingPointIeee754<T>
        {
            var from = (T*)x;
            for (long o = 0; o < outer; o++)
                for (long i = 0; i < inner; i++)
                {
                    var at = from + o * n * inner + i;
                    double sum = 0, squares = 0;
                    for (long k = 0; k < n; k++)
                        sum += double.CreateTruncating(at[k * inner]);
                    double average = sum / n;
                    for (long k = 0; k < n; k++)
                    {
                        double d = double.CreateTruncating(at[k * inner]) - average;
                        squares += d * d;
                    }
                    ((T*)mean)[o * inner + i] = T.CreateTruncating(average);
                    ((T*)m2)[o * inner + i] = T.CreateTruncating(squares);
                }
        }
    }

    public virtual void Softmax(bool log, ScalarType type, void* x, void* y, long outer, long n, long inner) => OverFloats(type, new SoftmaxLoop(log, x, y, outer, n, inner));

    private readonly struct SoftmaxLoop(bool log, void* x, void* y, long outer, long n, long inner) : IFloatAction
    {
        public void Run<T>() where T : unmanaged, IFloatingPointIeee754<T>
        {
            T* from = (T*)x, to = (T*)y;
            for (long o = 0; o < outer; o++)
                for (long i = 0; i < inner; i++)
                {
                    long start = o * n * inner + i;
                    var max = T.NegativeInfinity;
                    for (long k = 0; k < n; k++)
                        max = T.Max(max, from[start + k * inner]);
                    double sum = 0;
                    for (long k = 0; k < n; k++)
                        sum += double.CreateTruncating(T.Exp(from[start + k * inner] - max));
                    var total = T.CreateTruncating(log ? Math.Log(sum) : sum);
                    for (long k = 0; k < n; k++)
                    {
                        var d = from[start + k * inner] - max;
                        to[start + k * inner] = log ? d - total : T.Exp(d) / total;
                    }
                }
        }
    }

    public virtual void SoftmaxBackward(bool log, ScalarType type, void* dy, void* y, void* dx, long outer, long n, long inner) =>
        OverFloats(type, new SoftmaxBackwardLoop(log, dy, y, dx, outer, n, inner));

    private readonly struct SoftmaxBackwardLoop(bool log, void* dy, void* y, void* dx, long outer, long n, long inner) : IFloatAction
    {
        public void Run<T>() where T : unmanaged, IFloatingPointIeee754<T>
        {
            T* gradient = (T*)dy, output = (T*)y, to = (T*)dx;
            for (long o = 0; o < outer; o++)
                for (long i = 0; i < inner; i++)
                {
                    long start = o * n * inner + i;
                    double sum = 0;
                    for (long k = 0; k < n; k++)
                    {
                        long at = start + k * inner;
                        sum += double.CreateTruncating(log ? gradient[at] : gradient[at] * output[at]);
                    }
                    var total = T.CreateTruncating(sum);
                    for (long k = 0; k < n; k++)
                    {
                        long at = start + k * inner;
                        to[at] = log ? gradient[at] - T.Exp(output[at]) * total : output[at] * (gradient[at] - total);
                    }
                }
        }
    }
}
