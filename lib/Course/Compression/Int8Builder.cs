using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Course;

/// <summary>Reads a network layer by layer and rounds it; see <see cref="Int8Network"/>.</summary>
internal sealed class Int8Builder
{
    // Pixels go up to 255, so the first layer's weights to 64: 2 · 255 · 64 fits into 16 bits.
    private const int Levels = 255, FirstWeight = 64, Weight = 127;

    private readonly List<Int8Layer> _layers = [];
    private readonly Tensor _prepared;
    private readonly double _kept;
    private (int Height, int Width, int Channels) _size;
    // An activation x is step · (level − zero); zero is 0 after the first layer.
    private double _step, _zero;
    private long _bytes;

    /// <param name="calibration">Images between 0 and 1 [n, channels, height, width].</param>
    /// <param name="kept">Share of the activations that a step must hold.</param>
    public Int8Builder(Preprocessing preprocessing, Tensor calibration, double kept)
    {
        (_prepared, _kept) = (preprocessing.Apply(calibration * Levels), kept);
        _size = ((int)calibration.shape[2], (int)calibration.shape[3], (int)calibration.shape[1]);
        (_step, _zero) = (preprocessing.Scale / preprocessing.Std, preprocessing.Mean / preprocessing.Scale);
    }

    public (List<Int8Layer> Layers, long Bytes) Build(nn.Module<Tensor, Tensor> network)
    {
        var leaves = Leaves(network, "network").ToList();
        var x = _prepared;
        using (var check = NewDisposeScope())
        {
            var expected = network.call(x);
            var inOrder = leaves.Aggregate(x, (value, leaf) => leaf.Module.call(value));
            if (!expected.shape.SequenceEqual(inOrder.shape) || !((expected - inOrder).abs().max().item<float>() < 1e-3f))
                throw new NotSupportedException($"The network ({network.GetType().Name}) does more than run its layers one after the other, so it cannot be rounded here.");
        }
        for (int at = 0; at < leaves.Count;)
        {
            int end = at + 1;
            while (end < leaves.Count && leaves[end].Module is not (Conv2d or Linear))
                end++;
            x = leaves[at..end].Aggregate(x, (value, leaf) => leaf.Module.call(value));
            Add(leaves[at..end], x, last: end == leaves.Count);
            at = end;
        }
        return (_layers, _bytes);
    }

    private static IEnumerable<(nn.Module<Tensor, Tensor> Module, string Place)> Leaves(nn.Module<Tensor, Tensor> module, string place)
    {
        if (!module.named_children().Any())
            return [(module, place)];
        return module.named_children().SelectMany(child => child.module is nn.Module<Tensor, Tensor> part
            ? Leaves(part, place == "network" ? child.name : $"{place}.{child.name}")
            : throw Unsupported(child.module, child.name, "it is not one from tensor to tensor"));
    }

    private void Add(List<(nn.Module<Tensor, Tensor> Module, string Place)> part, Tensor output, bool last)
    {
        var (weights, bias, kernel) = Read(part[0].Module, part[0].Place);
        int channels = weights.Length;
        double[] gain = [.. Enumerable.Repeat(1.0, channels)], shift = new double[channels];
        bool pool = false, rectified = false;
        foreach (var (module, place) in part.Skip(1))
        {
            switch (module)
            {
                case MaxPool2d { kernel_size: [2, 2] or [2], stride: null or [2, 2] or [2], padding: null or [0] or [0, 0], ceil_mode: false } when !pool:
                    pool = true;
                    break;
                case BatchNorm2d { running_mean: { } mean, running_var: { } variance } norm when !rectified:
                    var (m, v) = (mean.Doubles(), variance.Doubles());
                    for (int c = 0; c < channels; c++)
                    {
                        double scale = (norm.weight is { } w ? w[c].Number() : 1) / Math.Sqrt(v[c] + norm.eps), offset = (norm.bias is { } b ? b[c].Number() : 0) - m[c] * scale;
                        // Before pooling the sign of the scale decides which place is the largest, so it goes into the weights.
                        if (!pool)
                            weights[c] = [.. weights[c].Select(row => row.Select(value => value * scale).ToArray())];
                        if (pool)
                            (gain[c], shift[c]) = (gain[c] * scale, shift[c] * scale + offset);
                        else
                            bias[c] = bias[c] * scale + offset;
                    }
                    break;
                case ReLU:
                    rectified = true;
                    break;
                case Flatten or Dropout or Dropout2d:
                    break;
                default:
                    throw Unsupported(module, place, "it has no form in whole numbers here");
            }
        }
        if (!last && !rectified)
            throw Unsupported(part[0].Module, part[0].Place, "no rectifier follows it, so its results have no smallest value");

        double next = last ? 1 : Math.Max(1e-6, Quantile(output.Doubles(), _kept)) / Int8Layer.LargestActivation;
        int largest = _layers.Count == 0 ? FirstWeight : Weight;
        var (rounded, factors, offsets) = (new sbyte[channels][][], new float[channels], new float[channels]);
        for (int c = 0; c < channels; c++)
        {
            double step = Math.Max(1e-12, weights[c].Max(row => row.Max(Math.Abs))) / largest;
            rounded[c] = [.. weights[c].Select(row => row.Select(value => (sbyte)Math.Round(value / step)).ToArray())];
            double sum = rounded[c].Sum(row => row.Sum(value => (double)value));
            factors[c] = (float)(gain[c] * step * _step / next);
            offsets[c] = (float)((gain[c] * (bias[c] - step * _step * _zero * sum) + shift[c]) / next);
        }
        var layer = new Int8Layer(rounded, kernel, _size, factors, offsets, pool, last);
        _layers.Add(layer);
        _bytes += layer.Bytes(rounded.Sum(c => c.Sum(row => (long)row.Length)));
        (_size, _step, _zero) = ((layer.Size.Height, layer.Size.Width, channels), next, 0);
    }

    /// <summary>Weights [out][row][column · channels in], in the order of the activations: channels innermost.</summary>
    private (double[][][] Weights, double[] Bias, (int Rows, int Columns) Kernel) Read(nn.Module module, string place)
    {
        switch (module)
        {
            case Conv2d conv:
                if (conv.stride.Any(s => s != 1) || conv.padding.Any(p => p != 0) || conv.padding_type is not null || conv.dilation.Any(d => d != 1) || conv.groups != 1)
                    throw Unsupported(module, place, "only convolutions with stride 1, without padding, dilation and groups are written");
                var (rows, columns) = ((int)conv.kernel_size[0], (int)conv.kernel_size[^1]);
                return (Rows(conv.weight, rows, columns), conv.bias?.Doubles() ?? new double[conv.out_channels], (rows, columns));
            case Linear linear:
                // Its inputs were flattened with channels outermost; as a convolution over the whole picture they are not.
                if (linear.in_features != _size.Height * _size.Width * _size.Channels)
                    throw Unsupported(module, place, $"it takes {linear.in_features} numbers, but {_size.Height}×{_size.Width}×{_size.Channels} come in");
                var kernel = linear.weight.reshape(linear.out_features, _size.Channels, _size.Height, _size.Width);
                return (Rows(kernel, _size.Height, _size.Width), linear.bias?.Doubles() ?? new double[linear.out_features], (_size.Height, _size.Width));
            default:
                throw Unsupported(module, place, "a convolution or a linear layer was expected here");
        }
    }

    private static double[][][] Rows(Tensor weight, int rows, int columns)
    {
        int channels = (int)weight.shape[1], length = columns * channels;
        double[] all = weight.detach().permute(0, 2, 3, 1).contiguous().Doubles();
        return [.. Enumerable.Range(0, (int)weight.shape[0]).Select(o => Enumerable.Range(0, rows).Select(r => all.AsSpan((o * rows + r) * length, length).ToArray()).ToArray())];
    }

    private static double Quantile(double[] values, double share)
    {
        Array.Sort(values);
        return values[(int)Math.Min(values.Length - 1, share * values.Length)];
    }

    private static NotSupportedException Unsupported(nn.Module module, string place, string why) =>
        new($"The layer '{place}' ({module.GetType().Name}) cannot be rounded to 8 bits: {why}.");
}
