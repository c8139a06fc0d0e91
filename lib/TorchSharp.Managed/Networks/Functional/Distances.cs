using System.Runtime.InteropServices;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        // Distances, similarities and other small compositions.
        public static partial class functional
        {
            /// <summary>‖x₁ − x₂ + ε‖ₚ along the last dimension.</summary>
            public static Tensor pairwise_distance(Tensor input1, Tensor input2, double p = 2.0, double eps = 1E-06, bool keepdim = false) => Compose(() =>
                VectorNorm((input1 - input2).add(eps), p, -1, keepdim));

            /// <summary>x₁·x₂ / (‖x₁‖ ‖x₂‖), each norm at least eps.</summary>
            public static Tensor cosine_similarity(Tensor x1, Tensor x2, long dim = 1, double eps = 1E-08)
            {
                using var scope = DisposeScope.ForTemporaries();
                long[] shape = Layout.Broadcast(x1.Layout, x2.Layout).Shape;
                (x1, x2) = (x1.expand(shape), x2.expand(shape));
                Tensor norm1 = VectorNorm(x1, 2, dim, true), norm2 = VectorNorm(x2, 2, dim, true);
                // The limit acts on the value only, as in gaussian_nll_loss.
                norm1 += (norm1.clamp_min(eps) - norm1).detach();
                norm2 += (norm2.clamp_min(eps) - norm2).detach();
                return scope.MoveToOuter((x1 / norm1 * (x2 / norm2)).sum(dim));
            }

            /// <summary>x / max(‖x‖ₚ, ε) along a dimension.</summary>
            public static Tensor normalize(Tensor input, double p = 2.0, long dim = 1, double eps = 1E-12) => Compose(() =>
                input / VectorNorm(input, p, dim, true).clamp_min(eps).expand_as(input));

            /// <summary>‖x‖ₚ along a dimension; its gradient at 0 is 0.</summary>
            internal static Tensor VectorNorm(Tensor x, double p, long dim, bool keepdim)
            {
                using var scope = DisposeScope.ForTemporaries();
                if (x.dtype.IsReduced())
                    return scope.MoveToOuter(VectorNorm(x.to(ScalarType.Float32), p, dim, keepdim).to(x.dtype));
                if (double.IsPositiveInfinity(p))
                    return scope.MoveToOuter(x.abs().amax([dim], keepdim));
                if (p == 1)
                    return scope.MoveToOuter(x.abs().sum(dim, keepdim));
                Tensor total = (p == 2 ? x.square() : x.abs().pow(p)).sum(dim, keepdim), positive = total.ne(0);
                var safe = torch.where(positive, total, torch.ones_like(total));
                return scope.MoveToOuter(torch.where(positive, p == 2 ? safe.sqrt() : safe.pow(1 / p), torch.zeros_like(total)));
            }

            /// <summary>y[…, k] = Σᵢⱼ x₁[…, i]·W[k, i, j]·x₂[…, j] + b[k].</summary>
            public static Tensor bilinear(Tensor input1, Tensor input2, Tensor weight, Tensor? bias = null)
            {
                foreach (var tensor in bias is null ? [input2, weight] : new[] { input2, weight, bias })
                    if (tensor.dtype != input1.dtype)
                        throw new ExternalException($"bilinear: all tensors must have the same dtype, got {input1.dtype} and {tensor.dtype}");
                if (input1.dim() == 0 || input2.dim() == 0)
                    throw new ExternalException($"bilinear: expected inputs of at least one dimension, got {input1.Layout} and {input2.Layout}");
                using var scope = DisposeScope.ForTemporaries();
                Tensor left = input1.reshape(-1, input1.shape[^1]).matmul(weight), right = input2.reshape(-1, input2.shape[^1]);
                var y = (left * right).sum(-1).t();
                if (bias is not null)
                    y += bias;
                return scope.MoveToOuter(y.view([.. input1.shape[..^1], weight.shape[0]]));
            }

            /// <summary>Rows with a single 1 at the position that x names; as many columns as the largest index needs, or as given.</summary>
            public static Tensor one_hot(Tensor x, long num_classes = -1)
            {
                using var scope = DisposeScope.ForTemporaries();
                if (x.dtype != ScalarType.Int64)
                    throw new ArgumentException($"one_hot expects int64 indices, got {x.dtype}.", nameof(x));
                if (x.numel() == 0 && num_classes <= 0)
                    throw new ArgumentException("one_hot: the number of classes of an empty tensor must be given.", nameof(num_classes));
                long largest = x.numel() == 0 ? 0 : x.max().item<long>(), smallest = x.numel() == 0 ? 0 : x.min().item<long>();
                if (smallest < 0)
                    throw new ArgumentException($"one_hot: index {smallest} is negative.", nameof(x));
                if (num_classes < 0)
                    num_classes = largest + 1;
                if (largest >= num_classes)
                    throw new ArgumentException($"one_hot: index {largest} needs more than {num_classes} classes.", nameof(num_classes));
                return scope.MoveToOuter(torch.zeros([.. x.shape, num_classes], ScalarType.Int64, x.device).scatter_(-1, x.unsqueeze(-1), torch.ones([.. x.shape, 1], ScalarType.Int64, x.device)));
            }

            /// <summary>[…, C·r², H, W] → […, C, H·r, W·r]. Shi et al., 2016.</summary>
            public static Tensor pixel_shuffle(Tensor input, long upscale_factor)
            {
                if (input.Layout.Rank < 3)
                    throw new ExternalException($"pixel_shuffle expects input to have at least 3 dimensions, but got {input.Layout}");
                using var scope = DisposeScope.ForTemporaries();
                long r = upscale_factor, channels = input.shape[^3], height = input.shape[^2], width = input.shape[^1];
                if (channels % (r * r) != 0)
                    throw new ArgumentException($"pixel_shuffle: {channels} channels are no multiple of {r}² = {r * r}.", nameof(input));
                long[] batch = input.shape[..^3];
                int n = batch.Length;
                return scope.MoveToOuter(input.reshape([.. batch, channels / (r * r), r, r, height, width])
                    .permute([.. Axes(n), n, n + 3, n + 1, n + 4, n + 2])
                    .reshape([.. batch, channels / (r * r), height * r, width * r]));
            }

            /// <summary>The inverse of <see cref="pixel_shuffle"/>.</summary>
            public static Tensor pixel_unshuffle(Tensor input, long downscale_factor)
            {
                if (input.Layout.Rank < 3)
                    throw new ExternalException($"pixel_unshuffle expects input to have at least 3 dimensions, but got {input.Layout}");
                using var scope = DisposeScope.ForTemporaries();
                long r = downscale_factor, channels = input.shape[^3], height = input.shape[^2], width = input.shape[^1];
                if (height % r != 0 || width % r != 0)
                    throw new ArgumentException($"pixel_unshuffle: an image of {height}×{width} is no multiple of {r}.", nameof(input));
                long[] batch = input.shape[..^3];
                int n = batch.Length;
                return scope.MoveToOuter(input.reshape([.. batch, channels, height / r, r, width / r, r])
                    .permute([.. Axes(n), n, n + 2, n + 4, n + 1, n + 3])
                    .reshape([.. batch, channels * r * r, height / r, width / r]));
            }

            private static long[] Axes(int count) => [.. Enumerable.Range(0, count).Select(i => (long)i)];
        }
    }
}
