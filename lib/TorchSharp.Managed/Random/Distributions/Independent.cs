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
        private readonly distributions.Distribution inner;
        private readonly int dims;

        public Independent(distributions.Distribution base_distribution, int reinterpreted_batch_ndims, Generator? generator = null) : base(generator)
        {
            (inner, dims) = (base_distribution, reinterpreted_batch_ndims);
            long[] batch = inner.batch_shape.Shape;
            if (dims < 0 || dims > batch.Length)
                throw new ArgumentException($"Independent: reinterpreted_batch_ndims is {dims}, expected 0 to {batch.Length}, the dimensions of the batch [{string.Join(", ", batch)}].", nameof(reinterpreted_batch_ndims));
            (batch_shape, event_shape) = (batch[..^dims], (long[])[.. batch[^dims..], .. inner.event_shape]);
        }

        public override Tensor mean => inner.mean;

        public override Tensor mode => inner.mode;

        public override Tensor variance => inner.variance;

        public override Tensor sample(params long[] sample_shape) => inner.sample(sample_shape);

        public override Tensor rsample(params long[] sample_shape) => inner.rsample(sample_shape);

        public override Tensor log_prob(Tensor value) => Compose(() => SumLast(inner.log_prob(value)));

        public override Tensor entropy() => Compose(() => SumLast(inner.entropy()));

        private Tensor SumLast(Tensor x) => dims == 0 ? x : x.flatten(x.dim() - dims).sum(-1L);

        public override distributions.Distribution expand(Size batch_shape, distributions.Distribution? instance = null) =>
            Expanded(instance, () => new Independent(inner.expand((long[])[.. batch_shape, .. event_shape.Shape[..dims]]), dims, generator));
    }
}
