using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class distributions
        {
            /// <summary>One of several categories, numbered from 0, by the probabilities of the last dimension (scaled to sum to 1) or their logarithms.</summary>
            public static Categorical Categorical(Tensor? probs = null, Tensor? logits = null, Generator? generator = null) => new(probs, logits, generator);

            /// <summary>All categories alike.</summary>
            public static Categorical Categorical(int categories, Generator? generator = null) => new(ones(categories) / categories, null, generator);
        }
    }
}

namespace TorchSharp.Modules
{
    public class Categorical : distributions.Distribution
    {
        private readonly Tensor? _p, _l;

        public Categorical(Tensor? probs = null, Tensor? logits = null, Generator? generator = null) : base(generator)
        {
            if ((probs is null) == (logits is null))
                throw new ArgumentException("Categorical takes either probabilities or logits, and not both.");
            var given = (probs ?? logits)!;
            if (given.dim() < 1)
                throw new ArgumentException("Categorical takes a tensor of one dimension or more.");
            _p = probs is null ? null : Keep(Compose(() => probs / probs.sum(-1L, true)));
            _l = logits is null ? null : Keep(Compose(() => logits - logits.logsumexp(-1, true)));
            batch_shape = given.shape[..^1];
            param_shape = given.shape;
        }

        public long[] param_shape { get; }

        public Tensor probs => _p ?? LogitsToProbs(_l!);

        public Tensor logits => _l ?? ProbsToLogits(_p!);

        /// <summary>Categories have no mean: NaN.</summary>
        public override Tensor mean => full(batch_shape.Shape, double.NaN, probs.dtype, probs.device);

        public override Tensor variance => full(batch_shape.Shape, double.NaN, probs.dtype, probs.device);

        /// <summary>Categories have no gradient: the same as <c>sample</c>.</summary>
        public override Tensor rsample(params long[] sample_shape) => Compose(() =>
        {
            long draws = Layout.CountOf(sample_shape);
            return probs.detach().reshape(-1, param_shape[^1]).multinomial(draws, true, generator).t().reshape(ExtendedShape(sample_shape));
        });

        public override Tensor log_prob(Tensor value) => Compose(() =>
        {
            long[] shape = Layout.Broadcast(value.Layout, Layout.Of(batch_shape.Shape)).Shape;
            var index = value.to_type(ScalarType.Int64).expand(shape).unsqueeze(-1);
            return logits.expand([.. shape, param_shape[^1]]).gather(-1, index).squeeze(-1);
        });

        public override Tensor entropy() => Compose(() => -(logits.clamp_min(logits.dtype == ScalarType.Float64 ? double.MinValue : float.MinValue) * probs).sum(-1L));

        public override Tensor enumerate_support(bool expand = true) => Compose(() =>
        {
            var values = arange(param_shape[^1], device: probs.device).view([param_shape[^1], .. batch_shape.Select(_ => 1L)]);
            return expand ? values.expand([param_shape[^1], .. batch_shape]).clone() : values;
        });

        public override distributions.Distribution expand(Size batch_shape, distributions.Distribution? instance = null) => Expanded(instance, () =>
        {
            long[] shape = [.. batch_shape, param_shape[^1]];
            return new Categorical(_p?.expand(shape), _l?.expand(shape), generator);
        });
    }
}
