namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        // Activations: compositions of tensor operations, so that their gradients of every order follow from those.
        public static partial class functional
        {
            /// <summary>max(x, 0).</summary>
            public static Tensor relu(Tensor x, bool inplace = false) => inplace ? x.relu_() : x.relu();

            /// <summary>min(max(x, 0), 6).</summary>
            public static Tensor relu6(Tensor x, bool inplace = false) => hardtanh(x, 0, 6, inplace);

            /// <summary>x inside (min, max), else the nearer limit; the gradient at a limit is 0.</summary>
            public static Tensor hardtanh(Tensor x, double min_val = -1.0, double max_val = 1.0, bool inplace = false) => Apply(x, inplace, value => value.hardtanh(min_val, max_val));

            /// <summary>x where x &gt; 0, else slope·x.</summary>
            public static Tensor leaky_relu(Tensor input, double negative_slope = 0.01, bool inplace = false) => Apply(input, inplace, x =>
                torch.where(x.gt(0), x, x.mul(negative_slope)));

            /// <summary>x where x &gt; 0, else weight·x; one weight for all or one a channel (dimension 1).</summary>
            public static Tensor prelu(Tensor input, Tensor weight)
            {
                using var scope = DisposeScope.ForTemporaries();
                long channels = input.dim() > 1 ? input.shape[1] : 1;
                if (weight.numel() != 1 && weight.numel() != channels)
                    throw new ArgumentException($"prelu: weight has {weight.numel()} values, expected 1 or the {channels} channels of an input of shape [{string.Join(", ", input.shape)}].", nameof(weight));
                var slope = weight;
                if (weight.numel() != 1)
                {
                    long[] shape = new long[input.dim()];
                    shape.AsSpan().Fill(1);
                    shape[1] = channels;
                    slope = weight.view(shape);
                }
                return scope.MoveToOuter(torch.where(input.gt(0), input, slope * input));
            }

            /// <summary>Randomised leaky ReLU in evaluation: the slope is the mean of its range.</summary>
            public static Tensor rrelu(Tensor x, double lower = 0.125, double upper = 0.3333333333333333, bool inplace = false) =>
                leaky_relu(x, (lower + upper) / 2, inplace);

            /// <summary>x where x &gt; 0, else α(eˣ − 1). Clevert et al., 2016.</summary>
            public static Tensor elu(Tensor x, double alpha, bool inplace = false) => Apply(x, inplace, value => Elu(value, alpha, 1, 1));

            /// <summary>x where x &gt; 0, else α(e^(x/α) − 1).</summary>
            public static Tensor celu(Tensor x, double alpha, bool inplace = false) => Apply(x, inplace, value => Elu(value, alpha, 1, 1 / alpha));

            /// <summary>ELU whose constants keep mean 0 and variance 1 from layer to layer. Klambauer et al., 2017.</summary>
            public static Tensor selu(Tensor x, bool inplace = false) => Apply(x, inplace, value => Elu(value, 1.6732632423543772848170429916717, 1.0507009873554804934193349852946, 1));

            // Clamping first keeps exp finite where the other branch is taken: infinity times zero would make the gradient NaN.
            private static Tensor Elu(Tensor x, double alpha, double scale, double inputScale)
            {
                var negative = x.clamp_max(0);
                if (inputScale != 1)
                    negative = negative.mul(inputScale);
                return torch.where(x.gt(0), scale == 1 ? x : x.mul(scale), negative.expm1().mul(alpha * scale));
            }

            /// <summary>x·Φ(x), with Φ the normal distribution function. Hendrycks and Gimpel, 2016.</summary>
            public static Tensor gelu(Tensor x) => x.gelu();

            /// <summary>x·Φ(x), or with tanh: ½·x·(1 + tanh(√(2/π)·(x + 0.044715·x³))).</summary>
            public static Tensor gelu(Tensor x, Modules.GELU.Approximate approximate, bool inplace = false) => Apply(x, inplace, value => value.gelu(approximate));

            public static Tensor gelu(Tensor x, bool inplace) => Apply(x, inplace, value => value.gelu());

            /// <summary>x·σ(x).</summary>
            public static Tensor silu(Tensor x, bool inplace = false) => Apply(x, inplace, value => value.silu());

            /// <summary>x·tanh(softplus(x)). Misra, 2019.</summary>
            public static Tensor mish(Tensor x, bool inplace = false) => Apply(x, inplace, value => value * softplus(value).tanh());

            public static Tensor sigmoid(Tensor x) => x.sigmoid();

            public static Tensor sigmoid(Tensor x, bool inplace) => inplace ? x.sigmoid_() : x.sigmoid();

            public static Tensor tanh(Tensor x, bool inplace = false) => inplace ? x.tanh_() : x.tanh();

            /// <summary>log σ(x).</summary>
            public static Tensor logsigmoid(Tensor x) => x.log_sigmoid();

            /// <summary>(x + 3) limited to [0, 6], divided by 6.</summary>
            public static Tensor hardsigmoid(Tensor input, bool inplace = false) => Apply(input, inplace, x => hardtanh(x.add(3), 0, 6).div(6));

            /// <summary>x·hardsigmoid(x).</summary>
            public static Tensor hardswish(Tensor input, bool inplace = false) => Apply(input, inplace, x => x.hardswish());

            /// <summary>log(1 + e^(βx)) / β; x itself where βx exceeds the threshold.</summary>
            public static Tensor softplus(Tensor x, double beta = 1.0, double threshold = 20.0)
            {
                using var scope = DisposeScope.ForTemporaries();
                var scaled = x.mul(beta);
                return scope.MoveToOuter(torch.where(scaled.gt(threshold), x, scaled.clamp_max(threshold).exp().log1p().div(beta)));
            }

            /// <summary>x / (1 + |x|).</summary>
            public static Tensor softsign(Tensor x, bool inplace = false) => Apply(x, inplace, value => value / value.abs().add(1));

            /// <summary>x − tanh x.</summary>
            public static Tensor tanhshrink(Tensor x, bool inplace = false) => Apply(x, inplace, value => value - value.tanh());

            /// <summary>x moved towards 0 by λ, 0 within λ of 0.</summary>
            public static Tensor softshrink(Tensor x, double lambda = 0.5) => Compose(() => x - x.clamp(-lambda, lambda));

            /// <summary>x where |x| &gt; λ, else 0.</summary>
            public static Tensor hardshrink(Tensor x, double lambda = 0.5) => Compose(() => torch.where(x.abs().le(lambda), torch.zeros_like(x), x));

            /// <summary>x where x &gt; threshold, else a constant.</summary>
            public static Tensor threshold(Tensor x, double threshold, double value, bool inplace = false) => Apply(x, inplace, input =>
                torch.where(input.le(threshold), torch.full_like(input, value), input));

            /// <summary>First half times σ(second half) along a dimension. Dauphin et al., 2016.</summary>
            public static Tensor glu(Tensor input, long dim = -1)
            {
                using var scope = DisposeScope.ForTemporaries();
                long axis = dim < 0 ? dim + input.dim() : dim;
                if (input.shape[axis] % 2 != 0)
                    throw new ArgumentException($"glu: dimension {dim} of an input of shape [{string.Join(", ", input.shape)}] must have an even size.", nameof(dim));
                long half = input.shape[axis] / 2;
                return scope.MoveToOuter(input.narrow(axis, 0, half) * input.narrow(axis, half, half).sigmoid());
            }

            /// <summary>softmax(−x).</summary>
            public static Tensor softmin(Tensor x, long dim) => Compose(() => softmax(x.neg(), dim));

            /// <summary>Softmax over the channels of [N, C, H, W] or [C, H, W].</summary>
            public static Tensor softmax2d(Tensor x) => softmax(x, -3);

            /// <summary>In place, a function works on a copy, because its backward pass needs the old values.</summary>
            private static Tensor Apply(Tensor x, bool inplace, Func<Tensor, Tensor> function) => Compose(() => inplace ? x.copy_(function(x.clone())) : function(x));
        }
    }
}
