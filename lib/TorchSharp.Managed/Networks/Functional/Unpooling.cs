using System.Runtime.InteropServices;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            // Each value goes back to the place that max pooling took it from; everywhere else is zero.
            public static Tensor max_unpool1d(Tensor input, Tensor indices, long kernel_size, long? stride = null, long? padding = null, long[]? output_size = null) =>
                MaxUnpool("max_unpool1d", input, indices, [kernel_size], stride is { } s ? [s] : null, padding is { } p ? [p] : null, output_size);

            public static Tensor max_unpool2d(Tensor input, Tensor indices, long[] kernel_size, long[]? stride = null, long[]? padding = null, long[]? output_size = null) =>
                MaxUnpool("max_unpool2d", input, indices, Pair(kernel_size, 1), stride is null or [] ? null : Pair(stride, 1), Pair(padding, 0), output_size);

            public static Tensor max_unpool3d(Tensor input, Tensor indices, long[] kernel_size, long[]? stride = null, long[]? padding = null, long[]? output_size = null) =>
                MaxUnpool("max_unpool3d", input, indices, Triple(kernel_size, 1), stride is null or [] ? null : Triple(stride, 1), Triple(padding, 0), output_size);

            private static Tensor MaxUnpool(string name, Tensor input, Tensor indices, long[] kernel, long[]? stride, long[]? padding, long[]? outputSize)
            {
                int spatial = kernel.Length;
                if (!input.shape.AsSpan().SequenceEqual(indices.shape))
                    throw new ExternalException($"{name}: input {input.Layout} and indices {indices.Layout} must have the same shape");
                if (input.Layout.Rank != spatial + 1 && input.Layout.Rank != spatial + 2)
                    throw new ExternalException($"{name}: expected {spatial + 1} or {spatial + 2} dimensions, but got input {input.Layout}");
                long[] size = new long[spatial];
                for (int d = 0; d < spatial; d++)
                    size[d] = outputSize is { } given ? given[^(spatial - d)] : (input.shape[^(spatial - d)] - 1) * (stride ?? kernel)[d] - 2 * (padding?[d] ?? 0) + kernel[d];
                using var scope = DisposeScope.ForTemporaries();
                long[] lead = input.shape[..^spatial];
                var places = zeros([.. lead, Layout.CountOf(size)], input.dtype, input.device);
                var y = places.scatter(-1, indices.flatten(-spatial, -1), input.flatten(-spatial, -1));
                return scope.MoveToOuter(y.unflatten(-1, size));
            }
        }
    }
}
