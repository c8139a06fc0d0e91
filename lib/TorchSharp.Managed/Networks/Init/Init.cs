namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>Initial values of parameters. Everything random is drawn in PyTorch's order.</summary>
        public static partial class init
        {
            /// <summary>The functions for which <see cref="calculate_gain"/> knows a factor.</summary>
            public enum NonlinearityType
            {
                Linear = 0,
                Conv1D = 1,
                Conv2D = 2,
                Conv3D = 3,
                ConvTranspose1D = 4,
                ConvTranspose2D = 5,
                ConvTranspose3D = 6,
                Sigmoid = 7,
                Tanh = 8,
                ReLU = 9,
                LeakyReLU = 10,
            }

            public enum FanInOut
            {
                FanIn = 0,
                FanOut = 1,
            }

            /// <summary>Factor by which a nonlinearity must be compensated so that the variance of activations stays.</summary>
            /// <param name="param">Slope of the leaky ReLU.</param>
            public static double calculate_gain(NonlinearityType nonlinearity, double param = 0.0) => nonlinearity switch
            {
                NonlinearityType.Tanh => 5.0 / 3.0,
                NonlinearityType.ReLU => Math.Sqrt(2),
                NonlinearityType.LeakyReLU => Math.Sqrt(2 / (1 + param * param)),
                _ => 1,
            };

            /// <summary>Inputs and outputs of one unit: [out, in, kernel…] has in·|kernel| and out·|kernel|.</summary>
            public static (long fanIn, long fanOut) CalculateFanInAndFanOut(Tensor tensor)
            {
                long[] shape = tensor.shape;
                if (shape.Length < 2)
                    throw new ArgumentException($"Fan in and fan out need two or more dimensions, got shape [{string.Join(", ", shape)}].", nameof(tensor));
                long kernel = 1;
                foreach (long size in shape.AsSpan(2))
                    kernel *= size;
                return (shape[1] * kernel, shape[0] * kernel);
            }

            public static Tensor uniform_(Tensor tensor, double low = 0, double high = 1, Generator? generator = null) => NoGrad(() => tensor.uniform_(low, high, generator));

            public static Tensor normal_(Tensor tensor, double mean = 0, double std = 1, Generator? generator = null) => NoGrad(() => tensor.normal_(mean, std, generator));

            public static Tensor constant_(Tensor tensor, Scalar val) => NoGrad(() => tensor.fill_(val));

            public static Tensor ones_(Tensor tensor) => constant_(tensor, 1);

            public static Tensor zeros_(Tensor tensor) => constant_(tensor, 0);

            /// <summary>1 on the diagonal of a matrix, else 0.</summary>
            public static Tensor eye_(Tensor tensor)
            {
                if (tensor.dim() != 2)
                    throw new ArgumentException($"eye_ needs a matrix, got shape [{string.Join(", ", tensor.shape)}].", nameof(tensor));
                return NoGrad(() => tensor.copy_(torch.eye(tensor.shape[0], tensor.shape[1], tensor.dtype)));
            }

            /// <summary>A convolution kernel [out, in, …] that passes its channels through.</summary>
            public static Tensor dirac_(Tensor tensor)
            {
                if (tensor.dim() is < 3 or > 5)
                    throw new ArgumentException($"dirac_ needs 3 to 5 dimensions, got shape [{string.Join(", ", tensor.shape)}].", nameof(tensor));
                return NoGrad(() =>
                {
                    tensor.zero_();
                    for (long channel = 0; channel < Math.Min(tensor.shape[0], tensor.shape[1]); channel++)
                        tensor[[channel, channel, .. tensor.shape.Skip(2).Select(size => size / 2)]] = 1;
                    return tensor;
                });
            }

            /// <summary>Uniform in ±gain·√(6 / (in + out)). Glorot and Bengio, 2010.</summary>
            public static Tensor xavier_uniform_(Tensor tensor, double gain = 1.0)
            {
                var (fanIn, fanOut) = CalculateFanInAndFanOut(tensor);
                double bound = Math.Sqrt(3) * (gain * Math.Sqrt(2.0 / (fanIn + fanOut)));
                return uniform_(tensor, -bound, bound);
            }

            /// <summary>Normal with deviation gain·√(2 / (in + out)). Glorot and Bengio, 2010.</summary>
            public static Tensor xavier_normal_(Tensor tensor, double gain = 1.0)
            {
                var (fanIn, fanOut) = CalculateFanInAndFanOut(tensor);
                return normal_(tensor, 0, gain * Math.Sqrt(2.0 / (fanIn + fanOut)));
            }

            public static Tensor glorot_uniform_(Tensor tensor, double gain = 1.0) => xavier_uniform_(tensor, gain);

            public static Tensor glorot_normal_(Tensor tensor, double gain = 1.0) => xavier_normal_(tensor, gain);

            /// <summary>Uniform in ±√3·gain/√fan. He et al., 2015.</summary>
            /// <param name="a">Slope of the leaky ReLU that follows.</param>
            public static Tensor kaiming_uniform_(Tensor tensor, double a = 0, FanInOut mode = FanInOut.FanIn, NonlinearityType nonlinearity = NonlinearityType.LeakyReLU)
            {
                double bound = Math.Sqrt(3.0) * KaimingDeviation(tensor, a, mode, nonlinearity);
                return uniform_(tensor, -bound, bound);
            }

            /// <summary>Normal with deviation gain/√fan. He et al., 2015.</summary>
            public static Tensor kaiming_normal_(Tensor tensor, double a = 0, FanInOut mode = FanInOut.FanIn, NonlinearityType nonlinearity = NonlinearityType.LeakyReLU) =>
                normal_(tensor, 0, KaimingDeviation(tensor, a, mode, nonlinearity));

            private static double KaimingDeviation(Tensor tensor, double a, FanInOut mode, NonlinearityType nonlinearity)
            {
                var (fanIn, fanOut) = CalculateFanInAndFanOut(tensor);
                return calculate_gain(nonlinearity, a) / Math.Sqrt(mode == FanInOut.FanIn ? fanIn : fanOut);
            }

            /// <summary>Rows (or columns) that are orthonormal up to the gain. Saxe et al., 2014.</summary>
            public static Tensor orthogonal_(Tensor tensor, double gain = 1.0)
            {
                if (tensor.dim() < 2)
                    throw new ArgumentException($"orthogonal_ needs two or more dimensions, got shape [{string.Join(", ", tensor.shape)}].", nameof(tensor));
                return NoGrad(() =>
                {
                    long rows = tensor.shape[0], columns = tensor.numel() / rows;
                    var flat = torch.empty([rows, columns], tensor.dtype).normal_(0, 1);
                    if (rows < columns)
                        flat = flat.t();
                    var (q, r) = torch.linalg.qr(flat);
                    // The sign of R's diagonal makes Q unique, and uniform over the orthogonal matrices.
                    q = q * r.diagonal().sign();
                    if (rows < columns)
                        q = q.t();
                    return tensor.copy_(q.reshape(tensor.shape).mul(gain));
                });
            }

            /// <summary>Normal, with a share of each column set to 0. Martens, 2010.</summary>
            public static Tensor sparse_(Tensor tensor, double sparsity, double std = 0.01)
            {
                if (tensor.dim() != 2)
                    throw new ArgumentException($"sparse_ needs a matrix, got shape [{string.Join(", ", tensor.shape)}].", nameof(tensor));
                return NoGrad(() =>
                {
                    long rows = tensor.shape[0], zeros = (long)Math.Ceiling(sparsity * rows);
                    tensor.normal_(0, std);
                    for (long column = 0; column < tensor.shape[1]; column++)
                    {
                        long[] order = torch.randperm(rows).Integers();
                        for (long i = 0; i < zeros; i++)
                            tensor[order[i], column] = 0;
                    }
                    return tensor;
                });
            }

            /// <summary>Normal between a and b: uniform quantiles through the inverse of the distribution function.</summary>
            public static Tensor trunc_normal_(Tensor tensor, double mean = 0, double std = 1, double a = -2, double b = 2, Generator? generator = null) => NoGrad(() =>
            {
                double low = Quantile((a - mean) / std), high = Quantile((b - mean) / std);
                return tensor.uniform_(2 * low - 1, 2 * high - 1, generator).erfinv_().mul_(std * Math.Sqrt(2)).add_(mean).clamp_(a, b);
            });

            private static double Quantile(double x) => (1 + torch.tensor(x / Math.Sqrt(2), ScalarType.Float64).erf().item<double>()) / 2;

            private static Tensor NoGrad(Func<Tensor> fill)
            {
                using (no_grad())
                    return fill();
            }
        }
    }
}
