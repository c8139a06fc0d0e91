using System.Numerics;
using System.Numerics.Tensors;
using static TorchSharp.torch;

namespace TorchSharp.Cpu;

internal sealed unsafe partial class CpuBackend
{
    /// <summary>Elements that a thread takes at a time: three operands of 32 Ki floats fit into an L2 cache.</summary>
    private const long Chunk = 32 << 10;

    /// <summary>An element-wise call, cut into chunks.</summary>
    private struct Elements
    {
        public int Kind;
        public ScalarType Type;
        public byte* A, B, Y;
        public long StrideA, StrideB, Count;
        public double Alpha;
    }

    public override void Unary(UnaryKind kind, ScalarType type, void* x, void* y, long count)
    {
        if (type is not (ScalarType.Float32 or ScalarType.Float64) || !Vectorised(kind))
        {
            base.Unary(kind, type, x, y, count);
            return;
        }
        var job = new Elements { Kind = (int)kind, Type = type, A = (byte*)x, Y = (byte*)y, Count = count };
        Workers.For((count + Chunk - 1) / Chunk, count, &UnaryChunk, &job);
    }

    private static bool Vectorised(UnaryKind kind) => kind is UnaryKind.Neg or UnaryKind.Abs or UnaryKind.Square or UnaryKind.Relu
        or UnaryKind.Reciprocal or UnaryKind.Sqrt or UnaryKind.Rsqrt or UnaryKind.Exp or UnaryKind.Log or UnaryKind.Sin or UnaryKind.Cos
        or UnaryKind.Tanh or UnaryKind.Sigmoid or UnaryKind.Silu;

    private static void UnaryChunk(long chunk, void* state)
    {
        ref readonly Elements job = ref *(Elements*)state;
        long from = chunk * Chunk, count = Math.Min(Chunk, job.Count - from);
        if (job.Type == ScalarType.Float32) Unary((UnaryKind)job.Kind, (float*)job.A + from, (float*)job.Y + from, (int)count);
        else Unary((UnaryKind)job.Kind, (double*)job.A + from, (double*)job.Y + from, (int)count);
    }

    private static void Unary<T>(UnaryKind kind, T* x, T* y, int count) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ReadOnlySpan<T> source = new(x, count);
        Span<T> target = new(y, count);
        switch (kind)
        {
            case UnaryKind.Neg: Elementwise.Unary<NegFunction<T>, T>(x, y, count); break;
            case UnaryKind.Abs: Elementwise.Unary<AbsFunction<T>, T>(x, y, count); break;
            case UnaryKind.Square: Elementwise.Unary<SquareFunction<T>, T>(x, y, count); break;
            case UnaryKind.Relu: Elementwise.Unary<ReluFunction<T>, T>(x, y, count); break;
            case UnaryKind.Reciprocal: Elementwise.Unary<ReciprocalFunction<T>, T>(x, y, count); break;
            case UnaryKind.Sqrt: Elementwise.Unary<SqrtFunction<T>, T>(x, y, count); break;
            case UnaryKind.Rsqrt: Elementwise.Unary<RsqrtFunction<T>, T>(x, y, count); break;
            case UnaryKind.Exp: TensorPrimitives.Exp(source, target); break;
            case UnaryKind.Log: TensorPrimitives.Log(source, target); break;
            case UnaryKind.Sin: TensorPrimitives.Sin(source, target); break;
            case UnaryKind.Cos: TensorPrimitives.Cos(source, target); break;
            case UnaryKind.Tanh: TensorPrimitives.Tanh(source, target); break;
            case UnaryKind.Sigmoid: TensorPrimitives.Sigmoid(source, target); break;
            case UnaryKind.Silu:
                T* gate = Scratch.Get<T>(Scratch.Slot.Result, count);
                TensorPrimitives.Sigmoid(source, new Span<T>(gate, count));
                Elementwise.Binary<MulFunction<T>, T>(x, false, gate, false, y, count);
                break;
        }
    }

    public override void Binary(BinaryKind kind, ScalarType type, void* a, long strideA, void* b, long strideB, void* y, long count)
    {
        bool simple = strideA is 0 or 1 && strideB is 0 or 1 && strideA + strideB > 0 && kind switch
        {
            BinaryKind.Add or BinaryKind.Sub or BinaryKind.Mul => type is ScalarType.Float32 or ScalarType.Float64 or ScalarType.Int32 or ScalarType.Int64,
            BinaryKind.Div or BinaryKind.Maximum or BinaryKind.Minimum or BinaryKind.ReluBackward or BinaryKind.SigmoidBackward or BinaryKind.TanhBackward =>
                type is ScalarType.Float32 or ScalarType.Float64,
            _ => false,
        };
        if (!simple)
        {
            base.Binary(kind, type, a, strideA, b, strideB, y, count);
            return;
        }
        var job = new Elements { Kind = (int)kind, Type = type, A = (byte*)a, StrideA = strideA, B = (byte*)b, StrideB = strideB, Y = (byte*)y, Count = count };
        Workers.For((count + Chunk - 1) / Chunk, count, &BinaryChunk, &job);
    }

    private static void BinaryChunk(long chunk, void* state)
    {
        ref readonly Elements job = ref *(Elements*)state;
        switch (job.Type)
        {
            case ScalarType.Float32: BinaryFloat<float>(job, chunk); break;
            case ScalarType.Float64: BinaryFloat<double>(job, chunk); break;
            case ScalarType.Int32: BinaryNumber<int>(job, chunk); break;
            case ScalarType.Int64: BinaryNumber<long>(job, chunk); break;
        }
    }

    private static void BinaryFloat<T>(in Elements job, long chunk) where T : unmanaged, IFloatingPointIeee754<T>
    {
        long from = chunk * Chunk, count = Math.Min(Chunk, job.Count - from);
        T* a = (T*)job.A + from * job.StrideA, b = (T*)job.B + from * job.StrideB, y = (T*)job.Y + from;
        bool oneA = job.StrideA == 0, oneB = job.StrideB == 0;
        switch ((BinaryKind)job.Kind)
        {
            case BinaryKind.Div: Elementwise.Binary<DivFunction<T>, T>(a, oneA, b, oneB, y, count); break;
            case BinaryKind.Maximum: Elementwise.Binary<MaximumFunction<T>, T>(a, oneA, b, oneB, y, count); break;
            case BinaryKind.Minimum: Elementwise.Binary<MinimumFunction<T>, T>(a, oneA, b, oneB, y, count); break;
            case BinaryKind.ReluBackward: Elementwise.Binary<ReluBackwardFunction<T>, T>(a, oneA, b, oneB, y, count); break;
            case BinaryKind.SigmoidBackward: Elementwise.Binary<SigmoidBackwardFunction<T>, T>(a, oneA, b, oneB, y, count); break;
            case BinaryKind.TanhBackward: Elementwise.Binary<TanhBackwardFunction<T>, T>(a, oneA, b, oneB, y, count); break;
            default: BinaryNumber<T>(job, chunk); break;
        }
    }

    private static void BinaryNumber<T>(in Elements job, long chunk) where T : unmanaged, INumber<T>
    {
        long from = chunk * Chunk, count = Math.Min(Chunk, job.Count - from);
        T* a = (T*)job.A + from * job.StrideA, b = (T*)job.B + from * job.StrideB, y = (T*)job.Y + from;
        bool oneA = job.StrideA == 0, oneB = job.StrideB == 0;
        switch ((BinaryKind)job.Kind)
        {
            case BinaryKind.Add: Elementwise.Binary<AddFunction<T>, T>(a, oneA, b, oneB, y, count); break;
            case BinaryKind.Sub: Elementwise.Binary<SubFunction<T>, T>(a, oneA, b, oneB, y, count); break;
            case BinaryKind.Mul: Elementwise.Binary<MulFunction<T>, T>(a, oneA, b, oneB, y, count); break;
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
        ref readonly Elements job = ref *(Elements*)state;
        long from = chunk * Chunk, count = Math.Min(Chunk, job.Count - from);
        if (job.Type == ScalarType.Float32) Elementwise.AddScaled((float*)job.Y + from, (float*)job.A + from, (float)job.Alpha, count);
        else Elementwise.AddScaled((double*)job.Y + from, (double*)job.A + from, job.Alpha, count);
    }
}
