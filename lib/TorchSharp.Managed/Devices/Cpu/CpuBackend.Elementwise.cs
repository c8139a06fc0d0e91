using System.Numerics;
using static TorchSharp.torch;

namespace TorchSharp.Cpu;

internal sealed unsafe partial class CpuBackend
{
    /// <summary>Elements that a thread takes at a time: three operands of 32 Ki floats fit into an L2 cache.</summary>
    public const long Chunk = 32 << 10;

    /// <summary>An element-wise call, cut into chunks.</summary>
    private struct Elements
    {
        public int Kind;
        public ScalarType Type;
        public byte* A, B, Y;
        public long StrideA, StrideB, Count;
        public double Alpha;
        public bool Stream;
        /// <summary>Of several rows: their strides and number, and how many a thread takes at a time.</summary>
        public long RowA, RowB, RowY, Rows, RowsPerUnit;
    }

    public override void Unary(UnaryKind kind, ScalarType type, void* x, void* y, long count)
    {
        if (!(type == ScalarType.Float32 && Vectorised(kind) || type == ScalarType.Float64 && VectorisedDouble(kind)))
        {
            base.Unary(kind, type, x, y, count);
            return;
        }
        var job = new Elements { Kind = (int)kind, Type = type, A = (byte*)x, Y = (byte*)y, Count = count, Stream = Elementwise.Streams(y, count * type.Size(), x, null) };
        Workers.For((count + Chunk - 1) / Chunk, count, &UnaryChunk, &job);
    }

    private static bool VectorisedDouble(UnaryKind kind) => kind is UnaryKind.Neg or UnaryKind.Abs or UnaryKind.Square or UnaryKind.Relu
        or UnaryKind.Reciprocal or UnaryKind.Sqrt or UnaryKind.Rsqrt or UnaryKind.Exp or UnaryKind.Log or UnaryKind.Sin or UnaryKind.Cos
        or UnaryKind.Tanh or UnaryKind.Sigmoid or UnaryKind.Silu;

    private static bool Vectorised(UnaryKind kind) =>
        VectorisedDouble(kind) || kind is UnaryKind.Expm1 or UnaryKind.Log1p or UnaryKind.LogSigmoid or UnaryKind.Erf or UnaryKind.Gelu or UnaryKind.GeluTanh;

    private static void UnaryChunk(long chunk, void* state)
    {
        ref readonly var job = ref *(Elements*)state;
        long from = chunk * Chunk, count = Math.Min(Chunk, job.Count - from);
        if (job.Type == ScalarType.Float32)
            Unary((UnaryKind)job.Kind, (float*)job.A + from, (float*)job.Y + from, count, job.Stream);
        else
            Unary((UnaryKind)job.Kind, (double*)job.A + from, (double*)job.Y + from, (int)count, job.Stream);
        if (job.Stream)
            Elementwise.EndStream();
    }

    private static void Unary(UnaryKind kind, float* x, float* y, long count, bool stream)
    {
        switch (kind)
        {
            case UnaryKind.Exp: Transcendental.Row<ExpFunction>(x, y, count, stream); break;
            case UnaryKind.Expm1: Transcendental.Row<Expm1Function>(x, y, count, stream); break;
            case UnaryKind.Log: Transcendental.Row<LogFunction>(x, y, count, stream); break;
            case UnaryKind.Log1p: Transcendental.Row<Log1pFunction>(x, y, count, stream); break;
            case UnaryKind.Tanh: Transcendental.Row<TanhFunction>(x, y, count, stream); break;
            case UnaryKind.Sigmoid: Transcendental.Row<SigmoidFunction>(x, y, count, stream); break;
            case UnaryKind.LogSigmoid: Transcendental.Row<LogSigmoidFunction>(x, y, count, stream); break;
            case UnaryKind.Silu: Transcendental.Row<SiluFunction>(x, y, count, stream); break;
            case UnaryKind.Erf: Transcendental.Row<ErfFunction>(x, y, count, stream); break;
            case UnaryKind.Gelu: Transcendental.Row<GeluFunction>(x, y, count, stream); break;
            case UnaryKind.GeluTanh: Transcendental.Row<GeluTanhFunction>(x, y, count, stream); break;
            case UnaryKind.Sin: Transcendental.Row<SinFunction>(x, y, count, stream); break;
            case UnaryKind.Cos: Transcendental.Row<CosFunction>(x, y, count, stream); break;
            default: Simple(kind, x, y, count, stream); break;
        }
    }

    private static void Unary(UnaryKind kind, double* x, double* y, int count, bool stream)
    {
        switch (kind)
        {
            case UnaryKind.Exp: DoubleMath.Row<DoubleExp>(x, y, count); break;
            case UnaryKind.Log: DoubleMath.Row<DoubleLog>(x, y, count); break;
            case UnaryKind.Sin: DoubleMath.Row<DoubleSin>(x, y, count); break;
            case UnaryKind.Cos: DoubleMath.Row<DoubleCos>(x, y, count); break;
            case UnaryKind.Tanh: DoubleMath.Row<DoubleTanh>(x, y, count); break;
            case UnaryKind.Sigmoid: DoubleMath.Row<DoubleSigmoid>(x, y, count); break;
            case UnaryKind.Silu:
                double* gate = Scratch.Get<double>(Scratch.Slot.Result, count);
                DoubleMath.Row<DoubleSigmoid>(x, gate, count);
                Elementwise.Binary<MulFunction<double>, double>(x, false, gate, false, y, count);
                break;
            default: Simple(kind, x, y, count, stream); break;
        }
    }

    private static void Simple<T>(UnaryKind kind, T* x, T* y, long count, bool stream) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        switch (kind)
        {
            case UnaryKind.Neg: Elementwise.Unary<NegFunction<T>, T>(x, y, count, stream); break;
            case UnaryKind.Abs: Elementwise.Unary<AbsFunction<T>, T>(x, y, count, stream); break;
            case UnaryKind.Square: Elementwise.Unary<SquareFunction<T>, T>(x, y, count, stream); break;
            case UnaryKind.Relu: Elementwise.Unary<ReluFunction<T>, T>(x, y, count, stream); break;
            case UnaryKind.Reciprocal: Elementwise.Unary<ReciprocalFunction<T>, T>(x, y, count, stream); break;
            case UnaryKind.Sqrt: Elementwise.Unary<SqrtFunction<T>, T>(x, y, count, stream); break;
            case UnaryKind.Rsqrt: Elementwise.Unary<RsqrtFunction<T>, T>(x, y, count, stream); break;
        }
    }

    /// <summary>Whether a register at a time works: rows that run along memory or are one value.</summary>
    private static bool Simple(BinaryKind kind, ScalarType type, long strideA, long strideB) => strideA is 0 or 1 && strideB is 0 or 1 && strideA + strideB > 0 && kind switch
    {
        BinaryKind.Add or BinaryKind.Sub or BinaryKind.Mul => type is ScalarType.Float32 or ScalarType.Float64 or ScalarType.Int32 or ScalarType.Int64,
        BinaryKind.Div or BinaryKind.Maximum or BinaryKind.Minimum or BinaryKind.ReluBackward or BinaryKind.SigmoidBackward or BinaryKind.TanhBackward =>
            type is ScalarType.Float32 or ScalarType.Float64,
        BinaryKind.Pow or BinaryKind.GeluBackward or BinaryKind.GeluTanhBackward or BinaryKind.SiluBackward => type == ScalarType.Float32,
        _ => false,
    };

    public override void Binary(BinaryKind kind, ScalarType type, void* a, long strideA, void* b, long strideB, void* y, long count)
    {
        if (!Simple(kind, type, strideA, strideB))
        {
            base.Binary(kind, type, a, strideA, b, strideB, y, count);
            return;
        }
        var job = new Elements { Kind = (int)kind, Type = type, A = (byte*)a, StrideA = strideA, B = (byte*)b, StrideB = strideB, Y = (byte*)y, Count = count, Stream = Elementwise.Streams(y, count * type.Size(), a, b) };
        Workers.For((count + Chunk - 1) / Chunk, count, &BinaryChunk, &job);
    }

    private static void BinaryChunk(long chunk, void* state)
    {
        ref readonly var job = ref *(Elements*)state;
        long from = chunk * Chunk, count = Math.Min(Chunk, job.Count - from);
        int size = job.Type.Size();
        BinaryRow(job, job.A + from * job.StrideA * size, job.B + from * job.StrideB * size, job.Y + from * size, count);
        if (job.Stream)
            Elementwise.EndStream();
    }

    private static void BinaryRow(in Elements job, byte* a, byte* b, byte* y, long count)
    {
        switch (job.Type)
        {
            case ScalarType.Float32 when (BinaryKind)job.Kind == BinaryKind.Pow: Powers.Row((float*)a, job.StrideA == 0, (float*)b, job.StrideB == 0, (float*)y, count, job.Stream); break;
            case ScalarType.Float32 when (BinaryKind)job.Kind == BinaryKind.GeluBackward: Transcendental.Row<GeluBackwardFunction>((float*)a, job.StrideA == 0, (float*)b, job.StrideB == 0, (float*)y, count, job.Stream); break;
            case ScalarType.Float32 when (BinaryKind)job.Kind == BinaryKind.GeluTanhBackward: Transcendental.Row<GeluTanhBackwardFunction>((float*)a, job.StrideA == 0, (float*)b, job.StrideB == 0, (float*)y, count, job.Stream); break;
            case ScalarType.Float32 when (BinaryKind)job.Kind == BinaryKind.SiluBackward: Transcendental.Row<SiluBackwardFunction>((float*)a, job.StrideA == 0, (float*)b, job.StrideB == 0, (float*)y, count, job.Stream); break;
            case ScalarType.Float32: BinaryFloat(job, (float*)a, (float*)b, (float*)y, count); break;
            case ScalarType.Float64: BinaryFloat(job, (double*)a, (double*)b, (double*)y, count); break;
            case ScalarType.Int32: BinaryNumber(job, (int*)a, (int*)b, (int*)y, count); break;
            case ScalarType.Int64: BinaryNumber(job, (long*)a, (long*)b, (long*)y, count); break;
        }
    }

    private static void BinaryFloat<T>(in Elements job, T* a, T* b, T* y, long count) where T : unmanaged, IFloatingPointIeee754<T>
    {
        bool oneA = job.StrideA == 0, oneB = job.StrideB == 0;
        switch ((BinaryKind)job.Kind)
        {
            case BinaryKind.Div: Elementwise.Binary<DivFunction<T>, T>(a, oneA, b, oneB, y, count, job.Stream); break;
            case BinaryKind.Maximum: Elementwise.Binary<MaximumFunction<T>, T>(a, oneA, b, oneB, y, count, job.Stream); break;
            case BinaryKind.Minimum: Elementwise.Binary<MinimumFunction<T>, T>(a, oneA, b, oneB, y, count, job.Stream); break;
            case BinaryKind.ReluBackward: Elementwise.Binary<ReluBackwardFunction<T>, T>(a, oneA, b, oneB, y, count, job.Stream); break;
            case BinaryKind.SigmoidBackward: Elementwise.Binary<SigmoidBackwardFunction<T>, T>(a, oneA, b, oneB, y, count, job.Stream); break;
            case BinaryKind.TanhBackward: Elementwise.Binary<TanhBackwardFunction<T>, T>(a, oneA, b, oneB, y, count, job.Stream); break;
            default: BinaryNumber(job, a, b, y, count); break;
        }
    }

    private static void BinaryNumber<T>(in Elements job, T* a, T* b, T* y, long count) where T : unmanaged, INumber<T>
    {
        bool oneA = job.StrideA == 0, oneB = job.StrideB == 0;
        switch ((BinaryKind)job.Kind)
        {
            case BinaryKind.Add: Elementwise.Binary<AddFunction<T>, T>(a, oneA, b, oneB, y, count, job.Stream); break;
            case BinaryKind.Sub: Elementwise.Binary<SubFunction<T>, T>(a, oneA, b, oneB, y, count, job.Stream); break;
            case BinaryKind.Mul: Elementwise.Binary<MulFunction<T>, T>(a, oneA, b, oneB, y, count, job.Stream); break;
        }
    }

    public override void AddScaled(ScalarType type, void* y, void* x, double alpha, long count)
    {
        if (type is not (ScalarType.Float32 or ScalarType.Float64))
        {
            base.AddScaled(type, y, x, alpha, count);
            return;
        }
        var job = new Elements { Type = type, A = (byte*)x, Y = (byte*)y, Count = count, Alpha = alpha };
        Workers.For((count + Chunk - 1) / Chunk, count, &AddScaledChunk, &job);
    }

    private static void AddScaledChunk(long chunk, void* state)
    {
        ref readonly var job = ref *(Elements*)state;
        long from = chunk * Chunk, count = Math.Min(Chunk, job.Count - from);
        if (job.Type == ScalarType.Float32)
            Elementwise.AddScaled((float*)job.Y + from, (float*)job.A + from, (float)job.Alpha, count);
        else
            Elementwise.AddScaled((double*)job.Y + from, (double*)job.A + from, job.Alpha, count);
    }
}
