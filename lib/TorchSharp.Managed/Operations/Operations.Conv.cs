using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>
/// Two-dimensional convolution y = x ∗ w + b and its two gradients. Each of the three is linear in each of its arguments, and the
/// gradients of each are the other two: that closes the set for derivatives of any order.
/// </summary>
internal static unsafe partial class Operations
{
    internal static Tensor Conv(Tensor x, Tensor weight, Tensor? bias, in ConvShape s)
    {
        var y = Together(x, weight).NewEmpty([s.Batch, s.OutChannels, s.OutHeight, s.OutWidth], x.dtype);
        if (y.HasData)
        {
            using var from = new ConvOperands(x, weight, bias);
            y.Backend.Conv(x.dtype, s, from.X(y), from.Weight(y), from.Bias(y), y.On(y));
        }
        return Records(x, weight, bias) ? y.Produced(new ConvBackward(x, weight, bias, s)) : y;
    }

    /// <summary>relu(max_pool(x ∗ w + b)) in one go, where nothing is recorded; null where the device has no such kernel or none that pays.</summary>
    internal static Tensor? TryConvPool(Tensor x, Tensor weight, Tensor? bias, in ConvShape s, in PoolShape pool, bool relu)
    {
        var y = Together(x, weight).NewEmpty([s.Batch, s.OutChannels, pool.OutHeight, pool.OutWidth], x.dtype);
        if (y.HasData && y.Backend is IFusedKernels fused)
        {
            using var from = new ConvOperands(x, weight, bias);
            if (fused.TryConvPool(x.dtype, s, pool, relu, from.X(y), from.Weight(y), from.Bias(y), y.On(y)))
                return y;
        }
        y.Discard();
        return null;
    }

    /// <summary>What a convolution reads, packed, and kept until the kernel has read it.</summary>
    private readonly ref struct ConvOperands(Tensor x, Tensor weight, Tensor? bias)
    {
        private readonly Tensor _x = Packed(x), _weight = Packed(weight);
        private readonly Tensor? _bias = bias is null ? null : Packed(bias);

        public void* X(Tensor y) => _x.On(y);

        public void* Weight(Tensor y) => _weight.On(y);

        public void* Bias(Tensor y) => _bias is null ? null : _bias.On(y);

        public void Dispose()
        {
            GC.KeepAlive(_x);
            GC.KeepAlive(_weight);
            GC.KeepAlive(_bias);
            Free(_x, x);
            Free(_weight, weight);
            if (_bias is not null)
                Free(_bias, bias!);
        }
    }

    /// <summary>dx of a convolution from dy; also the forward pass of a transposed convolution of input dy.</summary>
    internal static Tensor ConvInput(Tensor dy, Tensor weight, in ConvShape s)
    {
        Tensor pd = Packed(dy), pw = Packed(weight);
        var dx = Together(dy, weight).NewEmpty([s.Batch, s.InChannels, s.Height, s.Width], dy.dtype);
        if (dx.HasData)
            dx.Backend.ConvBackwardInput(dy.dtype, s, pd.On(dx), pw.On(dx), dx.On(dx));
        GC.KeepAlive(pd);
        GC.KeepAlive(pw);
        Free(pd, dy);
        Free(pw, weight);
        return Records(dy, weight) ? dx.Produced(new ConvInputBackward(dy, weight, s)) : dx;
    }

    /// <summary>dw of a convolution from its input and dy, and db when asked for (not recorded: it is a sum of dy).</summary>
    internal static Tensor ConvWeight(Tensor x, Tensor dy, in ConvShape s, Tensor? dbias = null)
    {
        Tensor px = Packed(x), pd = Packed(dy);
        var dw = x.NewEmpty([s.OutChannels, s.InChannels / s.Groups, s.KernelHeight, s.KernelWidth], x.dtype);
        if (s.Batch == 0)
            FillData(dw, 0);
        else if (!dw.IsMeta)
            dw.Backend.ConvBackwardWeight(x.dtype, s, px.On(dw), pd.On(dw), dw.On(dw), dbias is null ? null : dbias.On(dw));
        GC.KeepAlive(px);
        GC.KeepAlive(pd);
        GC.KeepAlive(dbias);
        Free(px, x);
        Free(pd, dy);
        return Records(x, dy) ? dw.Produced(new ConvWeightBackward(x, dy, s)) : dw;
    }

    private sealed class ConvBackward : Node
    {
        private readonly ConvShape _shape;
        private Saved _x, _weight;

        internal ConvBackward(Tensor x, Tensor weight, Tensor? bias, in ConvShape shape)
        {
            _shape = shape;
            Next = [x.GradientEdge(), weight.GradientEdge(), bias?.GradientEdge() ?? default];
            if (Needs(1))
                _x = new Saved(x);
            if (Needs(0))
                _weight = new Saved(weight);
        }

        internal override string Name => "ConvolutionBackward";

        internal override void Backward(Tensor?[] dy, Tensor?[] dx)
        {
            if (dy[0] is not { } gradient)
                return;
            if (Needs(0))
                dx[0] = ConvInput(gradient, _weight.Unpack(this), _shape);
            bool fused = Needs(1) && Needs(2) && !GradMode.Enabled && _shape.Batch > 0;
            if (fused)
                dx[2] = gradient.NewEmpty([_shape.OutChannels], gradient.dtype);
            if (Needs(1))
                dx[1] = ConvWeight(_x.Unpack(this), gradient, _shape, dx[2]);
            if (Needs(2) && !fused)
                dx[2] = Sum(gradient, [0, 2, 3], false);
        }

        internal override void Release()
        {
            _x.Release();
            _weight.Release();
        }
    }

    private sealed class ConvInputBackward : Node
    {
        private readonly ConvShape _shape;
        private Saved _dy, _weight;

        internal ConvInputBackward(Tensor dy, Tensor weight, in ConvShape shape)
        {
            _shape = shape;
            Next = [dy.GradientEdge(), weight.GradientEdge()];
            if (Needs(1))
                _dy = new Saved(dy);
            if (Needs(0))
                _weight = new Saved(weight);
        }

        internal override string Name => "ConvolutionBackward";

        internal override void Backward(Tensor?[] dy, Tensor?[] dx)
        {
            if (dy[0] is not { } gradient)
                return;
            if (Needs(0))
                dx[0] = Conv(gradient, _weight.Unpack(this), null, _shape);
            if (Needs(1))
                dx[1] = ConvWeight(gradient, _dy.Unpack(this), _shape);
        }

        internal override void Release()
        {
            _dy.Release();
            _weight.Release();
        }
    }

    private sealed class ConvWeightBackward : Node
    {
        private readonly ConvShape _shape;
        private Saved _x, _dy;

        internal ConvWeightBackward(Tensor x, Tensor dy, in ConvShape shape)
        {
            _shape = shape;
            Next = [x.GradientEdge(), dy.GradientEdge()];
            if (Needs(1))
                _x = new Saved(x);
            if (Needs(0))
                _dy = new Saved(dy);
        }

        internal override string Name => "ConvolutionBackward";

        internal override void Backward(Tensor?[] dy, Tensor?[] dx)
        {
            if (dy[0] is not { } gradient)
                return;
            if (Needs(0))
                dx[0] = ConvInput(_dy.Unpack(this), gradient, _shape);
            if (Needs(1))
                dx[1] = Conv(_x.Unpack(this), gradient, null, _shape);
        }

        internal override void Release()
        {
            _x.Release();
            _dy.Release();
        }
    }

    /// <summary>Checks the arguments of a (possibly grouped) convolution and derives its output size.</summary>
    internal static ConvShape ConvShapeOf(Tensor x, Tensor weight, Tensor? bias, ReadOnlySpan<long> stride, ReadOnlySpan<long> padding, ReadOnlySpan<long> dilation, long groups)
    {
        RequireSameType(x, weight, "convolution");
        long[] xs = x.Layout.Shape, ws = weight.Layout.Shape;
        CheckWindow("convolution", stride, padding, dilation, groups);
        if (xs[1] != ws[1] * groups)
            throw new ExternalException($"Given groups={groups}, weight of size {weight.Layout}, expected input{x.Layout} to have {ws[1] * groups} channels, but got {xs[1]} channels instead");
        if (ws[0] % groups != 0 || ws[0] == 0)
            throw new ExternalException($"Given groups={groups}, expected weight to be at least {groups} at dimension 0 and divisible by it, but got weight of size {weight.Layout}");
        CheckBias(bias, ws[0], weight);
        long h = OutputSize(xs[2], ws[2], stride[0], padding[0], dilation[0]), w = OutputSize(xs[3], ws[3], stride[1], padding[1], dilation[1]);
        if (h <= 0 || w <= 0)
            throw new ExternalException($"Calculated padded input size per channel: ({xs[2] + 2 * padding[0]} x {xs[3] + 2 * padding[1]}). Kernel size: ({dilation[0] * (ws[2] - 1) + 1} x {dilation[1] * (ws[3] - 1) + 1}). Kernel size can't be greater than actual input size (input {x.Layout}, weight {weight.Layout})");
        return new ConvShape(xs[0], xs[1], xs[2], xs[3], ws[0], ws[2], ws[3], stride[0], stride[1], padding[0], padding[1], dilation[0], dilation[1], groups, h, w);
    }

    private static long OutputSize(long size, long kernel, long stride, long padding, long dilation)
    {
        long span = size + 2 * padding - dilation * (kernel - 1) - 1;
        return span < 0 ? 0 : span / stride + 1;
    }

    private static void CheckBias(Tensor? bias, long channels, Tensor weight)
    {
        if (bias is not null && bias.dtype != weight.dtype)
            throw new ExternalException($"Input type ({weight.dtype}) and bias type ({bias.dtype}) should be the same");
        if (bias is not null && (bias.Layout.Rank != 1 || bias.Layout.Shape[0] != channels))
            throw new ExternalException($"Given weight of size {weight.Layout}, expected bias to be 1-dimensional with {channels} elements, but got bias of size {bias.Layout} instead");
    }

    private static void CheckWindow(string name, ReadOnlySpan<long> stride, ReadOnlySpan<long> padding, ReadOnlySpan<long> dilation, long groups)
    {
        foreach (long s in stride)
            if (s <= 0)
                throw new ExternalException($"non-positive stride is not supported ({name}: {Layout.Text(stride)})");
        foreach (long p in padding)
            if (p < 0)
                throw new ExternalException($"negative padding is not supported ({name}: {Layout.Text(padding)})");
        foreach (long d in dilation)
            if (d <= 0)
                throw new ExternalException($"dilation should be greater than zero ({name}: {Layout.Text(dilation)})");
        if (groups <= 0)
            throw new ExternalException($"non-positive groups is not supported ({name}: {groups})");
    }

    /// <summary>The transposed convolution: the input gradient of the convolution that would turn its output into its input.</summary>
    internal static Tensor ConvTranspose(Tensor x, Tensor weight, Tensor? bias, ReadOnlySpan<long> stride, ReadOnlySpan<long> padding, ReadOnlySpan<long> outputPadding, ReadOnlySpan<long> dilation, long groups)
    {
        RequireSameType(x, weight, "conv_transpose");
        long[] xs = x.Layout.Shape, ws = weight.Layout.Shape;
        CheckWindow("conv_transpose", stride, padding, dilation, groups);
        if (xs[1] != ws[0] || ws[0] % groups != 0)
            throw new ExternalException($"Given transposed=1, weight of size {weight.Layout}, expected input{x.Layout} to have {ws[0]} channels, but got {xs[1]} channels instead");
        CheckBias(bias, ws[1] * groups, weight);
        Span<long> size = stackalloc long[2];
        for (int d = 0; d < 2; d++)
        {
            if (outputPadding[d] >= Math.Max(stride[d], dilation[d]))
                throw new ExternalException($"output padding must be smaller than either stride or dilation, but got output_padding {Layout.Text(outputPadding)}, stride {Layout.Text(stride)}, dilation {Layout.Text(dilation)}");
            size[d] = (xs[2 + d] - 1) * stride[d] - 2 * padding[d] + dilation[d] * (ws[2 + d] - 1) + outputPadding[d] + 1;
            if (size[d] <= 0)
                throw new ExternalException($"Given input size per channel: ({xs[2]} x {xs[3]}). Calculated output size per channel is too small (input {x.Layout}, weight {weight.Layout})");
        }
        var s = new ConvShape(xs[0], ws[1] * groups, size[0], size[1], xs[1], ws[2], ws[3], stride[0], stride[1], padding[0], padding[1], dilation[0], dilation[1], groups, xs[2], xs[3]);
        var y = ConvInput(x, weight, s);
        if (bias is null)
            return y;
        using var column = Reshape(bias, [1, bias.Layout.Count, 1, 1]).AsTemporary();
        using (y.AsTemporary())
            return y.add(column);
    }
}
