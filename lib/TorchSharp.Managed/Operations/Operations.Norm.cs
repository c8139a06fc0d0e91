using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>Normalisation: x̂ = (x − mean) / √(variance + ε), the statistics taken over different elements by each kind of layer.</summary>
internal static unsafe partial class Operations
{
    /// <summary>
    /// x̂ for each row of a matrix [rows, n]; dx = (dx̂ − mean(dx̂) − x̂·mean(dx̂·x̂)) / √(variance + ε).
    /// </summary>
    internal static Tensor NormaliseRows(Tensor x, double epsilon)
    {
        // Sums of squares are beyond Float16 soon.
        if (x.dtype.IsReduced())
        {
            using var scope = DisposeScope.ForTemporaries();
            return scope.MoveToOuter(NormaliseRows(x.to(ScalarType.Float32), epsilon).to(x.dtype));
        }
        long rows = x.Layout.Shape[0], n = x.Layout.Shape[1];
        var packed = Packed(x);
        var y = x.NewEmpty(x.Layout.Packed, x.dtype);
        var scale = x.NewEmpty([rows, 1], x.dtype);
        if (y.HasData && !y.Backend.NormaliseRows(x.dtype, packed.On(y), y.On(y), scale.On(y), rows, n, epsilon))
        {
            using var mean = x.NewEmpty([rows, 1], x.dtype).AsTemporary();
            y.Backend.MeanAndSquares(x.dtype, packed.On(y), mean.On(y), scale.On(y), rows, n, 1);
            InverseDeviation(scale, n, epsilon);
            // (x − mean)·scale, as the second term; the first and the offset are 0.
            using var zeros = torch.zeros([rows], x.dtype, x.device).AsTemporary();
            y.Backend.Affine(x.dtype, packed.On(y), packed.On(y), y.On(y), zeros.On(y), scale.On(y), mean.On(y), zeros.On(y), 1, rows, n);
        }
        GC.KeepAlive(packed);
        Free(packed, x);
        if (Records(x))
        {
            var node = new NormaliseRowsBackward(x, scale, epsilon);
            y.Produced(node);
            node.Keep(y);
        }
        scale.Discard();
        return y;
    }

    /// <summary>Sums of squares become 1/√(sum/n + ε), in place.</summary>
    private static void InverseDeviation(Tensor squares, long n, double epsilon)
    {
        using var count = Number((double)n, squares.dtype);
        using var small = Number(epsilon, squares.dtype);
        BinaryData(BinaryKind.Div, squares.dtype, squares, count, squares);
        BinaryData(BinaryKind.Add, squares.dtype, squares, small, squares);
        squares.Backend.Unary(UnaryKind.Rsqrt, squares.dtype, squares.On(squares), squares.On(squares), squares.Layout.Count);
        GC.KeepAlive(squares);
    }

    private sealed class NormaliseRowsBackward(Tensor x, Tensor scale, double epsilon) : UnaryNode(x)
    {
        private Saved _x = new(x);
        private Saved _scale = new(scale);
        private Saved _y;

        internal override string Name => "NativeLayerNormBackward";

        internal void Keep(Tensor y) => _y = new Saved(y, isOutput: true);

        internal override void Backward(Tensor?[] dy, Tensor?[] dx)
        {
            if (dy[0] is not { } gradient)
                return;
            if (!GradMode.Enabled)
            {
                dx[0] = RowsGradient(gradient, _y.Unpack(this, true), _scale.Unpack(this));
                return;
            }
            // Recorded: the statistics are functions of x again.
            var x = _x.Unpack(this);
            var (variance, mean) = VarMean(x, [1], 0, true);
            var scale = (variance + epsilon).rsqrt();
            var y = (x - mean) * scale;
            var projection = Mean(gradient * y, [1], true);
            dx[0] = (gradient - Mean(gradient, [1], true) - y * projection) * scale;
        }

        /// <summary>At once where the device can; else in two passes: the projections of dx̂ on 1 and on x̂, then their removal.</summary>
        private static Tensor RowsGradient(Tensor gradient, Tensor y, Tensor scale)
        {
            long rows = y.Layout.Shape[0], n = y.Layout.Shape[1];
            var packed = Packed(gradient);
            var dx = y.NewEmpty(y.Layout.Packed, y.dtype);
            var flat = scale.view(rows);
            if (dx.HasData && !dx.Backend.NormaliseRowsBackward(y.dtype, packed.On(dx), y.On(dx), flat.On(dx), dx.On(dx), rows, n))
            {
                Tensor sums = y.NewEmpty([rows], y.dtype), dots = y.NewEmpty([rows], y.dtype);
                dx.Backend.Projections(y.dtype, packed.On(dx), y.On(dx), null, sums.On(dx), dots.On(dx), 1, rows, n);
                Tensor share = flat * (-1.0 / n), offset = sums * share, factor = dots * share;
                dx.Backend.Affine(y.dtype, packed.On(dx), y.On(dx), dx.On(dx), flat.On(dx), factor.On(dx), null, offset.On(dx), 1, rows, n);
                GC.KeepAlive(offset);
                GC.KeepAlive(factor);
                GC.KeepAlive(sums);
                GC.KeepAlive(dots);
            }
            GC.KeepAlive(packed);
            GC.KeepAlive(y);
            GC.KeepAlive(flat);
            Free(packed, gradient);
            return dx;
        }

        internal override void Release()
        {
            _x.Release();
            _scale.Release();
            _y.Release();
        }
    }

    /// <summary>
    /// Batch normalisation in training: statistics of each channel over the batch and all positions of x [batch, channels, positions];
    /// y = x̂·weight + bias. Returns the mean and the biased variance as well, for the running averages.
    /// </summary>
    internal static (Tensor Y, Tensor Mean, Tensor Variance) BatchNorm(Tensor x, Tensor? weight, Tensor? bias, double epsilon)
    {
        long batch = x.Layout.Shape[0], channels = x.Layout.Shape[1], positions = x.Layout.Shape[2], n = batch * positions;
        var packed = Packed(x);
        var y = x.NewEmpty(x.Layout.Packed, x.dtype);
        using var scale = x.NewEmpty([1, channels, 1], x.dtype).AsTemporary();
        var (mean, variance) = BatchNormAtOnce(packed, weight, bias, y, scale, epsilon) ?? BatchNormByPasses(packed, weight, bias, y, scale, epsilon);
        GC.KeepAlive(packed);
        Free(packed, x);
        if (Records(x) || (weight is not null && Records(weight)) || (bias is not null && Records(bias)))
        {
            using var centre = mean.ShareData(Layout.Of([1, channels, 1])).AsTemporary();
            y.Produced(new BatchNormBackward(x, weight, bias, centre, scale, n, epsilon));
        }
        return (y, mean, variance);
    }

    /// <summary>Where the device has one pass for it; else null.</summary>
    private static (Tensor Mean, Tensor Variance)? BatchNormAtOnce(Tensor x, Tensor? weight, Tensor? bias, Tensor y, Tensor scale, double epsilon)
    {
        if (x.device_type is DeviceType.CPU or DeviceType.META || (weight ?? x).dtype != x.dtype || (bias ?? x).dtype != x.dtype)
            return null;
        long batch = x.Layout.Shape[0], channels = x.Layout.Shape[1], positions = x.Layout.Shape[2];
        Tensor mean = x.NewEmpty([channels], x.dtype), variance = x.NewEmpty([channels], x.dtype);
        Tensor? w = weight is null ? null : Packed(weight), b = bias is null ? null : Packed(bias);
        bool done = y.Backend.NormaliseChannels(x.dtype, x.On(y), w is null ? null : w.On(y), b is null ? null : b.On(y), y.On(y), mean.On(y), variance.On(y), scale.On(y), batch, channels, positions, epsilon);
        GC.KeepAlive(x);
        GC.KeepAlive(w);
        GC.KeepAlive(b);
        if (w is not null)
            Free(w, weight!);
        if (b is not null)
            Free(b, bias!);
        if (done)
            return (mean, variance);
        mean.Discard();
        variance.Discard();
        return null;
    }

    private static (Tensor Mean, Tensor Variance) BatchNormByPasses(Tensor x, Tensor? weight, Tensor? bias, Tensor y, Tensor scale, double epsilon)
    {
        long batch = x.Layout.Shape[0], channels = x.Layout.Shape[1], positions = x.Layout.Shape[2];
        var (mean, variance) = ChannelStatistics(x, batch, channels, positions);
        Transfers.Copy(variance, [0, 1, 0], scale, scale.Layout.Strides, scale.Layout.Shape);
        using (var small = Number(epsilon, x.dtype))
            BinaryData(BinaryKind.Add, x.dtype, scale, small, scale);
        if (!scale.IsMeta)
            scale.Backend.Unary(UnaryKind.Rsqrt, x.dtype, scale.On(scale), scale.On(scale), channels);
        // y = (x − mean)·(scale·weight) + bias in one pass: x·factor − mean·factor would lose what lies between large numbers.
        using var factor = scale.CloneData().AsTemporary();
        using var centre = mean.ShareData(Layout.Of([1, channels, 1])).AsTemporary();
        using var zeros = torch.zeros([channels], x.dtype, x.device).AsTemporary();
        using var offset = bias is null ? zeros.detach().AsTemporary() : bias.detach().contiguous().AsTemporary();
        if (weight is not null)
        {
            using var w = weight.detach().view(1, channels, 1).AsTemporary();
            BinaryData(BinaryKind.Mul, x.dtype, factor, w, factor);
        }
        if (!y.IsMeta)
            y.Backend.Affine(x.dtype, x.On(y), x.On(y), y.On(y), zeros.On(y), factor.On(y), centre.On(y), offset.On(y), batch, channels, positions);
        GC.KeepAlive(x);
        return (mean, variance);
    }

    /// <summary>Mean and biased variance of each channel: those of each row, combined (Chan, Golub and LeVeque, 1983).</summary>
    private static (Tensor Mean, Tensor Variance) ChannelStatistics(Tensor x, long batch, long channels, long positions)
    {
        using var scope = DisposeScope.ForTemporaries();
        Tensor means = x.NewEmpty([batch, channels], x.dtype), squares = x.NewEmpty([batch, channels], x.dtype);
        if (!x.IsMeta)
            x.Backend.MeanAndSquares(x.dtype, x.On(x), means.On(x), squares.On(x), batch * channels, positions, 1);
        GC.KeepAlive(x);
        using var mode = GradMode.Set(false);
        var mean = Mean(means, [0], false);
        var between = (means - mean).square().sum(0L) * positions;
        return scope.MoveToOuter(mean, (Sum(squares, [0], false) + between) / (batch * positions));
    }

    /// <summary>With dx̂ = dy·weight: dx = (dx̂ − mean(dx̂) − x̂·mean(dx̂·x̂)) / σ, dweight = Σ dy·x̂, dbias = Σ dy.</summary>
    private sealed class BatchNormBackward : Node
    {
        private readonly long _n;
        private readonly double _epsilon;
        private Saved _x, _weight, _mean, _scale;

        internal BatchNormBackward(Tensor x, Tensor? weight, Tensor? bias, Tensor mean, Tensor scale, long n, double epsilon)
        {
            (_n, _epsilon) = (n, epsilon);
            Next = [x.GradientEdge(), weight?.GradientEdge() ?? default, bias?.GradientEdge() ?? default];
            (_x, _mean, _scale) = (new Saved(x), new Saved(mean), new Saved(scale));
            if (weight is not null)
                _weight = new Saved(weight);
        }

        internal override string Name => "NativeBatchNormBackward";

        internal override void Backward(Tensor?[] dy, Tensor?[] dx)
        {
            if (dy[0] is not { } gradient)
                return;
            var x = _x.Unpack(this);
            if (!GradMode.Enabled)
            {
                if (!AtOnce(gradient, x, dx))
                    ByPasses(gradient, x, dx);
                return;
            }
            var (variance, mean) = VarMean(x, [0, 2], 0, true);
            var scale = (variance + _epsilon).rsqrt();
            var y = (x - mean) * scale;
            var sums = Sum(gradient, [0, 2], true);
            var products = Sum(gradient * y, [0, 2], true);
            if (Needs(2))
                dx[2] = sums.reshape(-1);
            if (Needs(1))
                dx[1] = products.reshape(-1);
            if (!Needs(0))
                return;
            var factor = _weight.IsEmpty ? scale : scale * _weight.Unpack(this).reshape(1, -1, 1);
            dx[0] = (gradient - y * (products / _n) - sums / _n) * factor;
        }

        /// <summary>Where the device has one pass for all three.</summary>
        private bool AtOnce(Tensor gradient, Tensor x, Tensor?[] dx)
        {
            if (x.device_type is DeviceType.CPU or DeviceType.META || (!_weight.IsEmpty && _weight.Unpack(this).dtype != x.dtype))
                return false;
            long batch = x.Layout.Shape[0], channels = x.Layout.Shape[1], positions = x.Layout.Shape[2];
            Tensor packed = Packed(gradient), input = Packed(x), mean = _mean.Unpack(this), scale = _scale.Unpack(this);
            var weight = _weight.IsEmpty ? null : _weight.Unpack(this).contiguous();
            Tensor result = x.NewEmpty(x.Layout.Packed, x.dtype), parameters = x.NewEmpty([2, channels], x.dtype);
            bool done = x.Backend.NormaliseChannelsBackward(x.dtype, packed.On(x), input.On(x), weight is null ? null : weight.On(x), mean.On(x), scale.On(x), result.On(x), parameters.On(x), batch, channels, positions);
            GC.KeepAlive(packed);
            GC.KeepAlive(input);
            GC.KeepAlive(weight);
            GC.KeepAlive(mean);
            GC.KeepAlive(scale);
            Free(packed, gradient);
            Free(input, x);
            if (done)
                (dx[0], dx[1], dx[2]) = (Needs(0) ? result : null, Needs(1) ? parameters.select(0, 0) : null, Needs(2) ? parameters.select(0, 1) : null);
            return done;
        }

        /// <summary>Two passes: Σ dy and Σ dy·(x − mean) of each channel, then dx from dy and x with three factors a channel.</summary>
        private void ByPasses(Tensor gradient, Tensor x, Tensor?[] dx)
        {
            long batch = x.Layout.Shape[0], channels = x.Layout.Shape[1], positions = x.Layout.Shape[2];
            Tensor packed = Packed(gradient), input = Packed(x);
            Tensor mean = _mean.Unpack(this).view(channels), scale = _scale.Unpack(this).view(channels);
            Tensor sums = x.NewEmpty([channels], x.dtype), dots = x.NewEmpty([channels], x.dtype);
            if (!x.IsMeta)
                x.Backend.Projections(x.dtype, packed.On(x), input.On(x), mean.On(x), sums.On(x), dots.On(x), batch, channels, positions);
            var products = dots * scale;
            if (Needs(2))
                dx[2] = sums;
            if (Needs(1))
                dx[1] = products;
            if (Needs(0))
            {
                Tensor factor = _weight.IsEmpty ? scale : scale * _weight.Unpack(this), share = factor * (-1.0 / _n), offset = sums * share, slope = products * scale * share;
                var result = x.NewEmpty(x.Layout.Packed, x.dtype);
                if (!x.IsMeta)
                    x.Backend.Affine(x.dtype, packed.On(x), input.On(x), result.On(x), factor.On(x), slope.On(x), mean.On(x), offset.On(x), batch, channels, positions);
                GC.KeepAlive(factor);
                GC.KeepAlive(offset);
                GC.KeepAlive(slope);
                dx[0] = result;
            }
            GC.KeepAlive(packed);
            GC.KeepAlive(input);
            GC.KeepAlive(mean);
            GC.KeepAlive(scale);
            GC.KeepAlive(sums);
            GC.KeepAlive(dots);
            Free(packed, gradient);
            Free(input, x);
        }

        internal override void Release()
        {
            _x.Release();
            _weight.Release();
            _mean.Release();
            _scale.Release();
        }
    }
}
