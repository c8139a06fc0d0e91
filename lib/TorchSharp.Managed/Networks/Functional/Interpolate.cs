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

    public enum UpsampleMode
    {
        Nearest = 0,
        Linear = 1,
        Bilinear = 2,
        Bicubic = 3,
        Trilinear = 4,
    }

    public static partial class nn
    {
        public static partial class functional
        {
            /// <summary>
            /// Another size along all dimensions after the second (one to three of them): each new element is a weighted mean of old ones
            /// along each dimension, which is a product with a matrix of weights.
            /// </summary>
            public static Tensor interpolate(Tensor x, long[]? size = null, double[]? scale_factor = null, InterpolationMode mode = InterpolationMode.Nearest, bool? align_corners = null, bool recompute_scale_factor = false, bool antialias = false)
            {
                int spatial = x.Layout.Rank - 2;
                if ((size is null) == (scale_factor is null))
                    throw new ExternalException("only one of size or scale_factor should be defined");
                int? needed = mode switch { InterpolationMode.Linear => 1, InterpolationMode.Bilinear or InterpolationMode.Bicubic => 2, InterpolationMode.Trilinear => 3, _ => null };
                if (spatial is < 1 or > 3 || (needed ?? spatial) != spatial)
                    throw new ExternalException($"interpolate with mode {mode} expects an input [batch, channels, {(needed is null ? "one to three sizes" : $"{needed} sizes")}], got shape {x.Layout}");
                if (antialias && mode is not (InterpolationMode.Bilinear or InterpolationMode.Bicubic))
                    throw new ExternalException("Anti-alias option is only supported for bilinear and bicubic modes");
                using var scope = DisposeScope.ForTemporaries();
                // Means of bytes are rounded once, at the end.
                if (x.dtype == ScalarType.Byte && mode is not (InterpolationMode.Nearest or InterpolationMode.NearestExact))
                    return scope.MoveToOuter(interpolate(x.to(ScalarType.Float32), size, scale_factor, mode, align_corners, recompute_scale_factor, antialias).round().clamp(0, 255).to(x.dtype));
                var y = x;
                for (int k = 0; k < spatial; k++)
                {
                    long n = x.Layout.Shape[2 + k];
                    double? scale = scale_factor is null ? (double?)null : scale_factor.Length == 1 ? scale_factor[0] : scale_factor[k];
                    long m = size is null ? (long)Math.Floor(n * scale!.Value) : size.Length == 1 ? size[0] : size[k];
                    if (m <= 0 || n <= 0)
                        throw new ExternalException($"Input and output sizes should be greater than 0, but got input {x.Layout} and output size {m} at dimension {2 + k}");
                    double? given = recompute_scale_factor ? null : scale;
                    if (mode is InterpolationMode.Nearest or InterpolationMode.NearestExact)
                    {
                        y = y.index_select(2 + k, Nearest(n, m, given, mode == InterpolationMode.Nearest ? 0 : 0.5, x.device));
                        continue;
                    }
                    y = Operations.Along(y, 2 + k, antialias ? SmoothWeights(mode == InterpolationMode.Bicubic, n, m, given, align_corners ?? false, x)
                        : Weights(mode, n, m, given, align_corners ?? false, x));
                }
                return scope.MoveToOuter(ReferenceEquals(y, x) ? x.clone() : y);
            }

            /// <summary>Which of n old elements each of m new ones is.</summary>
            private static Tensor Nearest(long n, long m, double? scale, double offset, Device device)
            {
                long[] source = new long[m];
                double step = scale is { } s ? 1 / s : (double)n / m;
                for (long i = 0; i < m; i++)
                    source[i] = Math.Min((long)((i + offset) * step), n - 1);
                return tensor(source, device: device);
            }

            /// <summary>Row i: how much each of n old elements counts for new element i.</summary>
            private static Tensor Weights(InterpolationMode mode, long n, long m, double? scale, bool alignCorners, Tensor like)
            {
                double[] weights = new double[m * n];
                double step = scale is { } s ? 1 / s : (double)n / m;
                for (long i = 0; i < m; i++)
                    switch (mode)
                    {
                        case InterpolationMode.Area:
                            long from = i * n / m, to = ((i + 1) * n + m - 1) / m;
                            for (long k = from; k < to; k++)
                                weights[i * n + k] = 1.0 / (to - from);
                            break;
                        case InterpolationMode.Bicubic:
                            double centre = alignCorners ? (m > 1 ? i * (n - 1.0) / (m - 1) : 0) : (i + 0.5) * step - 0.5;
                            for (int tap = -1; tap <= 2; tap++)
                                weights[i * n + Math.Clamp((long)Math.Floor(centre) + tap, 0, n - 1)] += Cubic(Math.Abs(centre - Math.Floor(centre) - tap));
                            break;
                        default:
                            double at = alignCorners ? (m > 1 ? i * (n - 1.0) / (m - 1) : 0) : Math.Max((i + 0.5) * step - 0.5, 0);
                            long low = Math.Min((long)at, n - 1);
                            weights[i * n + low] += 1 - (at - low);
                            weights[i * n + Math.Min(low + 1, n - 1)] += at - low;
                            break;
                    }
                return Factories.FromArray(weights, [m, n], like.dtype, like.device, false);
            }

            /// <summary>The weight of an element at a distance up to 2 (Keys, 1981, with a = −0.75).</summary>
            private static double Cubic(double distance)
            {
                const double A = -0.75;
                return distance <= 1 ? ((A + 2) * distance - (A + 3)) * distance * distance + 1 : ((A * distance - 5 * A) * distance + 8 * A) * distance - 4 * A;
            }

            public static Tensor upsample(Tensor input, long[]? size = null, double[]? scale_factor = null, UpsampleMode mode = UpsampleMode.Nearest, bool align_corners = false) =>
                interpolate(input, size, scale_factor, (InterpolationMode)mode, align_corners);

            public static Tensor upsample_nearest(Tensor x, long[]? size = null, double[]? scale_factor = null, bool align_corners = false) => interpolate(x, size, scale_factor);

            public static Tensor upsample_bilinear(Tensor x, long[]? size = null, double[]? scale_factor = null, bool align_corners = false) =>
                interpolate(x, size, scale_factor, InterpolationMode.Bilinear, align_corners);

            public static Tensor upsample_nearest1d(Tensor input, long? outputSize, double? scaleFactor) =>
                interpolate(input, outputSize is { } size ? [size] : null, scaleFactor is { } factor ? [factor] : null);

            public static Tensor upsample_nearest2d(Tensor input, long[]? outputSizes = null, double[]? scaleFactors = null) => interpolate(input, outputSizes, scaleFactors);

            public static Tensor upsample_nearest3d(Tensor input, long[]? outputSizes = null, double[]? scaleFactors = null) => interpolate(input, outputSizes, scaleFactors);
        }
    }
}
