using System.Runtime.InteropServices;

namespace TorchSharp;

public static partial class torch
{
    public enum InterpolationMode
    {
        Nearest = 0,
        Linear = 1,
        Bilinear = 2,
        Bicubic = 3,
        Trilinear = 4,
        Area = 5,
        NearestExact = 6,
    }

    public static partial class nn
    {
        public static partial class functional
        {
            /// <summary>
            /// Another size along all dimensions after the second (one or two of them): each new element is a weighted mean of old ones along
            /// each dimension, which is a product with a matrix of weights.
            /// </summary>
            public static Tensor interpolate(Tensor x, long[]? size = null, double[]? scale_factor = null, InterpolationMode mode = InterpolationMode.Nearest, bool? align_corners = null, bool recompute_scale_factor = false, bool antialias = false)
            {
                var spatial = x.Layout.Rank - 2;
                if (spatial is not (1 or 2)) throw new NotSupportedException($"interpolate of an input of shape {x.Layout}: the managed engine has it for one and two spatial dimensions");
                if ((size is null) == (scale_factor is null)) throw new ExternalException("only one of size or scale_factor should be defined");
                if (antialias || mode is InterpolationMode.Bicubic or InterpolationMode.Trilinear) throw new NotSupportedException($"interpolate with mode {mode}{(antialias ? " and antialias" : "")} is not in the managed engine; build with -p:Engine=torchsharp-cpu to use it");
                using var scope = NewDisposeScope();
                var y = x;
                for (var k = 0; k < spatial; k++)
                {
                    var n = x.Layout.Shape[2 + k];
                    var scale = scale_factor is null ? (double?)null : scale_factor.Length == 1 ? scale_factor[0] : scale_factor[k];
                    var m = size is null ? (long)Math.Floor(n * scale!.Value) : size.Length == 1 ? size[0] : size[k];
                    if (m <= 0 || n <= 0) throw new ExternalException($"Input and output sizes should be greater than 0, but got input {x.Layout} and output size {m} at dimension {2 + k}");
                    var weights = Weights(mode, n, m, recompute_scale_factor ? null : scale, align_corners ?? false, x.dtype);
                    y = k == spatial - 1 ? y.matmul(weights.t()) : weights.matmul(y);
                }
                return scope.MoveToOuter(ReferenceEquals(y, x) ? x.clone() : y);
            }

            /// <summary>Row i: how much each of n old elements counts for new element i.</summary>
            private static Tensor Weights(InterpolationMode mode, long n, long m, double? scale, bool alignCorners, ScalarType type)
            {
                var weights = new double[m * n];
                var step = scale is { } s ? 1 / s : (double)n / m;
                for (long i = 0; i < m; i++)
                    switch (mode)
                    {
                        case InterpolationMode.Nearest:
                            weights[i * n + Math.Min((long)(i * step), n - 1)] = 1;
                            break;
                        case InterpolationMode.NearestExact:
                            weights[i * n + Math.Min((long)((i + 0.5) * step), n - 1)] = 1;
                            break;
                        case InterpolationMode.Area:
                            long from = i * n / m, to = ((i + 1) * n + m - 1) / m;
                            for (var k = from; k < to; k++) weights[i * n + k] = 1.0 / (to - from);
                            break;
                        default:
                            var at = alignCorners ? (m > 1 ? i * (n - 1.0) / (m - 1) : 0) : Math.Max((i + 0.5) * step - 0.5, 0);
                            var low = Math.Min((long)at, n - 1);
                            weights[i * n + low] += 1 - (at - low);
                            weights[i * n + Math.Min(low + 1, n - 1)] += at - low;
                            break;
                    }
                return Factories.FromArray(weights, [m, n], type, null, false);
            }

            /// <summary>Windows of an image as columns: [batch, channels·kernel height·kernel width, windows].</summary>
            public static Tensor unfold(Tensor input, (long, long) kernel_size, (long, long)? dilation = null, (long, long)? padding = null, (long, long)? stride = null)
            {
                if (input.Layout.Rank != 4) throw new ExternalException($"Expected a 4D (batch mode) input to unfold, got {input.Layout}");
                var ((kh, kw), (dh, dw), (ph, pw), (sh, sw)) = (kernel_size, dilation ?? (1, 1), padding ?? (0, 0), stride ?? (1, 1));
                using var scope = NewDisposeScope();
                var x = pad(input, [pw, pw, ph, ph]);
                var windows = x.unfold(2, dh * (kh - 1) + 1, sh).unfold(3, dw * (kw - 1) + 1, sw).slice(4, 0, long.MaxValue, dh).slice(5, 0, long.MaxValue, dw);
                return scope.MoveToOuter(windows.permute(0, 1, 4, 5, 2, 3).reshape(input.Layout.Shape[0], input.Layout.Shape[1] * kh * kw, -1));
            }

            public static Tensor unfold(Tensor input, long kernel_size, long dilation = 1, long padding = 0, long stride = 1) =>
                unfold(input, (kernel_size, kernel_size), (dilation, dilation), (padding, padding), (stride, stride));
        }
    }
}
