using TorchSharp.RandomStreams;
using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>y[i] = f(x[i]) over contiguous floating-point data (Neg, Abs, Sign, Square, Relu also over integers).</summary>
internal enum UnaryKind
{
    Neg, Abs, Sign, Square, Relu, Reciprocal, Sqrt, Rsqrt, Exp, Exp2, Expm1, Log, Log2, Log10, Log1p, Sin, Cos, Tan, Asin, Acos, Atan,
    Sinh, Cosh, Tanh, Asinh, Acosh, Atanh, Sigmoid, LogSigmoid, Silu, Gelu, GeluTanh, Erf, Erfc, Erfinv, Lgamma, Digamma, Ceil, Floor, Round, Trunc, I0, Sinc,
}

/// <summary>y[i] = f(a[i], b[i]). Where a sum of gradients needs a fused form (TanhBackward: a·(1−b²)) it is a binary kind as well.</summary>
internal enum BinaryKind
{
    Add, Sub, Mul, Div, Pow, Maximum, Minimum, Fmax, Fmin, Fmod, Remainder, FloorDivide, TruncDivide, Atan2, Hypot, Copysign, Nextafter,
    BitAnd, BitOr, BitXor, ShiftLeft, ShiftRight,
    /// <summary>a where b &gt; 0, else 0: gradient of relu from its input or output.</summary>
    ReluBackward,
    /// <summary>a·b·(1−b).</summary>
    SigmoidBackward,
    /// <summary>a·(1−b²).</summary>
    TanhBackward,
    /// <summary>a·(Φ(b) + b·φ(b)) with the normal distribution's Φ and φ.</summary>
    GeluBackward,
    /// <summary>a·(s + b·s·(1 − s)·t′) with t = √(8/π)·(b + 0.044715·b³) and s = σ(t).</summary>
    GeluTanhBackward,
    /// <summary>a·σ(b)·(1 + b·(1 − σ(b))).</summary>
    SiluBackward,
}

/// <summary>y[i] (bool) = a[i] ⋛ b[i].</summary>
internal enum CompareKind { Eq, Ne, Lt, Le, Gt, Ge }

/// <summary>y[o,i] = reduction over k of x[o,k,i]. Sum and Prod of an empty range are 0 and 1; Max and Min need k ≥ 1 and carry NaN.</summary>
internal enum ReduceKind { Sum, Prod, Max, Min }

/// <summary>y[o,k,i] = a running result over x[o,0…k,i].</summary>
internal enum CumulativeKind { Sum, Prod, LogSumExp }

/// <summary>What is done at the places that an index names.</summary>
internal enum IndexMode { Gather, Scatter, ScatterAdd }

/// <summary>A matrix (or a batch of them) in memory: element (r, c) of batch b lies at Data + (b·BatchStride + r·RowStride + c·ColumnStride)·size.</summary>
internal unsafe readonly record struct MatrixRef(nint Data, long RowStride, long ColumnStride, long BatchStride);

/// <summary>A two-dimensional convolution; one-dimensional ones have height 1. x: [Batch, InChannels, Height, Width]; weight: [OutChannels, InChannels/Groups, KernelHeight, KernelWidth]; y: [Batch, OutChannels, OutHeight, OutWidth]; all contiguous.</summary>
internal readonly record struct ConvShape(
    long Batch, long InChannels, long Height, long Width, long OutChannels, long KernelHeight, long KernelWidth,
    long StrideHeight, long StrideWidth, long PadHeight, long PadWidth, long DilationHeight, long DilationWidth, long Groups,
    long OutHeight, long OutWidth)
{
    internal long InputCount => Batch * InChannels * Height * Width;

    internal long WeightCount => OutChannels * (InChannels / Groups) * KernelHeight * KernelWidth;

    internal long OutputCount => Batch * OutChannels * OutHeight * OutWidth;
}

/// <summary>A two-dimensional pooling window over Planes = batch × channels contiguous images.</summary>
internal readonly record struct PoolShape(
    long Planes, long Height, long Width, long KernelHeight, long KernelWidth, long StrideHeight, long StrideWidth,
    long PadHeight, long PadWidth, long DilationHeight, long DilationWidth, long OutHeight, long OutWidth);

/// <summary>
/// Everything that decides the engine's speed, on raw pointers and sizes. Data is contiguous unless strides are given; strides and
/// counts are in elements. The reference backend defines each method by plain loops; a fast backend derives from it
/// and overrides what it does better, method by method. Output never overlaps input, except that an element-wise y may equal a or b.
/// On a device the pointers are its own addresses; numbers of the host that stand beside its tensors are brought there first.
/// A device that lacks a method, or has it not for a type, throws <see cref="NotOnDeviceException"/> before it touches anything.
/// </summary>
internal unsafe partial interface IBackend
{
    void Unary(UnaryKind kind, ScalarType type, void* x, void* y, long count);

    /// <param name="strideA">Element stride of a: usually 1, or 0 where one value is broadcast along the row; any value is allowed (likewise b). y is contiguous.</param>
    void Binary(BinaryKind kind, ScalarType type, void* a, long strideA, void* b, long strideB, void* y, long count);

    /// <summary>As <see cref="Binary"/> for several rows, each a stride (in elements) behind the one before in every operand: broadcasting over the rows or the columns of a matrix.</summary>
    void BinaryRows(BinaryKind kind, ScalarType type, void* a, long strideA, long rowA, void* b, long strideB, long rowB, void* y, long rowY, long count, long rows);

    /// <summary>As <see cref="Binary"/> over a shape, at any strides: operands that broadcast have 0 in some dimensions. A row of y is contiguous.</summary>
    void BinaryStrided(BinaryKind kind, ScalarType type, void* a, ReadOnlySpan<long> stridesA, void* b, ReadOnlySpan<long> stridesB, void* y, ReadOnlySpan<long> stridesY, ReadOnlySpan<long> shape) =>
        StridedRows.Binary(this, kind, type, a, stridesA, b, stridesB, y, stridesY, shape);

    /// <param name="type">Type of a and b; y is one byte an element, 0 or 1.</param>
    void Compare(CompareKind kind, ScalarType type, void* a, long strideA, void* b, long strideB, byte* y, long count);

    /// <summary>As <see cref="Compare"/> over a shape, at any strides of a and b; y is contiguous.</summary>
    void CompareStrided(CompareKind kind, ScalarType type, void* a, ReadOnlySpan<long> stridesA, void* b, ReadOnlySpan<long> stridesB, byte* y, ReadOnlySpan<long> shape) =>
        StridedRows.Compare(this, kind, type, a, stridesA, b, stridesB, y, shape);

    /// <summary>y[i] += alpha·x[i]: accumulation of gradients and the inner step of optimisers.</summary>
    void AddScaled(ScalarType type, void* y, void* x, double alpha, long count);

    /// <summary>y = x, converted, element by element of a shape, at any strides. Neither overlaps the other.</summary>
    /// <param name="stridesX">One for each dimension; 0 where x is broadcast.</param>
    void Copy(ScalarType typeX, void* x, ReadOnlySpan<long> stridesX, ScalarType typeY, void* y, ReadOnlySpan<long> stridesY, ReadOnlySpan<long> shape) => throw new NotOnDeviceException(nameof(Copy), typeY);

    /// <summary>y = condition ? a : b over a shape, at any strides. The condition is one byte an element.</summary>
    /// <param name="type">Type of a, b and y; elements are moved by their size.</param>
    void Where(ScalarType type, byte* condition, ReadOnlySpan<long> stridesCondition, void* a, ReadOnlySpan<long> stridesA, void* b, ReadOnlySpan<long> stridesB, void* y, ReadOnlySpan<long> stridesY, ReadOnlySpan<long> shape) =>
        throw new NotOnDeviceException(nameof(Where), type);

    /// <summary>y[o, j, i] = x[o, index[j], i] with x [outer, n, inner] and y [outer, count, inner], both contiguous. An index outside 0 … n − 1 throws.</summary>
    void SelectRows(ScalarType type, void* x, long* index, void* y, long outer, long n, long count, long inner) => throw new NotOnDeviceException(nameof(SelectRows), type);

    /// <summary>y[o, index[j], i] += x[o, j, i] with x [outer, count, inner] and y [outer, n, inner], both contiguous; an index may come again.</summary>
    void AddRows(ScalarType type, void* x, long* index, void* y, long outer, long n, long count, long inner) => throw new NotOnDeviceException(nameof(AddRows), type);

    /// <summary>
    /// For each place p of the shape of the index, with t the place in the addressed operand whose coordinate along one dimension is index[p]:
    /// plain[p] = addressed[t] (Gather), addressed[t] = plain[p] (Scatter), or addressed[t] += plain[p] (ScatterAdd, where t may come again).
    /// </summary>
    /// <param name="stridesAddressed">With 0 in the dimension that the index runs along.</param>
    /// <param name="size">Extent of that dimension: an index outside 0 … size − 1 throws.</param>
    /// <param name="step">Stride of that dimension.</param>
    void AlongIndex(IndexMode mode, ScalarType type, long* index, ReadOnlySpan<long> stridesIndex, void* plain, ReadOnlySpan<long> stridesPlain, void* addressed, ReadOnlySpan<long> stridesAddressed, long size, long step, ReadOnlySpan<long> shape) =>
        throw new NotOnDeviceException(nameof(AlongIndex), type);

    /// <summary>offsets[i] += index[i]·stride: how far the blocks that index tensors name lie from the first. A negative index counts from the end; one outside −size … size − 1 throws.</summary>
    /// <param name="dimension">Which one is indexed, for the message.</param>
    void AddOffsets(long* index, long count, long size, long stride, int dimension, long* offsets) => throw new NotOnDeviceException(nameof(AddOffsets));

    /// <summary>Blocks of a shape, each so many elements from data, and the same blocks one after the other: packed = data (Gather), data = packed (Scatter) or data += packed (ScatterAdd).</summary>
    /// <param name="strides">Of the inside of a block in data.</param>
    void Blocks(IndexMode mode, ScalarType type, void* data, long* offsets, long count, ReadOnlySpan<long> shape, ReadOnlySpan<long> strides, void* packed) => throw new NotOnDeviceException(nameof(Blocks), type);

    /// <summary>Writes the coordinates of the true elements of a contiguous mask, one after the other in row-major order.</summary>
    /// <param name="rows">Given how many there are, makes room for [how many, rank of the shape] and returns its address.</param>
    void NonZero(byte* mask, ReadOnlySpan<long> shape, Func<long, nint> rows) => throw new NotOnDeviceException(nameof(NonZero));

    /// <summary>
    /// The positions of the elements of x [outer, n, inner] in order along the middle dimension, NaN last (descending: first), equal ones as
    /// they came. Only the first <paramref name="count"/> are written: order is [outer, count, inner].
    /// </summary>
    void Order(ScalarType type, void* x, long* order, long outer, long n, long count, long inner, bool descending) => throw new NotOnDeviceException(nameof(Order), type);

    /// <summary>y[o, k, i] = the sum (product, logarithm of the sum of exponentials) of x[o, 0 … k, i].</summary>
    void Cumulate(CumulativeKind kind, ScalarType type, void* x, void* y, long outer, long n, long inner) => throw new NotOnDeviceException(nameof(Cumulate), type);

    /// <summary>positions[o, k, i] = the latest place of the largest (smallest) of x[o, 0 … k, i]; NaN once met stays.</summary>
    void CumulativeExtreme(bool max, ScalarType type, void* x, long* positions, long outer, long n, long inner) => throw new NotOnDeviceException(nameof(CumulativeExtreme), type);

    void Fill(ScalarType type, void* y, Scalar value, long count);

    /// <summary>Random numbers of Float32 or Float64 from a device's stream.</summary>
    void Draw(DrawKind kind, ScalarType type, void* y, long count, double a, double b, in PhiloxCall call) => throw new NotOnDeviceException(nameof(Draw), type);

    /// <summary>Reduces the middle of three dimensions: x is [outer, n, inner], y is [outer, inner], both contiguous and of the same type.</summary>
    void Reduce(ReduceKind kind, ScalarType type, void* x, void* y, long outer, long n, long inner);

    /// <summary>Index of the largest (or smallest) x[o,·,i]; the first of equals; NaN counts as the extreme.</summary>
    void ArgReduce(bool max, ScalarType type, void* x, long* y, long outer, long n, long inner);

    /// <summary>mean[o,i] and m2[o,i] = Σ(x−mean)² over the middle dimension of x [outer, n, inner].</summary>
    void MeanAndSquares(ScalarType type, void* x, void* mean, void* m2, long outer, long n, long inner);

    /// <summary>y = softmax(x) (or its logarithm) over the middle dimension.</summary>
    void Softmax(bool log, ScalarType type, void* x, void* y, long outer, long n, long inner);

    /// <summary>dx from dy and the output y: y·(dy − Σ dy·y), or dy − exp(y)·Σ dy for the logarithm.</summary>
    void SoftmaxBackward(bool log, ScalarType type, void* dy, void* y, void* dx, long outer, long n, long inner);

    /// <summary>C[b] = A[b]·B[b] (+ C[b] when <paramref name="accumulate"/>), A: m×k, B: k×n, C: m×n. At least one stride of each matrix is 1 (or its extent is).</summary>
    void MatMul(ScalarType type, long batch, long m, long n, long k, in MatrixRef a, in MatrixRef b, in MatrixRef c, bool accumulate);

    /// <param name="bias">[OutChannels] or null.</param>
    void Conv(ScalarType type, in ConvShape shape, void* x, void* weight, void* bias, void* y);

    /// <summary>Gradient with respect to x; also the forward pass of a transposed convolution. dx is overwritten.</summary>
    void ConvBackwardInput(ScalarType type, in ConvShape shape, void* dy, void* weight, void* dx);

    /// <param name="dbias">[OutChannels] or null. dweight and dbias are overwritten.</param>
    void ConvBackwardWeight(ScalarType type, in ConvShape shape, void* x, void* dy, void* dweight, void* dbias);

    /// <param name="indices">For each output the position row·Width + column of its maximum in its plane; null where nobody asks.</param>
    void MaxPool(ScalarType type, in PoolShape shape, void* x, void* y, long* indices);

    /// <summary>dx[plane, indices[o]] += dy[o]; dx (inputSize elements a plane) is overwritten.</summary>
    void MaxPoolBackward(ScalarType type, long planes, long inputSize, long outputSize, void* dy, long* indices, void* dx);

    /// <param name="countIncludePad">Divide by the window including padding.</param>
    /// <param name="divisor">Divide by this number instead, when not 0.</param>
    void AvgPool(ScalarType type, in PoolShape shape, bool countIncludePad, long divisor, void* x, void* y);

    void AvgPoolBackward(ScalarType type, in PoolShape shape, bool countIncludePad, long divisor, void* dy, void* dx);

    /// <summary>One step of Adam or AdamW over a parameter and its moments, in place.</summary>
    /// <param name="largest">The largest v so far (amsgrad), or null.</param>
    void AdamStep(ScalarType type, in AdamRule rule, void* p, void* gradient, void* m, void* v, void* largest, long count);

    /// <summary>One step of gradient descent, in place.</summary>
    /// <param name="velocity">Null without momentum.</param>
    void SgdStep(ScalarType type, in SgdRule rule, void* p, void* gradient, void* velocity, long count);

    /// <summary>One step of RMSProp over a parameter and its mean squares, in place.</summary>
    /// <param name="mean">The mean gradient, or null where the variance is not centred.</param>
    /// <param name="velocity">Null without momentum.</param>
    void RmsPropStep(ScalarType type, in RmsPropRule rule, void* p, void* gradient, void* squares, void* mean, void* velocity, long count);

    /// <summary>y[s, c, i] = a[s, c, i]·factorA[c] + (b[s, c, i] − center[c])·factorB[c] + offset[c] over [batch, channels, positions]: normalisation and, with b, its gradient.</summary>
    /// <param name="b">Null: without its term.</param>
    /// <param name="center">Null: zero.</param>
    void Affine(ScalarType type, void* a, void* b, void* y, void* factorA, void* factorB, void* center, void* offset, long batch, long channels, long positions);

    /// <summary>sums[c] = Σ a[s, c, i] and dots[c] = Σ a[s, c, i]·(b[s, c, i] − center[c]).</summary>
    /// <param name="center">Null: zero.</param>
    void Projections(ScalarType type, void* a, void* b, void* center, void* sums, void* dots, long batch, long channels, long positions);
}
