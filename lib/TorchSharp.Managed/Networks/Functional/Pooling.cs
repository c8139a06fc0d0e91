using System.Runtime.InteropServices;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            public static Tensor max_pool1d(Tensor input, long kernel_size, long? stride = null, long? padding = null, long? dilation = null, bool ceil_mode = false)
            {
                var (values, indices) = max_pool1d_with_indices(input, kernel_size, stride, padding, dilation, ceil_mode);
                indices.Discard();
                return values;
            }

            public static (Tensor output, Tensor indices) max_pool1d_with_indices(Tensor input, long kernel_size, long? stride = null, long? padding = null, long? dilation = null, bool ceil_mode = false)
            {
                if (input.Layout.Rank is not (2 or 3))
                    throw new ExternalException($"max_pool1d() Expected 2D or 3D input tensor, but got {input.Layout}");
                using var scope = DisposeScope.ForTemporaries();
                var (values, indices) = max_pool2d_with_indices(input.unsqueeze(-2), [1, kernel_size], [1, stride ?? kernel_size], [0, padding ?? 0], [1, dilation ?? 1], ceil_mode);
                return scope.MoveToOuter(values.squeeze(-2), indices.squeeze(-2));
            }

            public static Tensor max_pool2d(Tensor input, long kernel_size, long? stride = null, long? padding = null, long? dilation = null, bool ceil_mode = false) =>
                max_pool2d(input, Twice(kernel_size), stride is { } s ? Twice(s) : null, padding is { } p ? Twice(p) : null, dilation is { } d ? Twice(d) : null, ceil_mode);

            public static Tensor max_pool2d(Tensor input, (long, long) kernel_size, (long, long)? stride = null, (long, long)? padding = null, (long, long)? dilation = null, bool ceil_mode = false) =>
                max_pool2d(input, Array(kernel_size)!, Array(stride), Array(padding), Array(dilation), ceil_mode);

            public static Tensor max_pool2d(Tensor input, long[] kernel_size, long[]? strides = null, long[]? padding = null, long[]? dilation = null, bool ceil_mode = false)
            {
                if (!Operations.Records(input))
                    return Operations.MaxPoolValues(input, MaxPoolShape(input.Layout, kernel_size, strides, padding, dilation, ceil_mode));
                var (values, indices) = max_pool2d_with_indices(input, kernel_size, strides, padding, dilation, ceil_mode);
                indices.Discard();
                return values;
            }

            /// <summary>The maxima and their positions (row·width + column) in their plane.</summary>
            public static (Tensor output, Tensor indices) max_pool2d_with_indices(Tensor input, long[] kernel_size, long[]? strides = null, long[]? padding = null, long[]? dilation = null, bool ceil_mode = false) =>
                Operations.MaxPool(input, MaxPoolShape(input.Layout, kernel_size, strides, padding, dilation, ceil_mode));

            internal static PoolShape MaxPoolShape(Layout input, long[] kernel_size, long[]? strides, long[]? padding, long[]? dilation, bool ceil_mode)
            {
                long[] kernel = Pair(kernel_size, 1);
                return Operations.PoolShapeOf(input, kernel, strides is null or [] ? kernel : Pair(strides, 1), Pair(padding, 0), Pair(dilation, 1), ceil_mode, "max_pool2d");
            }

            public static Tensor avg_pool1d(Tensor input, long kernel_size, long? stride = null, long? padding = null, bool ceil_mode = false, bool count_include_pad = true)
            {
                if (input.Layout.Rank is not (2 or 3))
                    throw new ExternalException($"avg_pool1d() Expected 2D or 3D input tensor, but got {input.Layout}");
                using var scope = DisposeScope.ForTemporaries();
                return scope.MoveToOuter(avg_pool2d(input.unsqueeze(-2), [1, kernel_size], [1, stride ?? kernel_size], [0, padding ?? 0], ceil_mode, count_include_pad).squeeze(-2));
            }

            public static Tensor avg_pool2d(Tensor input, long kernel_size, long? stride = null, long padding = 0, bool ceil_mode = false, bool count_include_pad = true, long? divisor_override = null) =>
                avg_pool2d(input, Twice(kernel_size), stride is { } s ? Twice(s) : null, Twice(padding), ceil_mode, count_include_pad, divisor_override);

            public static Tensor avg_pool2d(Tensor input, (long, long) kernel_size, (long, long)? stride = null, (long, long)? padding = null, bool ceil_mode = false, bool count_include_pad = true, long? divisor_override = null) =>
                avg_pool2d(input, Array(kernel_size)!, Array(stride), Array(padding), ceil_mode, count_include_pad, divisor_override);

            public static Tensor avg_pool2d(Tensor input, long[] kernel_size, long[]? stride = null, long[]? padding = null, bool ceil_mode = false, bool count_include_pad = true, long? divisor_override = null)
            {
                long[] kernel = Pair(kernel_size, 1);
                if (divisor_override == 0)
                    throw new ExternalException("divisor must be not zero");
                var shape = Operations.PoolShapeOf(input.Layout, kernel, stride is null or [] ? kernel : Pair(stride, 1), Pair(padding, 0), [1, 1], ceil_mode, "avg_pool2d");
                return Operations.AvgPool(input, shape, count_include_pad, divisor_override ?? 0);
            }

            public static Tensor adaptive_avg_pool1d(Tensor input, long output_size)
            {
                using var scope = DisposeScope.ForTemporaries();
                return scope.MoveToOuter(Operations.AdaptiveAvgPool(input.unsqueeze(-2), 1, output_size).squeeze(-2));
            }

            public static Tensor adaptive_avg_pool2d(Tensor input, long output_size) => Operations.AdaptiveAvgPool(input, output_size, output_size);

            public static Tensor adaptive_avg_pool2d(Tensor input, (long, long) output_size) => Operations.AdaptiveAvgPool(input, output_size.Item1, output_size.Item2);

            public static Tensor adaptive_avg_pool2d(Tensor input, long[] output_size) => Operations.AdaptiveAvgPool(input, Pair(output_size, 1)[0], Pair(output_size, 1)[1]);

            public static Tensor adaptive_max_pool1d(Tensor input, long output_size) => Compose(() => adaptive_max_pool1d_with_indices(input, output_size).Values);

            public static (Tensor Values, Tensor Indices) adaptive_max_pool1d_with_indices(Tensor input, long output_size)
            {
                using var scope = DisposeScope.ForTemporaries();
                var (values, indices) = Operations.AdaptiveMaxPool(input.unsqueeze(-2), 1, output_size);
                return scope.MoveToOuter(values.squeeze(-2), indices.squeeze(-2));
            }

            public static Tensor adaptive_max_pool2d(Tensor input, long[] output_size) => Compose(() => adaptive_max_pool2d_with_indices(input, output_size).Values);

            public static (Tensor Values, Tensor Indices) adaptive_max_pool2d_with_indices(Tensor input, long[] output_size) =>
                Operations.AdaptiveMaxPool(input, Pair(output_size, 1)[0], Pair(output_size, 1)[1]);

            /// <summary>(Σ xᵖ)^(1/p) over each window.</summary>
            public static Tensor lp_pool1d(Tensor input, double norm_type, long kernel_size, long? stride = null, bool ceil_mode = false)
            {
                using var scope = DisposeScope.ForTemporaries();
                return scope.MoveToOuter(Root(avg_pool1d(input.pow(norm_type), kernel_size, stride, 0, ceil_mode), norm_type, kernel_size));
            }

            public static Tensor lp_pool2d(Tensor input, double norm_type, long kernel_size, long? stride = null, bool ceil_mode = false) =>
                lp_pool2d(input, norm_type, [kernel_size], stride is { } s ? [s] : null, ceil_mode);

            public static Tensor lp_pool2d(Tensor input, double norm_type, long[] kernel_size, long[]? stride = null, bool ceil_mode = false)
            {
                using var scope = DisposeScope.ForTemporaries();
                long[] kernel = Pair(kernel_size, 1);
                return scope.MoveToOuter(Root(avg_pool2d(input.pow(norm_type), kernel, stride, null, ceil_mode), norm_type, kernel[0] * kernel[1]));
            }

            private static Tensor Root(Tensor mean, double p, long count) => (mean.sign() * mean.abs().relu() * count).pow(1 / p);

            private static long[]? Array((long, long)? pair) => pair is { } p ? [p.Item1, p.Item2] : null;
        }
    }
}
