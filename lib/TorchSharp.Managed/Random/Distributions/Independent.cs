using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class distributions
        {
            /// <summary>Takes the last <paramref name="reinterpreted_batch_dims"/> dimensions of a batch as one value: their log-probabilities are summed.</summary>
            public static Independent Independent(Distribution base_distribution, int reinterpreted_batch_dims, Generator? generator = null) => new(base_distribution, reinterpreted_batch_dims, generator);
        }
    }
}

namespace TorchSharp.Modules
{
    /// <summary>Does not own the distribution under it.</summary>
    public class Independent : distributions.Distribution
    {
        private readonly distributions.Distribution _inner;
        private readonly int _dims;

        public Independent(distributions.Distribution base_distribution, int reinterpreted_batch_ndims, Generator? generator = null) : base(generator)
        {
            (_inner, _dims) = (base_distribution, reinterpreted_batch_ndims);
            long[] batch = _inner.batch_shape.Shape;
            if (_dims < 0 || _dims > batch.Length)
                throw new ArgumentException($"Independent: reinterpreted_batch_ndims is {_dims}, expected 0 to {batch.Length}, the dimensions of the batch [{string.Join(", ", batch)}].", nameof(reinterpreted_batch_ndims));
            (batch_shape, event_shape) = (batch[..^_dims], (long[])[.. batch[^_dims..], .. _inner.event_shape]);
        }

        public override Tensor mean => _inner.mean;

        public override Tensor mode => _inner.mode;

        public override Tensor variance => _inner.variance;

        public override Tensor sample(params long[] sample_shape) => _inner.sample(sample_shape);

        public override Tensor rsample(params long[] sample_shape) => _inner.rsample(sample_shape);

        public override Tensor log_prob(Tensor value) => Compose(() => SumLast(_inner.log_prob(value)));

        public override Tensor entropy() => Compose(() => SumLast(_inner.entropy()));

        private Tensor SumLast(Tensor x) => _dims == 0 ? x : x.flatten(x.dim() - _dims).sum(-1L);

        public override distributions.Distribution expand(Size batch_shape, distributions.Distribution? instance = null) =>
            Expanded(instance, () => new Independent(_inner.expand((long[])[.. batch_shape, .. event_shape.Shape[.._dims]]), _dims, generator));
    }
}
