using System.Runtime.InteropServices;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            /// <summary>
            /// Each channel (dimension 1) to mean 0 and variance 1, then ·weight + bias: by the statistics of the batch when training (the
            /// running ones move towards them by <paramref name="momentum"/>, the variance unbiased), else by the running ones. Ioffe and Szegedy, 2015.
            /// </summary>
            public static Tensor batch_norm(Tensor input, Tensor? running_mean, Tensor? running_var, Tensor? weight = null, Tensor? bias = null, bool training = false, double momentum = 0.1, double eps = 1e-5)
            {
                if (input.Layout.Rank < 2)
                    throw new ExternalException($"batch_norm: expected an input of at least two dimensions, got {input.Layout}");
                long batch = input.Layout.Shape[0], channels = input.Layout.Shape[1], positions = input.Layout.Count / Math.Max(batch * channels, 1);
                foreach (var (name, tensor) in new[] { ("running_mean", running_mean), ("running_var", running_var), ("weight", weight), ("bias", bias) })
                    if (tensor is not null && tensor.Layout.Count != channels)
                        throw new ExternalException($"{name} should contain {channels} elements not {tensor.Layout.Count} (input {input.Layout})");
                using var scope = DisposeScope.ForTemporaries();
                if (!training && running_mean is not null && running_var is not null)
                {
                    long[] column = new long[input.Layout.Rank];
                    System.Array.Fill(column, 1);
                    column[1] = channels;
                    var factor = (running_var + eps).rsqrt();
                    if (weight is not null)
                        factor = factor * weight;
                    var offset = -(running_mean * factor);
                    if (bias is not null)
                        offset = offset + bias;
                    return scope.MoveToOuter(input * factor.reshape(column) + offset.reshape(column));
                }
                if (batch * positions == 0)
                    throw new ExternalException($"Expected more than 1 value per channel when training, got input size {input.Layout}");
                var (y, mean, variance) = Operations.BatchNorm(input.reshape(batch, channels, positions), weight, bias, eps);
                using (GradMode.Set(false))
                {
                    double n = batch * positions;
                    running_mean?.mul_(1 - momentum).add_(mean, momentum);
                    running_var?.mul_(1 - momentum).add_(variance, momentum * n / (n - 1));
                }
                return scope.MoveToOuter(y.reshape(input.Layout.Shape));
            }

            /// <summary>Each sample over its last dimensions to mean 0 and variance 1. Ba, Kiros and Hinton, 2016.</summary>
            public static Tensor layer_norm(Tensor input, long[] normalized_shape, Tensor? weight = null, Tensor? bias = null, double eps = 1e-5)
            {
                if (normalized_shape.Length > input.Layout.Rank || !input.Layout.Shape.AsSpan(input.Layout.Rank - normalized_shape.Length).SequenceEqual(normalized_shape))
                    throw new ExternalException($"Given normalized_shape={Layout.Text(normalized_shape)}, expected input with shape [*, {string.Join(", ", normalized_shape)}], but got input of size{input.Layout}");
                using var scope = DisposeScope.ForTemporaries();
                long n = Layout.CountOf(normalized_shape);
                var y = Operations.NormaliseRows(input.reshape(n == 0 ? 0 : input.Layout.Count / n, n), eps).reshape(input.Layout.Shape);
                if (weight is not null)
                    y = y * weight;
                if (bias is not null)
                    y = y + bias;
                return scope.MoveToOuter(y);
            }

            /// <summary>Groups of channels of each sample to mean 0 and variance 1. Wu and He, 2018.</summary>
            public static Tensor group_norm(Tensor input, long num_groups, Tensor? weight = null, Tensor? bias = null, double eps = 1e-5)
            {
                if (input.Layout.Rank < 2 || num_groups <= 0 || input.Layout.Shape[1] % num_groups != 0)
                    throw new ExternalException($"Expected number of channels in input to be divisible by num_groups, but got input of shape {input.Layout} and num_groups={num_groups}");
                using var scope = DisposeScope.ForTemporaries();
                long rows = input.Layout.Shape[0] * num_groups;
                var y = Operations.NormaliseRows(input.reshape(rows, rows == 0 ? 0 : input.Layout.Count / rows), eps).reshape(input.Layout.Shape);
                return scope.MoveToOuter(PerChannel(y, weight, bias));
            }

            /// <summary>Each channel of each sample to mean 0 and variance 1. Ulyanov, Vedaldi and Lempitsky, 2016.</summary>
            public static Tensor instance_norm(Tensor input, Tensor? running_mean = null, Tensor? running_var = null, Tensor? weight = null, Tensor? bias = null, bool use_input_stats = true, double momentum = 0.1, double eps = 1e-5)
            {
                if (!use_input_stats)
                    return batch_norm(input, running_mean, running_var, weight, bias, false, momentum, eps);
                if (input.Layout.Rank < 2)
                    throw new ExternalException($"instance_norm: expected an input of at least two dimensions, got {input.Layout}");
                using var scope = DisposeScope.ForTemporaries();
                long channels = input.Layout.Shape[1];
                long rows = input.Layout.Shape[0] * channels;
                var flat = input.reshape(rows, Layout.CountOf(input.Layout.Shape[2..]));
                if (flat.Layout.Shape[1] <= 1)
                    throw new ExternalException($"Expected more than 1 spatial element when training, got input size {input.Layout}");
                if (running_mean is not null || running_var is not null)
                    using (GradMode.Set(false))
                    {
                        var (variance, mean) = flat.var_mean(1);
                        running_mean?.mul_(1 - momentum).add_(mean.reshape(-1, channels).mean([0]), momentum);
                        running_var?.mul_(1 - momentum).add_(variance.reshape(-1, channels).mean([0]), momentum);
                    }
                return scope.MoveToOuter(PerChannel(Operations.NormaliseRows(flat, eps).reshape(input.Layout.Shape), weight, bias));
            }

            private static Tensor PerChannel(Tensor y, Tensor? weight, Tensor? bias)
            {
                long[] column = new long[y.Layout.Rank];
                System.Array.Fill(column, 1);
                column[1] = y.Layout.Shape[1];
                if (weight is not null)
                    y = y * weight.reshape(column);
                return bias is null ? y : y + bias.reshape(column);
            }

            /// <summary>x / (k + α/size·Σ x²)^β, the sum over neighbouring channels. Krizhevsky, Sutskever and Hinton, 2012.</summary>
            public static Tensor local_response_norm(Tensor input, long size, double alpha = 1e-4, double beta = 0.75, double k = 1)
            {
                if (input.Layout.Rank < 3)
                    throw new ArgumentException($"Invalid number of dimensions for LocalResponseNorm argument: {input.Layout.Rank}, expected at least 3 (shape {input.Layout})", nameof(input));
                using var scope = DisposeScope.ForTemporaries();
                var squares = input.square().reshape(input.Layout.Shape[0], 1, input.Layout.Shape[1], Layout.CountOf(input.Layout.Shape[2..]));
                var mean = avg_pool2d(pad(squares, [0, 0, size / 2, (size - 1) / 2]), [size, 1], [1, 1]).reshape(input.Layout.Shape);
                return scope.MoveToOuter(input / (mean * alpha + k).pow(beta));
            }

            public static Tensor softmax(Tensor input, long dim, ScalarType? dtype = null) => input.softmax(dim, dtype);

            public static Tensor log_softmax(Tensor x, long dim) => x.log_softmax(dim);
        }
    }
}
