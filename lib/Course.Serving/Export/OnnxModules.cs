using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Course.Serving;

/// <summary>
/// How each kind of module is written as ONNX operators. TorchSharp's own layers are known. A class of one's own that runs its parts one
/// after the other is found out by trying; one that computes more in its <c>forward</c> needs a writer: <see cref="With{T}"/>.
/// </summary>
public sealed class OnnxModules
{
    internal const string Root = "network";

    private readonly Dictionary<Type, Func<OnnxGraph, nn.Module<Tensor, Tensor>, OnnxValue, OnnxValue>> _writers = [];

    /// <summary>Says how a class of one's own is written.</summary>
    /// <param name="write">From the graph, the module and its input to its output; parts are written with <see cref="OnnxGraph.Module"/>.</param>
    /// <returns>This.</returns>
    public OnnxModules With<T>(Func<OnnxGraph, T, OnnxValue, OnnxValue> write) where T : nn.Module<Tensor, Tensor>
    {
        _writers[typeof(T)] = (graph, module, input) => write(graph, (T)module, input);
        return this;
    }

    internal OnnxValue Write(OnnxGraph graph, nn.Module<Tensor, Tensor> module, OnnxValue x, string place)
    {
        using var gradients = no_grad();
        if (_writers.TryGetValue(module.GetType(), out var writer))
            return Checked(writer(graph, module, x), module, x, place);
        // Sequential and classes that run their parts in order; a layer of TorchSharp has no parts.
        return module.named_children().Any() ? Chain(graph, module, x, place) : Layer(graph, module, x, module.call(x.Sample), place);
    }

    private OnnxValue Chain(OnnxGraph graph, nn.Module<Tensor, Tensor> module, OnnxValue x, string place)
    {
        var value = x;
        foreach (var (name, child) in module.named_children())
        {
            if (child is not nn.Module<Tensor, Tensor> part)
                throw Unsupported(module, place, $"its part '{name}' ({child.GetType().Name}) is not one from tensor to tensor");
            value = Write(graph, part, value, place == Root ? name : $"{place}.{name}");
        }
        return Checked(value, module, x, place);
    }

    /// <summary>Whether the steps that were written do what the module does, on the sample.</summary>
    private static OnnxValue Checked(OnnxValue written, nn.Module<Tensor, Tensor> module, OnnxValue x, string place)
    {
        using var scope = NewDisposeScope();
        var expected = module.call(x.Sample);
        if (!written.Sample.shape.SequenceEqual(expected.shape) || !((written.Sample - expected).abs().max().item<float>() <= 1e-4f))
            throw Unsupported(module, place, "its forward does something else than what was written");
        return written;
    }

    private static OnnxValue Layer(OnnxGraph graph, nn.Module<Tensor, Tensor> module, OnnxValue x, Tensor y, string place)
    {
        OnnxValue Node(string operation, params (string, object)[] attributes) => graph.Node(operation, y, [x.Name], attributes);
        string C(Tensor values, string name) => graph.Constant(values, $"{place}.{name}");
        switch (module)
        {
            case Linear linear:
                var product = graph.Node("MatMul", y, [x.Name, C(linear.weight.t(), "weight")]);
                return linear.bias is { } offset ? graph.Node("Add", y, [product.Name, C(offset, "bias")]) : product;
            case Conv1d or Conv2d:
                return Convolved(graph, (Convolution)module, x, y, place);
            case BatchNorm norm:
                if (norm.running_mean is not { } mean || norm.running_var is not { } variance)
                    throw Unsupported(module, place, "it keeps no running statistics, so it has no fixed formula");
                return graph.Node("BatchNormalization", y,
                    [x.Name, C(norm.weight ?? ones_like(mean), "weight"), C(norm.bias ?? zeros_like(mean), "bias"), C(mean, "mean"), C(variance, "var")], ("epsilon", norm.eps));
            case LayerNorm norm:
                return graph.Node("LayerNormalization", y, [x.Name, C(norm.weight ?? ones(norm.normalized_shape), "weight"), C(norm.bias ?? zeros(norm.normalized_shape), "bias")],
                    ("axis", (long)-norm.normalized_shape.Length), ("epsilon", norm.eps));
            case MaxPool2d pool:
                return Node("MaxPool", Window(pool.kernel_size, pool.stride, pool.padding, pool.dilation, pool.ceil_mode));
            case MaxPool1d pool:
                return Node("MaxPool", Window([pool.kernel_size], One(pool.stride), One(pool.padding), One(pool.dilation), pool.ceil_mode));
            case AvgPool2d { divisor_override: null } pool:
                return Node("AveragePool", [.. Window(pool.kernel_size, pool.stride, pool.padding, null, pool.ceil_mode), ("count_include_pad", pool.count_include_pad ? 1L : 0L)]);
            case AdaptiveAvgPool2d pool when pool.output_size.All(size => size == 1):
                return Node("GlobalAveragePool");
            case Flatten { start_dim: > 0 } or Unflatten { dim: not 0 }:
                return graph.Node("Reshape", y, [x.Name, C(tensor(new long[] { -1 }.Concat(y.shape.Skip(1)).ToArray()), "shape")]);
            case Embedding embedding:
                return graph.Node("Gather", y, [C(embedding.weight, "weight"), x.Name]);
            case ReLU:
                return Node("Relu");
            case LeakyReLU leaky:
                return Node("LeakyRelu", ("alpha", leaky.negative_slope));
            case ELU elu:
                return Node("Elu", ("alpha", elu.alpha));
            case Sigmoid:
                return Node("Sigmoid");
            case Tanh:
                return Node("Tanh");
            case Hardswish:
                return Node("HardSwish");
            case SiLU:
                return graph.Node("Mul", y, [x.Name, Node("Sigmoid").Name]);
            case Softmax softmax:
                return Node("Softmax", ("axis", softmax.dim));
            case LogSoftmax softmax:
                return Node("LogSoftmax", ("axis", softmax.dim));
            // In evaluation these do nothing.
            case Dropout or Dropout1d or Dropout2d or Dropout3d or AlphaDropout or FeatureAlphaDropout or Identity:
                return x;
            default:
                throw Unsupported(module, place, "this export does not know it");
        }
    }

    private static OnnxValue Convolved(OnnxGraph graph, Convolution layer, OnnxValue x, Tensor y, string place)
    {
        if (layer.padding_mode != PaddingModes.Zeros)
            throw Unsupported(layer, place, $"its padding mode is {layer.padding_mode}; only zeros can be written");
        List<string> inputs = [x.Name, graph.Constant(layer.weight, $"{place}.weight")];
        if (layer.bias is { } bias)
            inputs.Add(graph.Constant(bias, $"{place}.bias"));
        // The total padding follows from the sizes, whichever way it was asked for; what is odd goes to the end.
        long[] total = [.. layer.kernel_size.Select((kernel, i) => Math.Max(0, (y.shape[2 + i] - 1) * layer.stride[i] + layer.dilation[i] * (kernel - 1) + 1 - x.Sample.shape[2 + i]))];
        long[] pads = layer.padding_type == Padding.Same ? [.. total.Select(all => all / 2), .. total.Select(all => all - all / 2)] : [.. layer.padding, .. layer.padding];
        return graph.Node("Conv", y, inputs, ("kernel_shape", layer.kernel_size), ("strides", layer.stride), ("dilations", layer.dilation), ("group", layer.groups), ("pads", pads));
    }

    private static (string, object)[] Window(long[] kernel, long[]? stride, long[]? padding, long[]? dilation, bool ceil)
    {
        long[] Full(long[]? given, long otherwise) => given is null ? [.. kernel.Select(_ => otherwise)] : given.Length == kernel.Length ? given : [.. kernel.Select(_ => given[0])];
        long[] pads = Full(padding, 0);
        List<(string, object)> all = [("kernel_shape", kernel), ("strides", stride is null ? kernel : Full(stride, 1)), ("pads", pads.Concat(pads).ToArray()), ("ceil_mode", ceil ? 1L : 0L)];
        if (dilation is not null)
            all.Add(("dilations", Full(dilation, 1)));
        return [.. all];
    }

    private static long[]? One(long? value) => value is { } one ? [one] : null;

    private static OnnxExportException Unsupported(nn.Module module, string place, string why) =>
        new($"The module '{place}' ({module.GetType().Name}) cannot be written as ONNX: {why}. Say how with new OnnxModules().With<{module.GetType().Name}>((graph, module, x) => …), or build it from layers that are known.");
}
