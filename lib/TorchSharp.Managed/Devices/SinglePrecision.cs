using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>
/// Kernels for Float16 and BFloat16 by those for Float32: operands are widened, the work is done there, sums included, and each result
/// is rounded once, as libtorch does it. Other types go through.
/// </summary>
internal sealed unsafe partial class SinglePrecision(IBackend inner, Room room) : IBackend, IFusedKernels
{
    private const ScalarType Wide = ScalarType.Float32;

    public void AddScaled(ScalarType type, void* y, void* x, double alpha, long count)
    {
        if (!type.IsReduced())
        {
            inner.AddScaled(type, y, x, alpha, count);
            return;
        }
        using Widened sum = new(room, type, y, count), part = new(room, type, x, count);
        inner.AddScaled(Wide, sum.Data, part.Data, alpha, count);
        sum.Narrow(y);
    }

    public void Fill(ScalarType type, void* y, Scalar value, long count) => inner.Fill(type, y, value, count);

    public void Reduce(ReduceKind kind, ScalarType type, void* x, void* y, long outer, long n, long width)
    {
        if (!type.IsReduced())
        {
            inner.Reduce(kind, type, x, y, outer, n, width);
            return;
        }
        using Widened from = new(room, type, x, outer * n * width), to = new(room, type, outer * width);
        inner.Reduce(kind, Wide, from.Data, to.Data, outer, n, width);
        to.Narrow(y);
    }

    public void ArgReduce(bool max, ScalarType type, void* x, long* y, long outer, long n, long width)
    {
        if (!type.IsReduced())
        {
            inner.ArgReduce(max, type, x, y, outer, n, width);
            return;
        }
        using var from = new Widened(room, type, x, outer * n * width);
        inner.ArgReduce(max, Wide, from.Data, y, outer, n, width);
    }

    public void MeanAndSquares(ScalarType type, void* x, void* mean, void* m2, long outer, long n, long width)
    {
        if (!type.IsReduced())
        {
            inner.MeanAndSquares(type, x, mean, m2, outer, n, width);
            return;
        }
        using Widened from = new(room, type, x, outer * n * width), average = new(room, type, outer * width), squares = new(room, type, outer * width);
        inner.MeanAndSquares(Wide, from.Data, average.Data, squares.Data, outer, n, width);
        average.Narrow(mean);
        squares.Narrow(m2);
    }

    public void Softmax(bool log, ScalarType type, void* x, void* y, long outer, long n, long width)
    {
        if (!type.IsReduced())
        {
            inner.Softmax(log, type, x, y, outer, n, width);
            return;
        }
        using Widened from = new(room, type, x, outer * n * width), to = new(room, type, outer * n * width);
        inner.Softmax(log, Wide, from.Data, to.Data, outer, n, width);
        to.Narrow(y);
    }

    public void SoftmaxBackward(bool log, ScalarType type, void* dy, void* y, void* dx, long outer, long n, long width)
    {
        if (!type.IsReduced())
        {
            inner.SoftmaxBackward(log, type, dy, y, dx, outer, n, width);
            return;
        }
        long count = outer * n * width;
        using Widened gradient = new(room, type, dy, count), result = new(room, type, y, count), to = new(room, type, count);
        inner.SoftmaxBackward(log, Wide, gradient.Data, result.Data, to.Data, outer, n, width);
        to.Narrow(dx);
    }

    public void MatMul(ScalarType type, long batch, long m, long n, long k, in MatrixRef a, in MatrixRef b, in MatrixRef c, bool accumulate)
    {
        if (!type.IsReduced())
        {
            inner.MatMul(type, batch, m, n, k, a, b, c, accumulate);
            return;
        }
        using Widened left = new(room, type, a, a.BatchStride == 0 ? 1 : batch, m, k), right = new(room, type, b, b.BatchStride == 0 ? 1 : batch, k, n);
        using var product = accumulate ? new Widened(room, type, c, batch, m, n) : new Widened(room, type, batch * m * n);
        inner.MatMul(Wide, batch, m, n, k, Packed(left, a, m, k), Packed(right, b, k, n), new MatrixRef((nint)product.Data, n, 1, m * n), accumulate);
        product.Narrow(c, batch, m, n);
    }

    private static MatrixRef Packed(in Widened data, in MatrixRef matrix, long rows, long columns) => new((nint)data.Data, columns, 1, matrix.BatchStride == 0 ? 0 : rows * columns);

    public void Conv(ScalarType type, in ConvShape shape, void* x, void* weight, void* bias, void* y)
    {
        if (!type.IsReduced())
        {
            inner.Conv(type, shape, x, weight, bias, y);
            return;
        }
        using Widened input = new(room, type, x, shape.InputCount), filters = new(room, type, weight, shape.WeightCount), offsets = new(room, type, bias, shape.OutChannels), to = new(room, type, shape.OutputCount);
        inner.Conv(Wide, shape, input.Data, filters.Data, offsets.Data, to.Data);
        to.Narrow(y);
    }

    public bool TryConvPool(ScalarType type, in ConvShape shape, in PoolShape pool, bool relu, void* x, void* weight, void* bias, void* y) =>
        !type.IsReduced() && inner is IFusedKernels fused && fused.TryConvPool(type, shape, pool, relu, x, weight, bias, y);

    public void ConvBackwardInput(ScalarType type, in ConvShape shape, void* dy, void* weight, void* dx)
    {
        if (!type.IsReduced())
        {
            inner.ConvBackwardInput(type, shape, dy, weight, dx);
            return;
        }
        using Widened gradient = new(room, type, dy, shape.OutputCount), filters = new(room, type, weight, shape.WeightCount), to = new(room, type, shape.InputCount);
        inner.ConvBackwardInput(Wide, shape, gradient.Data, filters.Data, to.Data);
        to.Narrow(dx);
    }

    public void ConvBackwardWeight(ScalarType type, in ConvShape shape, void* x, void* dy, void* dweight, void* dbias)
    {
        if (!type.IsReduced())
        {
            inner.ConvBackwardWeight(type, shape, x, dy, dweight, dbias);
            return;
        }
        using Widened input = new(room, type, x, shape.InputCount), gradient = new(room, type, dy, shape.OutputCount), filters = new(room, type, shape.WeightCount), offsets = new(room, type, shape.OutChannels);
        inner.ConvBackwardWeight(Wide, shape, input.Data, gradient.Data, filters.Data, dbias == null ? null : offsets.Data);
        filters.Narrow(dweight);
        if (dbias != null)
            offsets.Narrow(dbias);
    }

    public void MaxPool(ScalarType type, in PoolShape shape, void* x, void* y, long* indices)
    {
        if (!type.IsReduced())
        {
            inner.MaxPool(type, shape, x, y, indices);
            return;
        }
        using Widened input = new(room, type, x, shape.Planes * shape.Height * shape.Width), to = new(room, type, shape.Planes * shape.OutHeight * shape.OutWidth);
        inner.MaxPool(Wide, shape, input.Data, to.Data, indices);
        to.Narrow(y);
    }

    public void MaxPoolBackward(ScalarType type, long planes, long inputSize, long outputSize, void* dy, long* indices, void* dx)
    {
        if (!type.IsReduced())
        {
            inner.MaxPoolBackward(type, planes, inputSize, outputSize, dy, indices, dx);
            return;
        }
        using Widened gradient = new(room, type, dy, planes * outputSize), to = new(room, type, planes * inputSize);
        inner.MaxPoolBackward(Wide, planes, inputSize, outputSize, gradient.Data, indices, to.Data);
        to.Narrow(dx);
    }

    public void AvgPool(ScalarType type, in PoolShape shape, bool countIncludePad, long divisor, void* x, void* y)
    {
        if (!type.IsReduced())
        {
            inner.AvgPool(type, shape, countIncludePad, divisor, x, y);
            return;
        }
        using Widened input = new(room, type, x, shape.Planes * shape.Height * shape.Width), to = new(room, type, shape.Planes * shape.OutHeight * shape.OutWidth);
        inner.AvgPool(Wide, shape, countIncludePad, divisor, input.Data, to.Data);
        to.Narrow(y);
    }

    public void AvgPoolBackward(ScalarType type, in PoolShape shape, bool countIncludePad, long divisor, void* dy, void* dx)
    {
        if (!type.IsReduced())
        {
            inner.AvgPoolBackward(type, shape, countIncludePad, divisor, dy, dx);
            return;
        }
        using Widened gradient = new(room, type, dy, shape.Planes * shape.OutHeight * shape.OutWidth), to = new(room, type, shape.Planes * shape.Height * shape.Width);
        inner.AvgPoolBackward(Wide, shape, countIncludePad, divisor, gradient.Data, to.Data);
        to.Narrow(dx);
    }

    public void AdamStep(ScalarType type, in AdamRule rule, void* p, void* gradient, void* m, void* v, void* largest, long count)
    {
        if (!type.IsReduced())
        {
            inner.AdamStep(type, rule, p, gradient, m, v, largest, count);
            return;
        }
        using Widened parameters = new(room, type, p, count), slope = new(room, type, gradient, count), first = new(room, type, m, count), second = new(room, type, v, count), most = new(room, type, largest, count);
        inner.AdamStep(Wide, rule, parameters.Data, slope.Data, first.Data, second.Data, most.Data, count);
        parameters.Narrow(p);
        first.Narrow(m);
        second.Narrow(v);
        most.Narrow(largest);
    }

    public void SgdStep(ScalarType type, in SgdRule rule, void* p, void* gradient, void* velocity, long count)
    {
        if (!type.IsReduced())
        {
            inner.SgdStep(type, rule, p, gradient, velocity, count);
            return;
        }
        using Widened parameters = new(room, type, p, count), slope = new(room, type, gradient, count), speed = new(room, type, velocity, count);
        inner.SgdStep(Wide, rule, parameters.Data, slope.Data, speed.Data, count);
        parameters.Narrow(p);
        speed.Narrow(velocity);
    }

    public void RmsPropStep(ScalarType type, in RmsPropRule rule, void* p, void* gradient, void* squares, void* mean, void* velocity, long count)
    {
        if (!type.IsReduced())
        {
            inner.RmsPropStep(type, rule, p, gradient, squares, mean, velocity, count);
            return;
        }
        using Widened parameters = new(room, type, p, count), slope = new(room, type, gradient, count), second = new(room, type, squares, count), first = new(room, type, mean, count), speed = new(room, type, velocity, count);
        inner.RmsPropStep(Wide, rule, parameters.Data, slope.Data, second.Data, first.Data, speed.Data, count);
        parameters.Narrow(p);
        second.Narrow(squares);
        first.Narrow(mean);
        speed.Narrow(velocity);
    }

    public void Affine(ScalarType type, void* a, void* b, void* y, void* factorA, void* factorB, void* center, void* offset, long batch, long channels, long positions)
    {
        if (!type.IsReduced())
        {
            inner.Affine(type, a, b, y, factorA, factorB, center, offset, batch, channels, positions);
            return;
        }
        long count = batch * channels * positions;
        using Widened first = new(room, type, a, count), second = new(room, type, b, count), to = new(room, type, count), scaleA = new(room, type, factorA, channels), scaleB = new(room, type, factorB, channels), middle = new(room, type, center, channels), shift = new(room, type, offset, channels);
        inner.Affine(Wide, first.Data, second.Data, to.Data, scaleA.Data, scaleB.Data, middle.Data, shift.Data, batch, channels, positions);
        to.Narrow(y);
    }

    public void Projections(ScalarType type, void* a, void* b, void* center, void* sums, void* dots, long batch, long channels, long positions)
    {
        if (!type.IsReduced())
        {
            inner.Projections(type, a, b, center, sums, dots, batch, channels, positions);
            return;
        }
        long count = batch * channels * positions;
        using Widened first = new(room, type, a, count), second = new(room, type, b, count), middle = new(room, type, center, channels), totals = new(room, type, channels), products = new(room, type, channels);
        inner.Projections(Wide, first.Data, second.Data, middle.Data, totals.Data, products.Data, batch, channels, positions);
        totals.Narrow(sums);
        products.Narrow(dots);
    }
}
