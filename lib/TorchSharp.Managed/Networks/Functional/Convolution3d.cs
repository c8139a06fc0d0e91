using System.Runtime.InteropServices;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            /// <summary>
            /// Shapes [batch, in, depth, height, width] or without the batch; weight [out, in/groups, kernel depth, height, width]. The sum over
            /// the kernel's depth of two-dimensional convolutions, all depths of the output at once.
            /// </summary>
            public static Tensor conv3d(Tensor input, Tensor weight, Tensor? bias = null, long[]? strides = null, long[]? padding = null, long[]? dilation = null, long groups = 1)
            {
                RequireRank("conv3d", input, weight, 5);
                if (input.Layout.Rank == 4)
                    return Unbatched(input, x => conv3d(x, weight, bias, strides, padding, dilation, groups));
                long[] s = Triple(strides, 1), p = Triple(padding, 0), d = Triple(dilation, 1);
                RequirePositive("conv3d", s, d);
                long kernel = weight.Layout.Shape[2], depth = OutputSize("conv3d", input, weight, 2, kernel, s[0], p[0], d[0]);
                using var scope = DisposeScope.ForTemporaries();
                var x = p[0] == 0 ? input : pad(input, [0, 0, 0, 0, p[0], p[0]]);
                Tensor? y = null;
                for (long k = 0; k < kernel; k++)
                {
                    var slices = x.slice(2, k * d[0], k * d[0] + (depth - 1) * s[0] + 1, s[0]).transpose(1, 2);
                    var part = conv2d(slices.flatten(0, 1), weight.select(2, k), k == 0 ? bias : null, s[1..], p[1..], d[1..], groups);
                    y = y is null ? part : y + part;
                }
                return scope.MoveToOuter(y!.unflatten(0, [input.Layout.Shape[0], depth]).transpose(1, 2).contiguous());
            }

            /// <summary>With padding Same the output is as large as the input: where the padding is odd, the extra one lies at the end.</summary>
            public static Tensor conv3d_padding(Tensor input, Tensor weight, Tensor? bias = null, long[]? strides = null, Padding padding = Padding.Valid, long[]? dilation = null, long groups = 1)
            {
                if (padding == Padding.Valid)
                    return conv3d(input, weight, bias, strides, null, dilation, groups);
                RequireRank("conv3d", input, weight, 5);
                if (Triple(strides, 1) is not [1, 1, 1])
                    throw new ExternalException("padding='same' is not supported for strided convolutions");
                long[] d = Triple(dilation, 1);
                long[] around = new long[6];
                for (int i = 0; i < 3; i++)
                {
                    long total = d[i] * (weight.Layout.Shape[2 + i] - 1);
                    (around[4 - 2 * i], around[5 - 2 * i]) = (total / 2, total - total / 2);
                }
                using var padded = pad(input, around).AsTemporary();
                return conv3d(padded, weight, bias, null, null, dilation, groups);
            }

            /// <summary>The convolution that spreads: weight [in, out/groups, kernel depth, height, width].</summary>
            public static Tensor conv_transpose3d(Tensor input, Tensor weight, Tensor? bias = null, long[]? strides = null, long[]? padding = null, long[]? output_padding = null, long[]? dilation = null, long groups = 1)
            {
                RequireRank("conv_transpose3d", input, weight, 5);
                if (input.Layout.Rank == 4)
                    return Unbatched(input, x => conv_transpose3d(x, weight, bias, strides, padding, output_padding, dilation, groups));
                long[] s = Triple(strides, 1), p = Triple(padding, 0), extra = Triple(output_padding, 0), d = Triple(dilation, 1);
                RequirePositive("conv_transpose3d", s, d);
                if (extra[0] >= Math.Max(s[0], d[0]))
                    throw new ExternalException($"output padding must be smaller than either stride or dilation, but got output_padding {Layout.Text(extra)}, stride {Layout.Text(s)}, dilation {Layout.Text(d)}");
                long depth = input.Layout.Shape[2], kernel = weight.Layout.Shape[2], whole = (depth - 1) * s[0] + d[0] * (kernel - 1) + 1 + extra[0];
                if (whole - 2 * p[0] <= 0)
                    throw new ExternalException($"Calculated output depth {whole - 2 * p[0]} is too small (conv_transpose3d, input {input.Layout}, weight {weight.Layout})");
                using var scope = DisposeScope.ForTemporaries();
                var slices = input.transpose(1, 2).flatten(0, 1);
                Tensor? y = null;
                for (long k = 0; k < kernel; k++)
                {
                    var part = conv_transpose2d(slices, weight.select(2, k), null, s[1..], p[1..], extra[1..], d[1..], groups).unflatten(0, [input.Layout.Shape[0], depth]);
                    y ??= zeros([part.Layout.Shape[0], whole, .. part.Layout.Shape[2..]], input.dtype, input.device);
                    y = y.index_add(1, arange(k * d[0], k * d[0] + (depth - 1) * s[0] + 1, s[0], device: part.device), part, 1);
                }
                y = y!.slice(1, p[0], whole - p[0], 1).transpose(1, 2);
                return scope.MoveToOuter(bias is null ? y.contiguous() : y + bias.view(1, -1, 1, 1, 1));
            }

            private static void RequirePositive(string name, long[] strides, long[] dilation)
            {
                if (strides.Any(step => step <= 0))
                    throw new ExternalException($"non-positive stride is not supported ({name}: {Layout.Text(strides)})");
                if (dilation.Any(step => step <= 0))
                    throw new ExternalException($"dilation should be greater than zero ({name}: {Layout.Text(dilation)})");
            }

            private static long OutputSize(string name, Tensor input, Tensor weight, int dim, long kernel, long stride, long padding, long dilation)
            {
                long span = input.Layout.Shape[dim] + 2 * padding - dilation * (kernel - 1) - 1;
                return span >= 0 ? span / stride + 1
                    : throw new ExternalException($"{name}: the kernel reaches over {dilation * (kernel - 1) + 1} elements at dimension {dim}, and the padded input has {input.Layout.Shape[dim] + 2 * padding} (input {input.Layout}, weight {weight.Layout})");
            }

            /// <summary>Three values: given, one for all, or the usual one.</summary>
            internal static long[] Triple(long[]? values, long usual) => values switch
            {
                null or [] => [usual, usual, usual],
                [var one] => [one, one, one],
                [_, _, _] => values,
                _ => throw new ExternalException($"expected one or three values for three dimensions, got {Layout.Text(values)}"),
            };
        }
    }
}
