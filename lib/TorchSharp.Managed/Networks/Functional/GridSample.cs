using System.Runtime.InteropServices;

namespace TorchSharp;

public static partial class torch
{
    public enum GridSampleMode
    {
        Nearest = 0,
        Bilinear = 2,
    }

    public enum GridSamplePaddingMode
    {
        Zeros = 0,
        Reflection = 1,
        Border = 2,
    }

    public static partial class nn
    {
        public static partial class functional
        {
            /// <summary>
            /// Where each pixel of an output [batch, channels, height, width] looks in the input, x and y in [−1, 1]: [batch, height, width, 2].
            /// The corners of the output, mapped by the matrices theta [batch, 2, 3] (spatial transformer networks, Jaderberg et al., 2015).
            /// </summary>
            public static Tensor affine_grid(Tensor theta, long[]? size = null, bool align_corners = false)
            {
                if (size is not [_, _, _, _])
                    throw new NotSupportedException($"affine_grid: the managed engine has it for sizes [batch, channels, height, width], got {(size is null ? "none" : Layout.Text(size))}");
                if (theta.Layout.Rank != 3 || theta.shape[0] != size[0] || theta.shape[1] != 2 || theta.shape[2] != 3)
                    throw new ExternalException($"Expected a batch of 2D affine matrices of shape [{size[0]}, 2, 3] for size {Layout.Text(size)}. Got {theta.Layout}.");
                using var scope = DisposeScope.ForTemporaries();
                Tensor Axis(long n) => linspace(-1, 1, n, theta.dtype, theta.device) * (align_corners ? 1 : (n - 1.0) / n) * (n > 1 ? 1 : 0);
                Tensor x = Axis(size[3]).expand(size[2], size[3]), y = Axis(size[2]).unsqueeze(-1).expand(size[2], size[3]);
                var corners = stack([x, y, ones_like(x)], -1).view(1, -1, 3).expand(size[0], -1, 3);
                return scope.MoveToOuter(corners.bmm(theta.transpose(1, 2)).view(size[0], size[2], size[3], 2));
            }

            /// <summary>
            /// The input [batch, channels, height, width] at the points of a grid [batch, out height, out width, 2]: x and y in [−1, 1], between
            /// pixels the weighted mean of the four around, or the nearest one. Differentiable in the input and, when bilinear, in the grid.
            /// </summary>
            public static Tensor grid_sample(Tensor input, Tensor grid, GridSampleMode mode = GridSampleMode.Bilinear, GridSamplePaddingMode padding_mode = GridSamplePaddingMode.Zeros, bool? align_corners = null)
            {
                if (input.Layout.Rank != 4)
                    throw new NotSupportedException($"grid_sample: the managed engine has it for inputs [batch, channels, height, width], got {input.Layout}");
                if (grid.Layout.Rank != 4 || grid.shape[3] != 2 || grid.shape[0] != input.shape[0])
                    throw new ExternalException($"grid_sample(): expected grid of shape [{input.shape[0]}, height, width, 2] for input {input.Layout}, but got {grid.Layout}");
                using var scope = DisposeScope.ForTemporaries();
                long height = input.shape[2], width = input.shape[3];
                Tensor x = Pixel(grid.select(-1, 0), width, padding_mode, align_corners ?? false), y = Pixel(grid.select(-1, 1), height, padding_mode, align_corners ?? false);
                if (mode == GridSampleMode.Nearest)
                    return scope.MoveToOuter(At(input, x.detach().round(), y.detach().round()));
                Tensor left = x.detach().floor(), top = y.detach().floor(), right = x - left, bottom = y - top;
                Tensor Corner(int dx, int dy)
                {
                    var weight = (dx == 0 ? 1 - right : right) * (dy == 0 ? 1 - bottom : bottom);
                    return At(input, left + dx, top + dy) * weight.unsqueeze(1);
                }
                return scope.MoveToOuter(Corner(0, 0) + Corner(1, 0) + Corner(0, 1) + Corner(1, 1));
            }

            /// <summary>From [−1, 1] to pixels; without aligned corners −1 and 1 are the outer edges of the first and last pixel.</summary>
            private static Tensor Pixel(Tensor at, long size, GridSamplePaddingMode padding, bool alignCorners)
            {
                var pixel = alignCorners ? (at + 1) * ((size - 1) / 2.0) : ((at + 1) * size - 1) / 2;
                if (padding == GridSamplePaddingMode.Reflection)
                {
                    // A triangle wave between the first and the last pixel, or between their outer edges.
                    double low = alignCorners ? 0 : -0.5, span = alignCorners ? size - 1 : size;
                    if (span == 0)
                        return torch.zeros_like(pixel);
                    var distance = (pixel - low).abs();
                    var flips = (distance.detach() / span).floor();
                    var rest = distance - flips * span;
                    pixel = torch.where(flips.remainder(2).eq(0), rest + low, span - rest + low);
                }
                return padding == GridSamplePaddingMode.Zeros ? pixel : pixel.clamp(0, size - 1);
            }

            /// <summary>The pixels at whole coordinates, zero outside: [batch, channels, out height, out width].</summary>
            private static Tensor At(Tensor input, Tensor x, Tensor y)
            {
                long batch = input.shape[0], channels = input.shape[1], height = input.shape[2], width = input.shape[3];
                var inside = (x.ge(0) & x.lt(width) & y.ge(0) & y.lt(height)).unsqueeze(1);
                var flat = (y.clamp(0, height - 1) * width + x.clamp(0, width - 1)).to_type(ScalarType.Int64);
                var places = flat.view(batch, 1, -1).expand(batch, channels, -1);
                var pixels = input.flatten(2).gather(2, places).view(batch, channels, x.shape[1], x.shape[2]);
                return pixels * inside.to_type(input.dtype);
            }
        }
    }
}
