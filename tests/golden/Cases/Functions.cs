using static TorchSharp.torch;

namespace TorchSharp.Managed.Tests.Golden;

/// <summary>Functions of torch.nn.functional but losses.</summary>
internal static class Functions
{
    internal static void Add(CaseWriter g)
    {
        Activations(g);
        foreach (var type in Elementwise.Both)
        {
            Layers(g, type);
            Convolutions(g, type);
            Pools(g, type);
            g.Add("F.scaled_dot_product_attention", [g.Draws.Real([2, 4, 3], type), g.Draws.Real([2, 5, 3], type), g.Draws.Real([2, 5, 6], type)]);
        }
        g.Add("F.one_hot", [g.Draws.Integers(4, [5])], new { classes = 5 }, gradients: false);
        foreach (var type in Elementwise.Both)
            foreach (var (mode, size, shape) in new (string, int[], long[])[] { ("nearest", [5, 7], [1, 2, 3, 4]), ("bilinear", [5, 7], [2, 1, 3, 4]), ("bilinear", [2, 3], [1, 2, 5, 4]), ("nearest", [6], [2, 3, 4]), ("linear", [7], [1, 2, 4]) })
                g.Add("F.interpolate", [g.Draws.Real(shape, type)], new { mode, size });
    }

    private static void Activations(CaseWriter g)
    {
        (string, object?)[] all =
        [
            .. "relu relu6 gelu silu mish sigmoid tanh softsign tanhshrink selu hardswish hardsigmoid logsigmoid".Split(' ').Select(name => (name, (object?)null)),
            ("leaky_relu", new { negative_slope = 0.1 }), ("elu", new { alpha = 1.3 }), ("celu", new { alpha = 0.7 }), ("softplus", new { beta = 2.0, threshold = 3.0 }), ("softshrink", new { lambd = 0.4 }),
            ("hardshrink", new { lambd = 0.4 }), ("hardtanh", new { min_val = -0.6, max_val = 0.9 }), ("threshold", new { threshold = 0.2, value = -1.5 }), ("glu", new { dim = -1 }), ("softmin", new { dim = 1 }), ("rrelu", null),
        ];
        foreach (var (name, arguments) in all)
            foreach (var type in Elementwise.Both)
                foreach (long[] shape in new long[][] { [8], [3, 4] })
                    if (name != "softmin" || shape.Length == 2)
                        g.Add("F." + name, [g.Draws.Real(shape, type) * 3], arguments);
    }

    private static void Layers(CaseWriter g, ScalarType type)
    {
        Tensor X(params long[] shape) => g.Draws.Real(shape, type);
        g.Add("F.prelu", [X(2, 3, 4), X(3)]);
        g.Add("F.prelu", [X(2, 3), X(1)]);
        g.Add("F.softmax2d", [X(2, 3, 2, 2)]);
        g.Add("F.linear", [X(4, 3), X(5, 3), X(5)]);
        g.Add("F.linear", [X(2, 4, 3), X(5, 3)]);
        g.Add("F.linear", [X(3), X(5, 3), X(5)]);
        g.Add("F.bilinear", [X(4, 3), X(4, 2), X(5, 3, 2), X(5)]);
        g.Add("F.normalize", [X(3, 4)]);
        g.Add("F.cosine_similarity", [X(3, 4), X(3, 4)]);
        g.Add("F.pairwise_distance", [X(3, 4), X(3, 4)]);
        g.Add("F.pixel_shuffle", [X(2, 8, 3, 2)], new { factor = 2 });
        g.Add("F.pixel_unshuffle", [X(2, 2, 4, 6)], new { factor = 2 });
        g.Add("F.layer_norm", [X(3, 4), X(4), X(4)], new { shape = new[] { 4 } });
        g.Add("F.layer_norm", [X(2, 3, 4)], new { shape = new[] { 3, 4 } });
        g.Add("F.group_norm", [X(2, 4, 3), X(4), X(4)], new { groups = 2 });
        g.Add("F.local_response_norm", [X(2, 5, 3, 3)], new { size = 3 });
        foreach (bool training in new[] { true, false })
            foreach (long[] shape in new long[][] { [4, 3], [2, 3, 5], [2, 3, 2, 2] })
                g.Add("F.batch_norm", [X(shape), X(3), g.Draws.Real([3], type, Domain.Positive), X(3), X(3)], new { training }, constants: [1, 2]);
        g.Add("F.instance_norm", [X(2, 3, 4), X(3), X(3)]);
    }

    private static void Convolutions(CaseWriter g, ScalarType type)
    {
        Tensor X(params long[] shape) => g.Draws.Real(shape, type);
        foreach (var (stride, padding, dilation, groups) in new[] { (1, 0, 1, 1), (2, 1, 1, 1), (1, 2, 2, 1), (1, 1, 1, 2), (3, 0, 1, 4) })
        {
            var arguments = new { stride, padding, dilation, groups };
            g.Add("F.conv1d", [X(2, 4, 9), X(8, 4 / groups, 3), X(8)], arguments);
            g.Add("F.conv2d", [X(2, 4, 7, 6), X(8, 4 / groups, 3, 3), X(8)], arguments);
            g.Add("F.conv2d", [X(1, 4, 7, 8), X(4, 4 / groups, 2, 3)], arguments);
            var transposed = new { stride, padding, dilation, groups, output_padding = stride > 1 ? 1 : 0 };
            g.Add("F.conv_transpose1d", [X(2, 4, 5), X(4, 8 / groups, 3), X(8)], transposed);
            g.Add("F.conv_transpose2d", [X(2, 4, 4, 3), X(4, 8 / groups, 3, 3), X(8)], transposed);
        }
        g.Add("F.conv2d", [X(2, 1, 12, 12), X(6, 1, 5, 5), X(6)], new { stride = 1, padding = 0, dilation = 1, groups = 1 });
        if (type == ScalarType.Float32)
            g.Add("F.conv2d", [X(2, 10, 9, 17), X(17, 10, 3, 3), X(17)], new { stride = 1, padding = 1, dilation = 1, groups = 1 });
    }

    private static void Pools(CaseWriter g, ScalarType type)
    {
        Tensor X(params long[] shape) => g.Draws.Real(shape, type);
        foreach (var (kernel, stride, padding, dilation, ceil) in new[] { (2, 2, 0, 1, false), (3, 1, 1, 1, false), (3, 2, 1, 1, true), (2, 1, 0, 2, false) })
        {
            var arguments = new { kernel, stride, padding, dilation, ceil };
            g.Add("F.max_pool1d", [X(2, 3, 9)], arguments);
            g.Add("F.max_pool2d", [X(2, 3, 7, 8)], arguments);
            g.Add("F.max_pool2d_with_indices", [X(2, 3, 7, 8)], arguments);
            if (dilation > 1)
                continue;
            foreach (bool include in new[] { true, false })
            {
                g.Add("F.avg_pool1d", [X(2, 3, 9)], new { kernel, stride, padding, dilation, ceil, include });
                g.Add("F.avg_pool2d", [X(2, 3, 7, 8)], new { kernel, stride, padding, dilation, ceil, include });
            }
        }
        foreach (int size in new[] { 1, 3, 4 })
        {
            g.Add("F.adaptive_avg_pool1d", [X(2, 3, 7)], new { size });
            g.Add("F.adaptive_avg_pool2d", [X(2, 3, 5, 7)], new { size });
            g.Add("F.adaptive_max_pool1d", [X(2, 3, 7)], new { size });
            g.Add("F.adaptive_max_pool2d", [X(2, 3, 5, 7)], new { size });
        }
        g.Add("F.lp_pool1d", [g.Draws.Real([2, 3, 8], type, Domain.Positive)], new { p = 3.0, kernel = 2 });
        g.Add("F.lp_pool2d", [g.Draws.Real([2, 3, 4, 4], type, Domain.Positive)], new { p = 2.0, kernel = 2 });
    }
}
