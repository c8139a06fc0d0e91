namespace TorchSharp;

public static partial class torch
{
    // Activation functions that are no function of their own: put together from comparisons and exponentials.
    public partial class Tensor
    {
        /// <summary>x for x &gt; 0, slope·x else.</summary>
        public Tensor leaky_relu(Scalar negative_slope) => Compose(() => where(gt(0), this, this * negative_slope));

        public Tensor leaky_relu_(Scalar negative_slope) => Operations.Update(this, x => x.leaky_relu(negative_slope));

        /// <summary>x for x &gt; 0, slope·x else; one slope, or one a channel (dimension 1).</summary>
        public Tensor prelu(Tensor target) => Compose(() =>
        {
            var slope = target;
            if (target.numel() > 1 && Layout.Rank > 1)
            {
                long[] shape = new long[Layout.Rank];
                Array.Fill(shape, 1);
                shape[1] = target.numel();
                slope = target.reshape(shape);
            }
            return where(gt(0), this, slope * this);
        });

        /// <summary>scale·x for x &gt; 0, scale·alpha·(e^(input_scale·x) − 1) below.</summary>
        public Tensor elu(Scalar alpha, Scalar scale, Scalar input_scale) => Compose(() =>
        {
            var below = (clamp_max(0) * input_scale.Real).expm1() * (alpha.Real * scale.Real);
            return where(gt(0), scale.Real == 1 ? this : this * scale.Real, below);
        });

        public Tensor elu(double alpha = 1) => elu(alpha, 1, 1);

        public Tensor elu_(double alpha = 1) => Operations.Update(this, x => x.elu(alpha));

        public Tensor elu_(Scalar alpha, Scalar scale, Scalar input_scale) => Operations.Update(this, x => x.elu(alpha, scale, input_scale));

        public Tensor celu() => celu(1);

        /// <summary>max(0, x) + min(0, α·(e^(x/α) − 1)).</summary>
        public Tensor celu(Scalar alpha) => elu(alpha, 1, 1 / alpha.Real);

        public Tensor celu_() => Operations.Update(this, x => x.celu());

        public Tensor celu_(Scalar alpha) => Operations.Update(this, x => x.celu(alpha));

        /// <summary>Klambauer et al., 2017: keeps mean 0 and variance 1 through a deep network.</summary>
        public Tensor selu() => elu(1.6732632423543772, 1.0507009873554805, 1);

        public Tensor selu_() => Operations.Update(this, x => x.selu());

        /// <summary>x cut to [0, 6]; no gradient at the bounds.</summary>
        public Tensor relu6() => hardtanh(0, 6);

        public Tensor relu6_() => Operations.Update(this, x => x.relu6());

        /// <summary>x cut to [min, max]; no gradient at the bounds. Integers stay integers.</summary>
        public Tensor hardtanh(Scalar min, Scalar max) => Compose(() =>
        {
            if (dtype == ScalarType.Bool)
                throw new System.Runtime.InteropServices.ExternalException("Bool inputs not supported for hardtanh");
            using var low = Operations.Number(min, dtype);
            using var high = Operations.Number(max, dtype);
            return where(le(min), low, where(ge(max), high, this));
        });

        public Tensor hardtanh_(Scalar min, Scalar max) => Operations.Update(this, x => x.hardtanh(min, max));

        /// <summary>relu6(x + 3) / 6.</summary>
        public Tensor hardsigmoid() => Compose(() => (this + 3).hardtanh(0, 6) / 6);

        public Tensor hardsigmoid_() => Operations.Update(this, x => x.hardsigmoid());

        public Tensor hardswish() => Compose(() => this * (this + 3).hardtanh(0, 6) / 6);

        public Tensor hardswish_() => Operations.Update(this, x => x.hardswish());

        /// <summary>ln(1 + e^(βx)) / β, and x itself where βx exceeds the threshold.</summary>
        public Tensor softplus(double beta = 1, double threshold = 20) => Compose(() =>
        {
            var scaled = beta == 1 ? this : this * beta;
            // ln(1 + eᶻ) = max(z, 0) + ln(1 + e^−|z|).
            var soft = -(-scaled).log_sigmoid();
            return where(scaled.gt(threshold), this, beta == 1 ? soft : soft / beta);
        });

        /// <summary>x where it exceeds the threshold, else the value.</summary>
        public Tensor threshold(Scalar threshold, Scalar value) => Compose(() => masked_fill(le(threshold), value));

        public Tensor threshold_(Scalar threshold, Scalar value) => Operations.Update(this, x => x.threshold(threshold, value));

        /// <summary>First half times sigmoid of the second half.</summary>
        public Tensor glu(long dim = -1) => Compose(() =>
        {
            int d = Layout.Dim(dim);
            if (Layout.Size(d) % 2 != 0)
                throw new System.Runtime.InteropServices.ExternalException($"Halving dimension must be even, but dimension {d} is size {Layout.Size(d)}");
            var halves = chunk(2, d);
            return halves[0] * halves[1].sigmoid();
        });

        /// <summary>Without training: leaky_relu with the mean slope.</summary>
        public Tensor rrelu(double lower = 0.125, double upper = 1.0 / 3) => leaky_relu((lower + upper) / 2);

        public Tensor rrelu_(double lower = 0.125, double upper = 1.0 / 3) => Operations.Update(this, x => x.rrelu(lower, upper));
    }
}
