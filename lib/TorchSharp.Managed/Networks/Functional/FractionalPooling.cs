using TorchSharp.Modules;

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            // Maxima over windows that lie at random distances, so that the size shrinks by any ratio. Graham, 2014.
            public static FractionalMaxPool2d FractionalMaxPool2d(long kernel_size, long? output_size = null, double? output_ratio = null) =>
                new(FractionalWindows.Repeat(kernel_size, 2), FractionalWindows.Repeat(output_size, 2), FractionalWindows.Repeat(output_ratio, 2));

            public static FractionalMaxPool2d FractionalMaxPool2d((long, long) kernel_size, (long, long)? output_size = null, (double, double)? output_ratio = null) =>
                new([kernel_size.Item1, kernel_size.Item2], output_size is { } size ? [size.Item1, size.Item2] : null, output_ratio is { } ratio ? [ratio.Item1, ratio.Item2] : null);

            public static FractionalMaxPool2d FractionalMaxPool2d(long[] kernel_size, long[]? output_size = null, double[]? output_ratio = null) => new(kernel_size, output_size, output_ratio);

            public static FractionalMaxPool3d FractionalMaxPool3d(long kernel_size, long? output_size = null, double? output_ratio = null) =>
                new(FractionalWindows.Repeat(kernel_size, 3), FractionalWindows.Repeat(output_size, 3), FractionalWindows.Repeat(output_ratio, 3));

            public static FractionalMaxPool3d FractionalMaxPool3d((long, long, long) kernel_size, (long, long, long)? output_size = null, (double, double, double)? output_ratio = null) =>
                new([kernel_size.Item1, kernel_size.Item2, kernel_size.Item3], output_size is { } size ? [size.Item1, size.Item2, size.Item3] : null, output_ratio is { } ratio ? [ratio.Item1, ratio.Item2, ratio.Item3] : null);

            public static FractionalMaxPool3d FractionalMaxPool3d(long[] kernel_size, long[]? output_size = null, double[]? output_ratio = null) => new(kernel_size, output_size, output_ratio);

            public static partial class functional
            {
                public static Tensor fractional_max_pool2d(Tensor input, long kernel_size, long? output_size = null, double? output_ratio = null) =>
                    Values(fractional_max_pool2d_with_indices(input, kernel_size, output_size, output_ratio));

                public static Tensor fractional_max_pool2d(Tensor input, (long, long) kernel_size, (long, long)? output_size = null, (double, double)? output_ratio = null) =>
                    Values(fractional_max_pool2d_with_indices(input, kernel_size, output_size, output_ratio));

                public static Tensor fractional_max_pool2d(Tensor input, long[] kernel_size, long[]? output_size = null, double[]? output_ratio = null) =>
                    Values(fractional_max_pool2d_with_indices(input, kernel_size, output_size, output_ratio));

                public static (Tensor Values, Tensor Indices) fractional_max_pool2d_with_indices(Tensor input, long kernel_size, long? output_size = null, double? output_ratio = null) =>
                    FractionalWindows.Pool(input, FractionalWindows.Repeat(kernel_size, 2), FractionalWindows.Repeat(output_size, 2), FractionalWindows.Repeat(output_ratio, 2));

                public static (Tensor Values, Tensor Indices) fractional_max_pool2d_with_indices(Tensor input, (long, long) kernel_size, (long, long)? output_size = null, (double, double)? output_ratio = null) =>
                    FractionalWindows.Pool(input, [kernel_size.Item1, kernel_size.Item2], output_size is { } size ? [size.Item1, size.Item2] : null, output_ratio is { } ratio ? [ratio.Item1, ratio.Item2] : null);

                /// <summary>[N, C, H, W] or [C, H, W]: the maxima, and where in its plane each lies.</summary>
                /// <exception cref="ArgumentNullException">Neither an output size nor its ratio to the input's is given, or both.</exception>
                public static (Tensor Values, Tensor Indices) fractional_max_pool2d_with_indices(Tensor input, long[] kernel_size, long[]? output_size = null, double[]? output_ratio = null) =>
                    FractionalWindows.Pool(input, kernel_size, output_size, output_ratio);

                public static Tensor fractional_max_pool3d(Tensor input, long kernel_size, long? output_size = null, double? output_ratio = null) =>
                    Values(fractional_max_pool3d_with_indices(input, kernel_size, output_size, output_ratio));

                public static Tensor fractional_max_pool3d(Tensor input, (long, long, long) kernel_size, (long, long, long)? output_size = null, (double, double, double)? output_ratio = null) =>
                    Values(fractional_max_pool3d_with_indices(input, kernel_size, output_size, output_ratio));

                public static Tensor fractional_max_pool3d(Tensor input, long[] kernel_size, long[]? output_size = null, double[]? output_ratio = null) =>
                    Values(fractional_max_pool3d_with_indices(input, kernel_size, output_size, output_ratio));

                public static (Tensor Values, Tensor Indices) fractional_max_pool3d_with_indices(Tensor input, long kernel_size, long? output_size = null, double? output_ratio = null) =>
                    FractionalWindows.Pool(input, FractionalWindows.Repeat(kernel_size, 3), FractionalWindows.Repeat(output_size, 3), FractionalWindows.Repeat(output_ratio, 3));

                public static (Tensor Values, Tensor Indices) fractional_max_pool3d_with_indices(Tensor input, (long, long, long) kernel_size, (long, long, long)? output_size = null, (double, double, double)? output_ratio = null) =>
                    FractionalWindows.Pool(input, [kernel_size.Item1, kernel_size.Item2, kernel_size.Item3], output_size is { } size ? [size.Item1, size.Item2, size.Item3] : null,
                        output_ratio is { } ratio ? [ratio.Item1, ratio.Item2, ratio.Item3] : null);

                /// <summary>[N, C, T, H, W] or [C, T, H, W]: the maxima, and where in its volume each lies.</summary>
                /// <exception cref="ArgumentNullException">Neither an output size nor its ratio to the input's is given, or both.</exception>
                public static (Tensor Values, Tensor Indices) fractional_max_pool3d_with_indices(Tensor input, long[] kernel_size, long[]? output_size = null, double[]? output_ratio = null) =>
                    FractionalWindows.Pool(input, kernel_size, output_size, output_ratio);

                private static Tensor Values((Tensor Values, Tensor Indices) both)
                {
                    both.Indices.Discard();
                    return both.Values;
                }
            }
        }
    }

    internal static class FractionalWindows
    {
        internal static long[] Repeat(long value, int count) => [.. Enumerable.Repeat(value, count)];

        internal static T[]? Repeat<T>(T? value, int count) where T : struct => value is { } known ? [.. Enumerable.Repeat(known, count)] : null;

        internal static void Check(long[]? size, double[]? ratio)
        {
            if ((size is null) == (ratio is null))
                throw new ArgumentNullException(nameof(size), "fractional max pooling takes either an output size or an output ratio, and not both");
        }

        internal static (torch.Tensor, torch.Tensor) Pool(torch.Tensor x, long[] kernel, long[]? size, double[]? ratio)
        {
            Check(size, ratio);
            int rank = kernel.Length, first = (int)x.dim() - rank;
            if (first is < 1 or > 2)
                throw new System.Runtime.InteropServices.ExternalException($"fractional_max_pool{rank}d(): Expected {rank + 1}D or {rank + 2}D tensor, got shape {x.Layout}");
            using var scope = DisposeScope.ForTemporaries();
            long[] shape = x.shape, input = shape[first..], output = size ?? [.. input.Zip(ratio!, (n, r) => (long)(n * r))];
            for (int d = 0; d < rank; d++)
                if (output[d] + kernel[d] - 1 > input[d])
                    throw new System.Runtime.InteropServices.ExternalException($"fractional_max_pool{rank}d(): {output[d]} windows of {kernel[d]} do not fit into the input's {input[d]} at dimension {first + d} of {x.Layout}");
            long batch = first == 2 ? shape[0] : 1, channels = shape[first - 1], planes = batch * channels, plane = Layout.CountOf(input), windows = Layout.CountOf(output);
            double[] samples = torch.rand([batch, channels, rank], x.dtype).Doubles(), values = x.detach().Doubles();
            long[] indices = new long[planes * windows];
            for (long p = 0; p < planes; p++)
            {
                // libtorch gives the first number to the last dimension in two dimensions, and to the first one in three.
                long[][] starts = [.. Enumerable.Range(0, rank).Select(d => Starts(samples[p * rank + (rank == 2 ? 1 - d : d)], input[d], output[d], kernel[d], x.dtype))];
                for (long w = 0; w < windows; w++)
                    indices[p * windows + w] = Largest(values.AsSpan((int)(p * plane), (int)plane), w, starts, input, output, kernel);
            }
            var at = torch.tensor(indices, [planes, windows], torch.ScalarType.Int64, x.device);
            var found = x.reshape(planes, plane).gather(1, at);
            long[] result = [.. shape[..first], .. output];
            return scope.MoveToOuter(found.reshape(result), at.reshape(result));
        }

        /// <summary>⌊(i + u)·α⌋ − ⌊u·α⌋ with α = (input − kernel)/(output − 1); the last window ends with the input.</summary>
        private static long[] Starts(double u, long input, long output, long kernel, torch.ScalarType type)
        {
            double alpha = output > 1 ? (double)(input - kernel) / (output - 1) : 0;
            long Floor(double i) => type == torch.ScalarType.Float32 ? (long)(((float)i + (float)u) * (float)alpha) : (long)((i + u) * alpha);
            return [.. Enumerable.Range(0, (int)output).Select(i => i == output - 1 ? input - kernel : Floor(i) - Floor(0))];
        }

        /// <summary>Where in its plane the largest number of a window lies; NaN counts as the largest.</summary>
        private static long Largest(ReadOnlySpan<double> plane, long window, long[][] starts, long[] input, long[] output, long[] kernel)
        {
            long[] corner = new long[output.Length];
            for (int d = output.Length - 1; d >= 0; d--)
                (corner[d], window) = (starts[d][window % output[d]], window / output[d]);
            long best = -1, count = Layout.CountOf(kernel);
            for (long k = 0; k < count; k++)
            {
                long at = 0, rest = k, stride = 1;
                for (int d = output.Length - 1; d >= 0; d--)
                {
                    at += (corner[d] + rest % kernel[d]) * stride;
                    (rest, stride) = (rest / kernel[d], stride * input[d]);
                }
                if (best < 0 || plane[(int)at] > plane[(int)best] || double.IsNaN(plane[(int)at]))
                    best = at;
            }
            return best;
        }
    }
}

namespace TorchSharp.Modules
{
    public sealed class FractionalMaxPool2d : ParameterLessModule<torch.Tensor, torch.Tensor>
    {
        public long[] kernel_size { get; set; }

        public long[]? output_size { get; set; }

        public double[]? output_ratio { get; set; }

        internal FractionalMaxPool2d(long[] kernel_size, long[]? output_size, double[]? output_ratio) : base(nameof(FractionalMaxPool2d))
        {
            FractionalWindows.Check(output_size, output_ratio);
            (this.kernel_size, this.output_size, this.output_ratio) = (kernel_size, output_size, output_ratio);
        }

        public override torch.Tensor forward(torch.Tensor input) => torch.nn.functional.fractional_max_pool2d(input, kernel_size, output_size, output_ratio);

        public (torch.Tensor Values, torch.Tensor Indices) forward_with_indices(torch.Tensor input) =>
            torch.nn.functional.fractional_max_pool2d_with_indices(input, kernel_size, output_size, output_ratio);
    }

    public sealed class FractionalMaxPool3d : ParameterLessModule<torch.Tensor, torch.Tensor>
    {
        public long[] kernel_size { get; set; }

        public long[]? output_size { get; set; }

        public double[]? output_ratio { get; set; }

        internal FractionalMaxPool3d(long[] kernel_size, long[]? output_size, double[]? output_ratio) : base(nameof(FractionalMaxPool3d))
        {
            FractionalWindows.Check(output_size, output_ratio);
            (this.kernel_size, this.output_size, this.output_ratio) = (kernel_size, output_size, output_ratio);
        }

        public override torch.Tensor forward(torch.Tensor input) => torch.nn.functional.fractional_max_pool3d(input, kernel_size, output_size, output_ratio);

        public (torch.Tensor Values, torch.Tensor Indices) forward_with_indices(torch.Tensor input) =>
            torch.nn.functional.fractional_max_pool3d_with_indices(input, kernel_size, output_size, output_ratio);
    }
}
