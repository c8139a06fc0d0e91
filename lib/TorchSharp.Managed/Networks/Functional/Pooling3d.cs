using System.Runtime.InteropServices;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            public static Tensor max_pool3d(Tensor input, long[] kernel_size, long[]? strides = null, long[]? padding = null, long[]? dilation = null, bool ceil_mode = false)
            {
                var (values, indices) = max_pool3d_with_indices(input, kernel_size, strides, padding, dilation, ceil_mode);
                indices.Discard();
                return values;
            }

            /// <summary>The maxima and their positions ((depth·height + row)·width + column) in their volume.</summary>
            public static (Tensor output, Tensor indices) max_pool3d_with_indices(Tensor input, long[] kernel_size, long[]? strides = null, long[]? padding = null, long[]? dilation = null, bool ceil_mode = false)
            {
                var w = new Windows("max_pool3d", input, kernel_size, strides, padding, dilation, ceil_mode);
                using var scope = DisposeScope.ForTemporaries();
                long[] volume = input.shape[^3..];
                var inside = arange(volume[0] * volume[1] * volume[2], device: input.device).view(volume);
                var places = w.Of(inside.unsqueeze(0).expand([1, .. volume]), -1);
                var values = w.Of(input, double.NegativeInfinity);
                var at = values.detach().argmax(-1, keepdim: true);
                var indices = places.expand([.. at.shape[..^1], places.shape[^1]]).gather(-1, at).squeeze(-1);
                return scope.MoveToOuter(values.gather(-1, at).squeeze(-1), indices);
            }

            public static Tensor avg_pool3d(Tensor input, long[] kernel_size, long[]? stride = null, long[]? padding = null, bool ceil_mode = false, bool count_include_pad = true, long? divisor_override = null)
            {
                if (divisor_override == 0)
                    throw new ExternalException("divisor must be not zero");
                var w = new Windows("avg_pool3d", input, kernel_size, stride, padding, null, ceil_mode);
                using var scope = DisposeScope.ForTemporaries();
                var sums = w.Of(input, 0).sum(-1);
                return scope.MoveToOuter(divisor_override is { } divisor ? sums / divisor : sums / w.Counts(count_include_pad, input));
            }

            /// <summary>Windows over the last three dimensions.</summary>
            private sealed class Windows
            {
                private readonly long[] _size, _kernel, _stride, _pad, _dilation, _output = new long[3];

                internal Windows(string name, Tensor input, long[] kernel, long[]? stride, long[]? padding, long[]? dilation, bool ceil)
                {
                    if (input.Layout.Rank is not (4 or 5))
                        throw new ExternalException($"{name}: Expected 4D or 5D (batch mode) tensor for input, but got: {input.Layout}");
                    _size = input.shape[^3..];
                    _kernel = Triple(kernel, 1);
                    _stride = stride is null or [] ? _kernel : Triple(stride, 1);
                    (_pad, _dilation) = (Triple(padding, 0), Triple(dilation, 1));
                    RequirePositive(name, _stride, _dilation);
                    for (int d = 0; d < 3; d++)
                    {
                        if (_pad[d] > _kernel[d] / 2)
                            throw new ExternalException($"pad should be at most half of effective kernel size, but got pad={_pad[d]}, kernel_size={_kernel[d]} and dilation={_dilation[d]}");
                        _output[d] = Operations.PooledSize(_size[d], _kernel[d], _stride[d], _pad[d], _dilation[d], ceil);
                        if (_output[d] <= 0)
                            throw new ExternalException($"{name}: Output size is too small (input {input.Layout}, kernel {Layout.Text(_kernel)})");
                    }
                }

                private long Reach(int d) => _dilation[d] * (_kernel[d] - 1) + 1;

                /// <summary>[…, out depth, out height, out width, elements of a window].</summary>
                internal Tensor Of(Tensor x, double outside)
                {
                    long[] around = new long[6];
                    for (int d = 0; d < 3; d++)
                        (around[4 - 2 * d], around[5 - 2 * d]) = (_pad[d], Math.Max((_output[d] - 1) * _stride[d] + Reach(d) - _size[d] - _pad[d], 0));
                    var y = around.All(count => count == 0) ? x : functional.pad(x, around, PaddingModes.Constant, outside);
                    for (int d = 0; d < 3; d++)
                        y = y.unfold(x.dim() - 3 + d, Reach(d), _stride[d]).slice(-1, 0, Reach(d), _dilation[d]);
                    return y.flatten(-3, -1);
                }

                /// <summary>How many elements each window averages over.</summary>
                internal Tensor Counts(bool includePadding, Tensor like)
                {
                    Tensor Count(int d)
                    {
                        double[] counts = new double[_output[d]];
                        for (long i = 0; i < counts.Length; i++)
                        {
                            long from = i * _stride[d] - _pad[d], to = Math.Min(from + _kernel[d], _size[d] + _pad[d]);
                            counts[i] = includePadding ? to - from : Math.Min(to, _size[d]) - Math.Max(from, 0);
                        }
                        return tensor(counts, like.dtype, like.device);
                    }
                    return Count(0).view(-1, 1, 1) * Count(1).view(-1, 1) * Count(2);
                }
            }

            public static Tensor adaptive_avg_pool3d(Tensor input, long output_size) => adaptive_avg_pool3d(input, [output_size]);

            public static Tensor adaptive_avg_pool3d(Tensor input, (long, long, long) output_size) => adaptive_avg_pool3d(input, [output_size.Item1, output_size.Item2, output_size.Item3]);

            public static Tensor adaptive_avg_pool3d(Tensor input, long[] output_size)
            {
                if (input.Layout.Rank is not (4 or 5))
                    throw new ExternalException($"adaptive_avg_pool3d: Expected 4D or 5D tensor, but got {input.Layout}");
                using var scope = DisposeScope.ForTemporaries();
                var (y, m) = (input, Triple(output_size, 1));
                for (int d = 0; d < 3; d++)
                    y = Operations.Along(y, d - 3, Operations.Averages(m[d], input.shape[^(3 - d)], input));
                return scope.MoveToOuter(y);
            }

            public static Tensor adaptive_max_pool3d(Tensor input, long[] output_size) => Compose(() => adaptive_max_pool3d_with_indices(input, output_size).Values);

            public static (Tensor Values, Tensor Indices) adaptive_max_pool3d_with_indices(Tensor input, long[] output_size)
            {
                if (input.Layout.Rank is not (4 or 5))
                    throw new ExternalException($"adaptive_max_pool3d: Expected 4D or 5D tensor, but got {input.Layout}");
                using var scope = DisposeScope.ForTemporaries();
                long[] m = Triple(output_size, 1), n = input.shape[^3..];
                var places = arange(n[0] * n[1] * n[2], device: input.device).view(n);
                var chosen = new List<Tensor>();
                for (long i = 0; i < m[0]; i++)
                    for (long j = 0; j < m[1]; j++)
                        for (long k = 0; k < m[2]; k++)
                        {
                            Tensor Window(Tensor x)
                            {
                                for (int d = 0; d < 3; d++)
                                {
                                    var (from, to) = Operations.AdaptiveWindow(d == 0 ? i : d == 1 ? j : k, m[d], n[d]);
                                    x = x.narrow(d - 3, from, to - from);
                                }
                                return x.flatten(-3, -1);
                            }
                            chosen.Add(Window(places)[Window(input.detach()).argmax(-1)]);
                        }
                var indices = torch.stack(chosen, -1);
                var values = input.flatten(-3, -1).gather(-1, indices);
                return scope.MoveToOuter(values.unflatten(-1, m), indices.unflatten(-1, m));
            }
        }
    }
}
