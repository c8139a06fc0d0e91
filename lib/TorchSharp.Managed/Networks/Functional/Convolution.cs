using System.Runtime.InteropServices;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            /// <summary>x·Wᵀ + b over the last dimension. Shapes [*, in], [out, in], [out].</summary>
            public static Tensor linear(Tensor input, Tensor weights, Tensor? bias = null) =>
                bias is null || bias.dim() == 1 ? Operations.Linear(input, weights, bias) : LinearBroadcast(input, weights, bias);

            private static Tensor LinearBroadcast(Tensor input, Tensor weights, Tensor bias) => Compose(() =>
            {
                var product = Operations.Linear(input, weights, null);
                return product + bias.expand(product.shape);
            });

            /// <summary>Shapes [batch, in, length] or [in, length]; weight [out, in/groups, kernel].</summary>
            public static Tensor conv1d(Tensor input, Tensor weight, Tensor? bias = null, long? stride = null, long? padding = null, long? dilation = null, long groups = 1)
            {
                RequireRank("conv1d", input, weight, 3);
                using var scope = DisposeScope.ForTemporaries();
                var y = conv2d(input.unsqueeze(-2), weight.unsqueeze(-2), bias, [1, stride ?? 1], [0, padding ?? 0], [1, dilation ?? 1], groups);
                return scope.MoveToOuter(y.squeeze(-2));
            }

            public static Tensor conv1d_padding(Tensor input, Tensor weight, Tensor? bias = null, long? stride = null, Padding padding = Padding.Valid, long? dilation = null, long groups = 1)
            {
                if (padding == Padding.Valid)
                    return conv1d(input, weight, bias, stride, 0, dilation, groups);
                RequireRank("conv1d", input, weight, 3);
                using var scope = DisposeScope.ForTemporaries();
                var y = conv2d_padding(input.unsqueeze(-2), weight.unsqueeze(-2), bias, [1, stride ?? 1], padding, [1, dilation ?? 1], groups);
                return scope.MoveToOuter(y.squeeze(-2));
            }

            /// <summary>Shapes [batch, in, height, width] or [in, height, width]; weight [out, in/groups, kernel height, kernel width].</summary>
            public static Tensor conv2d(Tensor input, Tensor weight, Tensor? bias = null, long[]? strides = null, long[]? padding = null, long[]? dilation = null, long groups = 1)
            {
                RequireRank("conv2d", input, weight, 4);
                if (input.Layout.Rank == 3)
                {
                    using var batch = input.unsqueeze(0).AsTemporary();
                    using var images = conv2d(batch, weight, bias, strides, padding, dilation, groups).AsTemporary();
                    return images.squeeze(0);
                }
                var shape = Operations.ConvShapeOf(input, weight, bias, Pair(strides, 1), Pair(padding, 0), Pair(dilation, 1), groups);
                return Operations.Conv(input, weight, bias, shape);
            }

            /// <summary>With padding Same the output is as large as the input: where the padding is odd, the extra one lies at the end.</summary>
            public static Tensor conv2d_padding(Tensor input, Tensor weight, Tensor? bias = null, long[]? strides = null, Padding padding = Padding.Valid, long[]? dilation = null, long groups = 1)
            {
                if (padding == Padding.Valid)
                    return conv2d(input, weight, bias, strides, null, dilation, groups);
                RequireRank("conv2d", input, weight, 4);
                if (Pair(strides, 1) is not [1, 1])
                    throw new ExternalException("padding='same' is not supported for strided convolutions");
                long[] d = Pair(dilation, 1);
                long height = d[0] * (weight.Layout.Shape[2] - 1), width = d[1] * (weight.Layout.Shape[3] - 1);
                if (height % 2 == 0 && width % 2 == 0)
                    return conv2d(input, weight, bias, null, [height / 2, width / 2], dilation, groups);
                using var padded = pad(input, [width / 2, width - width / 2, height / 2, height - height / 2]).AsTemporary();
                return conv2d(padded, weight, bias, null, null, dilation, groups);
            }

            public static Tensor conv_transpose1d(Tensor input, Tensor weight, Tensor? bias = null, long? stride = null, long? padding = null, long? output_padding = null, long? dilation = null, long groups = 1)
            {
                RequireRank("conv_transpose1d", input, weight, 3);
                using var scope = DisposeScope.ForTemporaries();
                var y = conv_transpose2d(input.unsqueeze(-2), weight.unsqueeze(-2), bias, [1, stride ?? 1], [0, padding ?? 0], [0, output_padding ?? 0], [1, dilation ?? 1], groups);
                return scope.MoveToOuter(y.squeeze(-2));
            }

            /// <summary>The convolution that spreads: weight [in, out/groups, kernel height, kernel width].</summary>
            public static Tensor conv_transpose2d(Tensor input, Tensor weight, Tensor? bias = null, long[]? strides = null, long[]? padding = null, long[]? output_padding = null, long[]? dilation = null, long groups = 1)
            {
                RequireRank("conv_transpose2d", input, weight, 4);
                if (input.Layout.Rank == 3)
                    return Unbatched(input, x => conv_transpose2d(x, weight, bias, strides, padding, output_padding, dilation, groups));
                return Operations.ConvTranspose(input, weight, bias, Pair(strides, 1), Pair(padding, 0), Pair(output_padding, 0), Pair(dilation, 1), groups);
            }

            private static void RequireRank(string name, Tensor input, Tensor weight, int rank)
            {
                if (weight.Layout.Rank != rank)
                    throw new ExternalException($"{name}: expected {rank}-dimensional weight, but got weight of size {weight.Layout}");
                if (input.Layout.Rank != rank && input.Layout.Rank != rank - 1)
                    throw new ExternalException($"Expected {rank - 1}D (unbatched) or {rank}D (batched) input to {name}, but got input of size: {input.Layout}");
            }

            private static Tensor Unbatched(Tensor input, Func<Tensor, Tensor> f)
            {
                using var batch = input.unsqueeze(0).AsTemporary();
                using var y = f(batch).AsTemporary();
                return y.squeeze(0);
            }

            // Read only, so that the usual sizes are there already.
            private static readonly long[][] SmallPairs = [.. Enumerable.Range(0, 8).Select(value => new long[] { value, value })];

            private static long[] Twice(long value) => value >= 0 && value < SmallPairs.Length ? SmallPairs[value] : [value, value];

            /// <summary>Two values: given, one for both, or the usual one.</summary>
            internal static long[] Pair(long[]? values, long usual) => values switch
            {
                null or [] => Twice(usual),
                [var one] => Twice(one),
                [_, _] => values,
                _ => throw new ExternalException($"expected one or two values for two dimensions, got {Layout.Text(values)}"),
            };
        }
    }
}
