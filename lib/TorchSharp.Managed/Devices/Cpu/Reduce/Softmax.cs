using System.Numerics;
using System.Runtime.CompilerServices;

namespace TorchSharp.Cpu;

/// <summary>
/// Softmax of a row of floats and its gradient: a pass for the maximum, one for the powers and their sum, one to scale them. A row that
/// ends amid a register is filled up with values that add nothing.
/// </summary>
internal static unsafe class Softmax
{
    /// <summary>Turns summed as floats before the total is carried on in double precision.</summary>
    private const int Run = 128;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<float> LoadPart(float* x, long count, float filling)
    {
        var part = Vector.Create(filling);
        Unsafe.CopyBlockUnaligned(&part, x, (uint)(count * sizeof(float)));
        return part;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StorePart(Vector<float> value, float* y, long count) => Unsafe.CopyBlockUnaligned(y, &value, (uint)(count * sizeof(float)));

    /// <summary>Elements that are worked on together: x, y and what is between them stay in an L1 cache.</summary>
    private const long Block = 2048;

    /// <summary>Rows that a thread takes at a time.</summary>
    private struct Job
    {
        public bool Log, Stream;
        public float* X, Y;
        public long N, Rows, RowsPerUnit;
    }

    /// <summary>
    /// y = eˣ / Σ eˣ, or x − ln Σ eˣ, of rows one behind the other; the maximum is taken off first, so that nothing overflows. Results that
    /// no cache will hold are made in a block that stays in one, and streamed to memory from there: of x and y each is moved once.
    /// </summary>
    public static void Rows(bool log, float* x, float* y, long rows, long n)
    {
        // A multiple of eight rows ends where a register does.
        long unit = (Math.Max(1, Block / n) + 7) / 8 * 8;
        bool stream = unit * n <= 16 * Block && Elementwise.Streams(y, rows * n * sizeof(float), x, null);
        if (!stream)
            unit = Math.Max(1, Block / n);
        var job = new Job { Log = log, Stream = stream, X = x, Y = y, N = n, Rows = rows, RowsPerUnit = unit };
        Workers.For((rows + unit - 1) / unit, 8.0 * rows * n, &Unit, &job);
    }

    private static void Unit(long unit, void* state)
    {
        ref readonly var job = ref *(Job*)state;
        long from = unit * job.RowsPerUnit, rows = Math.Min(job.RowsPerUnit, job.Rows - from);
        float* x = job.X + from * job.N, y = job.Y + from * job.N;
        float* result = job.Stream ? Scratch.Get<float>(Scratch.Slot.Result, job.RowsPerUnit * job.N) : y;
        float* largest = Scratch.Get<float>(Scratch.Slot.Table, 2 * rows), total = largest + rows;
        // Step by step over all rows, not row by row: a row's steps wait for one another, the rows do not.
        for (long r = 0; r < rows; r++)
            largest[r] = Extremes<MaximumFunction<float>, float>.Of(x + r * job.N, job.N);
        for (long r = 0; r < rows; r++)
        {
            total[r] = Powers(x + r * job.N, largest[r], result + r * job.N, job.N);
            if (job.Stream)
                Elementwise.Prefetch(x + (r + rows) * job.N, (int)job.N);
        }
        for (long r = 0; r < rows; r++)
            if (job.Log)
                Shift(x + r * job.N, largest[r], MathF.Log(total[r]), result + r * job.N, job.N);
            else
            {
                float factor = 1 / total[r];
                Elementwise.Binary<MulFunction<float>, float>(result + r * job.N, false, &factor, true, result + r * job.N, job.N);
            }
        if (!job.Stream)
            return;
        Elementwise.Unary<CopyFunction<float>, float>(result, y, rows * job.N, stream: true);
        Elementwise.EndStream();
    }

    /// <summary>y = x − largest − logarithm.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Shift(float* x, float largest, float logarithm, float* y, long n)
    {
        Vector<float> first = Vector.Create(largest), second = Vector.Create(logarithm);
        long i = 0;
        for (; i <= n - Vector<float>.Count; i += Vector<float>.Count)
            (Vector.Load(x + i) - first - second).Store(y + i);
        for (; i < n; i++)
            y[i] = x[i] - largest - logarithm;
    }

    /// <summary>y = e^(x − largest); returns their sum.</summary>
    private static float Powers(float* x, float largest, float* y, long n) =>
        Wide.IsFast ? Powers<Wide>(x, largest, y, n) : Powers<Four>(x, largest, y, n);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Powers<R>(float* x, float largest, float* y, long n) where R : struct, IRegisters<R>
    {
        int width = Vector<float>.Count, run = 0;
        double total = 0;
        long i = 0;
        R sums = 0;
        for (; i <= n - R.Count; i += R.Count)
        {
            var power = R.Load(x + i) - largest;
            if (ExpFunction.Usual(power))
            {
                power = VectorMath.Exp(power);
                power.Store(y + i);
            }
            else
            {
                power.Store(y + i);
                Transcendental.Each<ExpFunction>(y + i, y + i, R.Count);
                power = R.Load(y + i);
            }
            sums += power;
            if (++run < Run)
                continue;
            total += Vector.Sum(sums.Sum());
            sums = 0;
            run = 0;
        }
        Vector<float> shift = Vector.Create(largest), sum = sums.Sum();
        for (; i <= n - width; i += width)
        {
            var power = VectorMath.Exp(new One(Vector.Load(x + i) - shift)).Value;
            power.Store(y + i);
            sum += power;
        }
        if (i == n)
            return (float)(total + Vector.Sum(sum));
        if (n < width)
        {
            var power = VectorMath.Exp(new One(LoadPart(x, n, float.NegativeInfinity) - shift)).Value;
            StorePart(power, y, n);
            return (float)(total + Vector.Sum(sum + power));
        }
        // The last register overlaps the one before, whose elements are not counted again.
        var last = VectorMath.Exp(new One(Vector.Load(x + n - width) - shift)).Value;
        last.Store(y + n - width);
        return (float)(total + Vector.Sum(sum + (last & Vector.AsVectorSingle(Vector.GreaterThanOrEqual(Vector<int>.Indices, Vector.Create((int)(width - (n - i))))))));
    }

    /// <summary>dx = y·(dy − Σ dy·y), or dy − eʸ·Σ dy for the logarithm.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void BackwardRow(bool log, float* dy, float* y, float* dx, long n)
    {
        int width = Vector<float>.Count;
        Vector<float> sum = default;
        double total = 0;
        int run = 0;
        for (long i = 0; i < n; i += width)
        {
            bool whole = i <= n - width;
            var gradient = whole ? Vector.Load(dy + i) : LoadPart(dy + i, n - i, 0);
            if (log)
                sum += gradient;
            else
                sum = Vector.MultiplyAddEstimate(gradient, whole ? Vector.Load(y + i) : LoadPart(y + i, n - i, 0), sum);
            if (++run < Run)
                continue;
            total += Vector.Sum(sum);
            sum = default;
            run = 0;
        }
        var projection = Vector.Create((float)(total + Vector.Sum(sum)));
        for (long i = 0; i < n; i += width)
        {
            bool whole = i <= n - width;
            Vector<float> gradient = whole ? Vector.Load(dy + i) : LoadPart(dy + i, n - i, 0), value = whole ? Vector.Load(y + i) : LoadPart(y + i, n - i, 0);
            var result = log ? gradient - VectorMath.Exp(new One(value)).Value * projection : value * (gradient - projection);
            if (whole)
                result.Store(dx + i);
            else
                StorePart(result, dx + i, n - i);
        }
    }
}
